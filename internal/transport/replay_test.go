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
	require.NoError(t, do(t.Context(), p, request(t, http.MethodGet, s.URL+"/warm-up"), h).Err)
	once := request(t, http.MethodGet, s.URL+"/once")
	once.NoReplay = true
	require.Error(t, do(t.Context(), p, once, h).Err)
	require.Equal(t, 1, s.count("/once"))
}

func TestOverrule_NetHTTPRepeatsOverHTTP2(t *testing.T) {
	for name, body := range map[string][]byte{http.MethodGet: nil, http.MethodPost: []byte("share=1"), http.MethodDelete: nil} {
		t.Run(name, func(t *testing.T) {
			for _, noReplay := range []bool{false, true} {
				s := newRefusing(t, errProtocol)
				p := newPipe(t, s.URL, s.base)
				h := &handler{}
				require.NoError(t, do(t.Context(), p, request(t, http.MethodGet, s.URL), h).Err)
				r := request(t, name, s.URL)
				r.Body, r.NoReplay = body, noReplay
				err := do(t.Context(), p, r, h).Err
				if !noReplay {
					require.NoError(t, err)
					require.EqualValues(t, 3, s.got.Load(), "the library's default: it is sent again, as a POST too")
					continue
				}
				require.Error(t, err)
				require.EqualValues(t, 2, s.got.Load(), "the warm-up, and the call once")
				require.False(t, h.seen[1].Unsent, "the server may have processed it")
			}
		})
	}
}

func TestAnswer_RefusedStreamIsUnsent(t *testing.T) {
	s := newRefusing(t, errRefused)
	p := newPipe(t, s.URL, s.base)
	h := &handler{judge: func(a *transport.Answer) verdict {
		return verdict{Err: a.Err, Repeat: a.Unsent}
	}}
	require.NoError(t, do(t.Context(), p, request(t, http.MethodGet, s.URL), h).Err)
	post := request(t, http.MethodPost, s.URL)
	post.Body, post.NoReplay, post.MaxAttempts = []byte("share=1"), true, 2
	out := do(t.Context(), p, post, h)
	require.NoError(t, out.Err)
	require.Equal(t, 2, out.Attempts, "the handler decided, not net/http")
	require.True(t, h.seen[1].Unsent, "%v", h.seen[1].Err)
	require.EqualValues(t, 3, s.got.Load())
}

func TestRequest_NoReplayBodiesArriveWhole(t *testing.T) {
	s := newEcho(t)
	p := newPipe(t, s.URL, nil)
	for _, body := range []string{"", "pin=123456"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			if method == http.MethodGet && body != "" {
				continue
			}
			h := &handler{}
			once := request(t, method, s.URL)
			once.Body, once.NoReplay = []byte(body), true
			require.NoError(t, do(t.Context(), p, once, h).Err)
			require.Equal(t, method+" "+body, string(h.seen[0].Body))
		}
	}
}
