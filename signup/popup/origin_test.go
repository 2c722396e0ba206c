package popup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func TestTrustedOrigin(t *testing.T) {
	for _, origin := range []string{
		"https://facebook.com", "https://www.facebook.com", "https://web.facebook.com", "https://business.facebook.com", "https://a.b-1.facebook.com",
	} {
		require.True(t, popup.TrustedOrigin(origin), origin)
	}
	for _, origin := range []string{
		"", "null", "*", "facebook.com", "www.facebook.com", "//www.facebook.com",
		"http://www.facebook.com", "HTTPS://www.facebook.com", "https:/www.facebook.com", "wss://www.facebook.com",
		"https://evilfacebook.com", "https://evil-facebook.com", "https://facebook.com.evil.example", "https://facebook.community",
		"https://www.facebook.com.", "https://.facebook.com", "https://a..facebook.com", "https://",
		"https://www.facebook.com/", "https://evil.example/.facebook.com", "https://evil.example#.facebook.com", "https://evil.example?.facebook.com",
		"https://evil.example\\.facebook.com", "https://www.facebook.com:443", "https://www.facebook.com:8443",
		"https://user@www.facebook.com", "https://evil.example%2f.facebook.com", "https://www.facebook.com\n", " https://www.facebook.com",
		"https://www.facebοok.com", // a Greek omicron
	} {
		require.False(t, popup.TrustedOrigin(origin), origin)
	}
}
