package promises_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// routeKey is the context key of a request's route. The SDK's trace names the
// route.
type routeKey struct{}

// tracer puts the route into the context for the wire, keeps the text of each
// trace event, and calls the next tracer.
type tracer struct {
	next graph.Tracer
	mu   sync.Mutex
	seen bytes.Buffer
}

func (r *tracer) TraceStart(ctx context.Context, start graph.TraceStart) context.Context {
	r.note(start)
	return r.next.TraceStart(context.WithValue(ctx, routeKey{}, start.Method+" "+start.Route), start)
}

func (r *tracer) TraceEnd(ctx context.Context, end graph.TraceEnd) {
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
// sent, injects a fault, and counts the bodies that were not closed.
type wire struct {
	next http.RoundTripper
	open atomic.Int64

	mu     sync.Mutex
	seen   []*sent
	route  string // of the calls that meet the fault; "" for all
	fault  *fault
	always bool
	hit    int
}

func newWire(next http.RoundTripper) *wire { return &wire{next: next} }

// inject lets the calls of a route meet a fault, once or each time.
func (w *wire) inject(route string, f *fault, always bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.route, w.fault, w.always, w.hit = route, f, always, 0
}

// hitCount returns how often a call met the fault.
func (w *wire) hitCount() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hit
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

// proofs returns each appsecret_proof that was sent.
func (w *wire) proofs() []graph.Secret {
	seen := map[string]bool{}
	var proofs []graph.Secret
	for _, s := range w.sent("") {
		if proof := s.url.Query().Get("appsecret_proof"); proof != "" && !seen[proof] {
			seen[proof] = true
			proofs = append(proofs, graph.NewSecret(proof))
		}
	}
	return proofs
}

// RoundTrip gives the request to the fault or to the simulator.
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
	faulty := w.fault != nil && (w.route == "" || w.route == route) && (w.always || w.hit == 0)
	if faulty {
		w.hit++
	}
	w.mu.Unlock()
	again := req.Clone(req.Context())
	if req.Body != nil {
		again.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer := w.forward
	if faulty {
		answer = func(req *http.Request) (*http.Response, error) { return w.fault.answer(w, req, body) }
	}
	resp, err := answer(again)
	if resp != nil {
		w.open.Add(1)
		resp.Body = &countedBody{ReadCloser: resp.Body, open: &w.open}
	}
	return resp, err
}

// forward sends a request to the simulator.
func (w *wire) forward(req *http.Request) (*http.Response, error) { return w.next.RoundTrip(req) }

// countedBody counts for the wire that it was closed.
type countedBody struct {
	io.ReadCloser
	open *atomic.Int64
	once sync.Once
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.open.Add(-1) })
	return b.ReadCloser.Close()
}
