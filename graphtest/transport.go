package graphtest

import (
	"io"
	"net/http"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// RoundTripper returns a transport for an http.Client. It answers requests to any
// host, in the goroutine of the caller and without a socket.
func (s *Server) RoundTripper() http.RoundTripper { return roundTripper{s} }

// Handler returns an http.Handler that serves the Server over a real connection,
// to clients in any language. It works below http.StripPrefix.
func (s *Server) Handler() http.Handler {
	if s == nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, errNilServer().Error(), http.StatusInternalServerError)
		})
	}
	return s.simulator()
}

type roundTripper struct{ server *Server }

// RoundTrip counts the body as open until it is closed.
func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req == nil {
		return nil, &graph.InputError{Field: "request", Reason: "is nil"}
	}
	rt := read(t.server, (*graphsim.Sim).RoundTripper)
	if rt == nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper closes the body also when it fails
		}
		return nil, errNilServer()
	}
	resp, err := rt.RoundTrip(req)
	if err == nil {
		resp.Body = t.server.bodies.count(resp.Body)
	}
	return resp, err
}

// bodyCount counts the response bodies that are open.
type bodyCount struct {
	mu sync.Mutex
	n  int
}

func (c *bodyCount) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func (c *bodyCount) open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *bodyCount) count(body io.ReadCloser) io.ReadCloser {
	c.add(1)
	return &countedBody{ReadCloser: body, closed: sync.OnceFunc(func() { c.add(-1) })}
}

type countedBody struct {
	io.ReadCloser
	closed func()
}

// Close closes the body. A second Close is not counted.
func (b *countedBody) Close() error {
	b.closed()
	return b.ReadCloser.Close()
}
