package transport_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

var silence = log.New(io.Discard, "", 0)

// counting serves and counts the connections made to it.
func counting(t *testing.T, h2 bool, serve http.HandlerFunc) (s *httptest.Server, base *http.Transport, conns *atomic.Int32) {
	t.Helper()
	conns = new(atomic.Int32)
	s = httptest.NewUnstartedServer(serve)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	base = transport.NewBase()
	if h2 {
		s.EnableHTTP2 = true
		s.StartTLS()
		base.TLSClientConfig.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	} else {
		s.Start()
	}
	t.Cleanup(func() { base.CloseIdleConnections(); s.Close() })
	return s, base, conns
}

// burst makes n calls at once. The handler of the server lets none go before
// all have arrived, so that they are under way together.
func burst(t *testing.T, p *transport.Pipe, address string, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			h := &handler{}
			if err := do(t.Context(), p, request(t, http.MethodGet, address), h).Err; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// gathering holds requests until n of them are there.
func gathering(n int) http.HandlerFunc {
	var mu sync.Mutex
	var here int
	all := make(chan struct{})
	return func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		here++
		gate := all
		if here == n {
			close(all)
			here, all = 0, make(chan struct{})
		}
		mu.Unlock()
		<-gate
	}
}

func TestOverrule_IdleConnectionsMatchConcurrency(t *testing.T) {
	const n = transport.Concurrency

	s, base, conns := counting(t, false, gathering(n))
	base.MaxIdleConnsPerHost = 0 // net/http's default, 2
	byDefault := newPipe(t, s.URL, base)
	for range 3 {
		burst(t, byDefault, s.URL, n)
	}
	require.Greater(t, conns.Load(), int32(2*n), "the library's default: most calls dial again")

	s, base, conns = counting(t, false, gathering(n))
	p := newPipe(t, s.URL, base)
	for range 3 {
		burst(t, p, s.URL, n)
	}
	require.LessOrEqual(t, conns.Load(), int32(n))
}

func TestColdStart_HTTP2BurstIsOneConnection(t *testing.T) {
	const n = 64
	s, base, conns := counting(t, true, gathering(n)) // all 64 have to be under way before the first is answered
	burst(t, newPipe(t, s.URL, base), s.URL, n)
	require.EqualValues(t, 1, conns.Load())
}

// slow is a round tripper that says nothing of its connections.
func slow(answers chan error) scripted {
	return func(req *http.Request) (*http.Response, error) {
		select {
		case err := <-answers:
			if err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}}, nil
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}
}

func TestColdStart_CallsWaitForTheFirst(t *testing.T) {
	for name, first := range map[string]error{"answered": nil, "failed": io.ErrUnexpectedEOF} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answers := make(chan error)
				p := newPipe(t, "https://graph.facebook.com", slow(answers))
				var done atomic.Int32
				get := request(t, http.MethodGet, "https://graph.facebook.com")
				for range 5 {
					go func() {
						_ = do(t.Context(), p, get, &handler{})
						done.Add(1)
					}()
				}
				synctest.Wait()
				answers <- first
				synctest.Wait()
				require.EqualValues(t, 1, done.Load())
				for range 4 {
					answers <- nil // all the others are on the wire now
				}
				synctest.Wait()
				require.EqualValues(t, 5, done.Load())
			})
		})
	}
}

func TestColdStart_CancelledCallIsUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := make(chan error)
		p := newPipe(t, "https://graph.facebook.com", slow(answers))
		first := request(t, http.MethodGet, "https://graph.facebook.com")
		go do(t.Context(), p, first, &handler{})
		synctest.Wait()
		why := errors.New("the program ends")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		h := &handler{}
		out := do(ctx, p, request(t, http.MethodPost, "https://graph.facebook.com"), h)
		require.ErrorIs(t, out.Err, context.Canceled)
		require.ErrorIs(t, out.Err, why)
		require.True(t, h.seen[0].Unsent)
		answers <- nil
	})
}
