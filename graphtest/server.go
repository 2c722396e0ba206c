package graphtest

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// BaseURL is where the clients of a Server think they are.
const BaseURL = "https://graph.wagraph.test"

// Server is a simulated Graph API. It is safe for concurrent use and needs no
// closing.
type Server struct {
	sim    *graphsim.Sim
	bodies bodyCount
}

// Option adjusts a Server.
type Option func(*graphsim.Config)

// NumericIDs answers ids as JSON numbers, as some of Meta's samples do.
func NumericIDs() Option { return func(c *graphsim.Config) { c.NumericIDs = true } }

// BareAllocation answers the look-up of one client's allocation with a bare
// object, as Meta's guide shows it, instead of a list, as Meta's reference does.
func BareAllocation() Option { return func(c *graphsim.Config) { c.BareAllocation = true } }

// RequireProof refuses calls without an appsecret_proof, as an app does whose
// dashboard says so.
func RequireProof() Option { return func(c *graphsim.Config) { c.RequireProof = true } }

// Quota enforces Meta's hourly quotas: 200 calls per account, 5,000 once it has
// a registered number.
func Quota() Option { return func(c *graphsim.Config) { c.Quota = true } }

// Clients adds that many client accounts, each with its own client business and
// that many numbers.
func Clients(accounts, numbers int) Option {
	return func(c *graphsim.Config) { c.WABAs, c.Numbers = accounts, numbers }
}

// EmptyOnDeadCursor answers a cursor whose item was deleted with an empty page
// instead of an error 100.
func EmptyOnDeadCursor() Option { return func(c *graphsim.Config) { c.EmptyOnDeadCursor = true } }

// ThinPages lets pages come out shorter than their limit, empty ones included,
// as Graph's do when it filters after cutting.
func ThinPages() Option { return func(c *graphsim.Config) { c.ThinPages = true } }

// MaxCost bounds how many objects one answer may hold before the simulator says
// to reduce the amount of data.
func MaxCost(objects int) Option { return func(c *graphsim.Config) { c.MaxCost = objects } }

// Callbacks has a callback verified when a subscription is made to it; an error
// makes the subscription fail.
func Callbacks(verify func(url, verifyToken string) error) Option {
	return func(c *graphsim.Config) { c.VerifyCallback = verify }
}

// Seed changes the generated tokens, codes and later ids.
func Seed(seed uint64) Option { return func(c *graphsim.Config) { c.Seed = seed } }

// WithoutLog keeps no record of calls, for long runs.
func WithoutLog() Option { return func(c *graphsim.Config) { c.ForgetCalls = true } }

// ControlAPI adds an HTTP interface to the simulator itself below /__sim/: POST
// signup, faults and clock, GET state, calls and world.
func ControlAPI() Option { return func(c *graphsim.Config) { c.ControlAPI = true } }

// PublicURL is the base of paging links for requests that name no host.
func PublicURL(base string) Option { return func(c *graphsim.Config) { c.PublicURL = base } }

// Start makes a Server for a program.
func Start(opts ...Option) *Server {
	var cfg graphsim.Config
	for _, opt := range opts {
		opt(&cfg)
	}
	return &Server{sim: graphsim.New(cfg)}
}

// TB is the part of testing.TB that New needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// New makes a Server for a test. At the test's end it fails the test if a body
// that was answered through RoundTripper was not closed.
func New(t TB, opts ...Option) *Server {
	t.Helper()
	s := Start(opts...)
	t.Cleanup(func() {
		t.Helper()
		if n := s.bodies.open(); n > 0 {
			t.Errorf("graphtest: %d response bodies were left open", n)
		}
	})
	return s
}

// Client calls the Server with the token of the partner's admin system user, in
// the process. It carries the app's secret, so that calls have a proof.
func (s *Server) Client(opts ...wagraph.Option) *wagraph.Client {
	return s.ClientFor(wagraph.SecretToken(s.World().Admin.Token), opts...)
}

// ClientFor is Client with another token. A wrong option panics: this is for
// tests and examples.
func (s *Server) ClientFor(source wagraph.TokenSource, opts ...wagraph.Option) *wagraph.Client {
	all := []wagraph.Option{
		wagraph.WithBaseURL(BaseURL), wagraph.WithAppSecret(s.World().AppSecret),
		wagraph.WithHTTPClient(&http.Client{Transport: s.RoundTripper()}),
	}
	client, err := wagraph.New(source, append(all, opts...)...)
	if err != nil {
		panic(fmt.Sprintf("graphtest: %v", err))
	}
	return client
}

// RoundTripper answers requests to any host, in the goroutine of the caller.
func (s *Server) RoundTripper() http.RoundTripper { return roundTripper{s} }

// Handler serves the simulator over HTTP.
func (s *Server) Handler() http.Handler { return s.sim }

// Now is the Server's time: the process's, plus what Advance added.
func (s *Server) Now() time.Time { return s.sim.Now() }

// Advance moves the Server's time ahead; the process's own stays.
func (s *Server) Advance(d time.Duration) { s.sim.Advance(d) }

// Dump is the whole state, ready for encoding/json, without secrets.
func (s *Server) Dump() any { return s.sim.Dump() }

type roundTripper struct{ server *Server }

func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.server.sim.RoundTripper().RoundTrip(req)
	if err == nil {
		resp.Body = t.server.bodies.count(resp.Body)
	}
	return resp, err
}

// bodyCount counts bodies that nobody closed.
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

func (b *countedBody) Close() error {
	b.closed()
	return b.ReadCloser.Close()
}
