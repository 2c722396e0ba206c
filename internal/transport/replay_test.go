package transport_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

func TestOverrule_NetHTTPRepeatsAGetOnAResetConnection(t *testing.T) {
	s := newResetting(t)

	plain := &http.Client{Transport: transport.NewBase()}
	for range 2 {
		resp, err := plain.Get(s.URL + "/plain")
		require.NoError(t, err)
		drain(t, resp)
	}
	plain.CloseIdleConnections()
	require.Equal(t, 3, s.count("/plain"), "the library's default: two GETs arrive as three")

	p := newPipe(t, s.URL, nil)
	h := &handler{}
	require.NoError(t, p.Do(t.Context(), request(t, http.MethodGet, s.URL+"/warm-up"), h).Err)
	once := request(t, http.MethodGet, s.URL+"/once")
	once.OneShot, once.MaxAttempts = true, 4
	require.Error(t, p.Do(t.Context(), once, h).Err)
	require.Equal(t, 1, s.count("/once"))
}

func TestOverrule_NetHTTPRepeatsOverHTTP2(t *testing.T) {
	plain := newRefusing(t)
	client := &http.Client{Transport: plain.base}
	for range 2 {
		resp, err := client.Get(plain.URL)
		require.NoError(t, err)
		require.Equal(t, "HTTP/2.0", resp.Proto)
		drain(t, resp)
	}
	require.EqualValues(t, 3, plain.got.Load(), "the library's default: two GETs arrive as three")

	for name, body := range map[string][]byte{http.MethodGet: nil, http.MethodPost: []byte("code=1"), http.MethodDelete: nil} {
		t.Run(name, func(t *testing.T) {
			s := newRefusing(t)
			p := newPipe(t, s.URL, s.base)
			h := &handler{}
			require.NoError(t, p.Do(t.Context(), request(t, http.MethodGet, s.URL), h).Err)
			once := request(t, name, s.URL)
			once.Body, once.OneShot, once.MaxAttempts = body, true, 4
			require.Error(t, p.Do(t.Context(), once, h).Err)
			require.EqualValues(t, 2, s.got.Load(), "the warm-up, and the call once")
		})
	}
}

func TestOneShotBodiesArriveWhole(t *testing.T) {
	s := newEcho(t)
	p := newPipe(t, s.URL, nil)
	for _, body := range []string{"", "pin=123456"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			if method == http.MethodGet && body != "" {
				continue
			}
			h := &handler{}
			once := request(t, method, s.URL)
			once.Body, once.OneShot = []byte(body), true
			require.NoError(t, p.Do(t.Context(), once, h).Err)
			require.Equal(t, method+" "+body, string(h.seen[0].Body))
		}
	}
}
