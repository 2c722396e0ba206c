package crash

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestLeakFindsEveryForm(t *testing.T) {
	secret := graph.NewSecret("EAAJ/canary+token=42&x")
	pin := graph.NewSecret("150954")
	for _, text := range []string{
		secret.Reveal(), "a=" + url.QueryEscape(secret.Reveal()), url.PathEscape(secret.Reveal()),
		base64.StdEncoding.EncodeToString([]byte(secret.Reveal())),
		base64.StdEncoding.EncodeToString([]byte("x" + secret.Reveal() + "y")),
		base64.URLEncoding.EncodeToString([]byte("xy" + secret.Reveal() + "yz")),
		base64.URLEncoding.EncodeToString([]byte("xyz" + secret.Reveal())),
		`{"pin":"150954"}`, "1150954 150954",
	} {
		require.Error(t, Leak([]byte(text), secret, pin), text)
	}
	for _, text := range []string{"", "EAAJ/canary", `{"id":"1509541","at":"2150954Z"}`, base64.StdEncoding.EncodeToString([]byte("another secret"))} {
		require.NoError(t, Leak([]byte(text), secret, pin), text)
	}
	require.NotContains(t, Leak([]byte(secret.Reveal()), secret).Error(), secret.Reveal())
}
