package promises_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
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

// sent is a request as it reached the wire, with the route that the trace named.
type sent struct {
	sdktest.Sent
	route string
}

// wire is the round tripper between the SDK and the simulator: a [sdktest.Wire]
// that gives each request to a fault or to the simulator.
type wire struct {
	*sdktest.Wire
	next http.RoundTripper

	mu     sync.Mutex
	route  string // of the calls that meet the fault; "" for all
	fault  *fault
	always bool
	hit    int
}

func newWire(next http.RoundTripper) *wire {
	w := &wire{next: next}
	w.Wire = sdktest.NewWire(w.answer)
	return w
}

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
func (w *wire) sent(route string) []sent {
	var found []sent
	for _, s := range w.Sent() {
		if of := routeOf(s.Context); route == "" || of == route {
			found = append(found, sent{s, of})
		}
	}
	return found
}

func routeOf(ctx context.Context) string {
	route, _ := ctx.Value(routeKey{}).(string)
	return route
}

// proofs returns each appsecret_proof that was sent.
func (w *wire) proofs() []graph.Secret {
	seen := map[string]bool{}
	var proofs []graph.Secret
	for _, s := range w.Sent() {
		if proof := s.URL.Query().Get("appsecret_proof"); proof != "" && !seen[proof] {
			seen[proof] = true
			proofs = append(proofs, graph.NewSecret(proof))
		}
	}
	return proofs
}

// answer gives the request to the fault or to the simulator.
func (w *wire) answer(req *http.Request) (*http.Response, error) {
	route := routeOf(req.Context())
	w.mu.Lock()
	met := w.fault
	if met == nil || w.route != "" && w.route != route || !w.always && w.hit > 0 || met.meets != nil && !met.meets(req) {
		met = nil
	} else {
		w.hit++
	}
	w.mu.Unlock()
	if met == nil {
		return w.forward(req)
	}
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	return met.answer(w, req, body)
}

// forward sends a request to the simulator.
func (w *wire) forward(req *http.Request) (*http.Response, error) { return w.next.RoundTrip(req) }
