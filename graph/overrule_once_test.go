package graph_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

type requestsOfConn struct{}

// resettingServer resets each connection at the second request on it, and
// counts the requests that carry a code.
func resettingServer(t *testing.T) (address string, codes *atomic.Int32) {
	t.Helper()
	codes = new(atomic.Int32)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("code") != "" {
			codes.Add(1)
		}
		if n, _ := r.Context().Value(requestsOfConn{}).(*atomic.Int32); n.Add(1) < 2 {
			_, _ = w.Write([]byte(`{"access_token":"x"}`))
			return
		}
		hijacker, _ := w.(http.Hijacker)
		conn, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}))
	s.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, requestsOfConn{}, new(atomic.Int32))
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, codes
}

func TestOverrule_RepeatOnceHoldsForNetHTTP(t *testing.T) {
	params := url.Values{"code": {code}}
	for name, c := range map[string]struct {
		req  graph.Request
		sent int32
	}{
		"a GET of Auto, which net/http repeats": {graph.Request{Method: http.MethodGet, Query: params}, 2},
		"a GET of Once":                         {graph.Request{Method: http.MethodGet, Query: params, Repeat: graph.RepeatOnce}, 1},
		"a POST of Once":                        {graph.Request{Method: http.MethodPost, Form: params, Repeat: graph.RepeatOnce}, 1},
		"a DELETE of Once":                      {graph.Request{Method: http.MethodDelete, Query: params, Repeat: graph.RepeatOnce}, 1},
		"a POST of Auto":                        {graph.Request{Method: http.MethodPost, Form: params}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			address, codes := resettingServer(t)
			client, err := graph.New(graph.Anonymous(), graph.WithBaseURL(address))
			require.NoError(t, err)
			t.Cleanup(client.CloseIdleConnections)
			require.NoError(t, client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/debug_token"}, nil))
			c.req.Route = "/oauth/access_token"
			err = client.Do(t.Context(), c.req, nil)
			require.Equal(t, c.sent, codes.Load())
			if c.sent == 1 {
				require.ErrorIs(t, err, graph.ErrOutcomeUnknown)
				requireNoSecret(t, said(err))
			}
		})
	}
}
