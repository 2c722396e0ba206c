package matrix_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/seed-8fdceacd/wagraph"
)

// routeKey is where a request's context has its route, as the SDK's own trace
// names it.
type routeKey struct{}

// tracer notes the route for the wire, keeps what it is told, and hands it on.
type tracer struct {
	next wagraph.Tracer
	mu   sync.Mutex
	seen bytes.Buffer
}

func (r *tracer) TraceStart(ctx context.Context, start wagraph.TraceStart) context.Context {
	r.note(start)
	return r.next.TraceStart(context.WithValue(ctx, routeKey{}, start.Method+" "+start.Route), start)
}

func (r *tracer) TraceEnd(ctx context.Context, end wagraph.TraceEnd) {
	r.note(end, end.Usage())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next.TraceEnd(ctx, end)
}

func (r *tracer) note(values ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range values {
		fmt.Fprintf(&r.seen, "%+v %#v\n", v, v)
	}
}

// sent is a request as it reached the wire.
type sent struct {
	route  string
	method string
	url    *url.URL
	header http.Header
	body   string
}

// wire is the round tripper between the SDK and the simulator. It keeps what is
// sent, makes a fault strike, and counts the bodies that nobody closed.
type wire struct {
	next http.RoundTripper
	open atomic.Int64

	mu     sync.Mutex
	seen   []*sent
	route  string // where the fault strikes; "" everywhere
	fault  *fault
	always bool
	struck int
}

func newWire(next http.RoundTripper) *wire { return &wire{next: next} }

// strike has a fault happen to the calls of a route, once or each time.
func (w *wire) strike(route string, f *fault, always bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.route, w.fault, w.always, w.struck = route, f, always, 0
}

// hits is how often the fault struck.
func (w *wire) hits() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.struck
}

// sent returns the requests of a route, or all for "".
func (w *wire) sent(route string) []*sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []*sent
	for _, s := range w.seen {
		if route == "" || s.route == route {
			found = append(found, s)
		}
	}
	return found
}

// proofs are the appsecret_proofs that were sent.
func (w *wire) proofs() []wagraph.Secret {
	seen := map[string]bool{}
	var proofs []wagraph.Secret
	for _, s := range w.sent("") {
		if proof := s.url.Query().Get("appsecret_proof"); proof != "" && !seen[proof] {
			seen[proof] = true
			proofs = append(proofs, wagraph.NewSecret(proof))
		}
	}
	return proofs
}

// RoundTrip lets the fault have the request, or passes it on.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	route, _ := req.Context().Value(routeKey{}).(string)
	w.mu.Lock()
	w.seen = append(w.seen, &sent{route, req.Method, req.URL, req.Header.Clone(), string(body)})
	strikes := w.fault != nil && (w.route == "" || w.route == route) && (w.always || w.struck == 0)
	if strikes {
		w.struck++
	}
	w.mu.Unlock()
	again := req.Clone(req.Context())
	if req.Body != nil {
		again.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer := w.pass
	if strikes {
		answer = func(req *http.Request) (*http.Response, error) { return w.fault.strike(w, req, body) }
	}
	resp, err := answer(again)
	if resp != nil {
		w.open.Add(1)
		resp.Body = &countedBody{ReadCloser: resp.Body, open: &w.open}
	}
	return resp, err
}

// pass hands a request to the simulator.
func (w *wire) pass(req *http.Request) (*http.Response, error) { return w.next.RoundTrip(req) }

// countedBody tells the wire that it was closed.
type countedBody struct {
	io.ReadCloser
	open *atomic.Int64
	once sync.Once
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.open.Add(-1) })
	return b.ReadCloser.Close()
}
