package transport_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

func TestAnswer_Unsent(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	old := httptest.NewUnstartedServer(nil)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11} //nolint:gosec // that it is refused is the test
	old.Config.ErrorLog = silence
	old.StartTLS()
	t.Cleanup(old.Close)
	strange := httptest.NewUnstartedServer(nil)
	strange.Config.ErrorLog = silence
	strange.StartTLS()
	t.Cleanup(strange.Close)
	plain := newEcho(t)
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(cut.Close)

	for name, c := range map[string]struct {
		address           string
		unsent, permanent bool
	}{
		"no listener":         {closed.URL, true, false},
		"unknown signer":      {strange.URL, true, true},
		"plain http at https": {strings.Replace(plain.URL, "http:", "https:", 1), true, true},
		"cut":                 {cut.URL, false, false},
		"old TLS":             {old.URL, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := &handler{}
			out := do(t.Context(), newPipe(t, c.address, nil), request(t, http.MethodPost, c.address), h)
			require.Error(t, out.Err)
			require.Equal(t, c.unsent, h.seen[0].Unsent, "%v", out.Err)
			require.Equal(t, c.permanent, transport.Permanent(out.Err), "%v", out.Err)
			require.NotContains(t, out.Err.Error(), "://", "no URL in %v", out.Err)
		})
	}
}
