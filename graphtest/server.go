package graphtest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// BaseURL is the address that the clients of a Server send their requests to.
// Nothing listens there: the requests are answered in the process.
const BaseURL = "https://graph.wagraph.test"

// Server is a simulated Graph API. It is safe for concurrent use and needs no
// closing. The zero Server works like one that Start made without options.
//
// A nil Server has no world: its methods that return an error return an
// InputError, its clients fail with one, and its other methods do nothing and
// return zero values.
type Server struct {
	once   sync.Once
	sim    *graphsim.Sim
	bodies bodyCount
}

// Start makes a Server for a program.
func Start(opts ...Option) *Server {
	var cfg graphsim.Config
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(&cfg)
		}
	}
	return &Server{sim: graphsim.New(cfg)}
}

// TB is the part of testing.TB that New needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// New makes a Server for a test. When the test ends, it fails the test if the
// body of a response that came through RoundTripper was not closed. With a nil
// TB it does what Start does.
func New(t TB, opts ...Option) *Server {
	s := Start(opts...)
	if t == nil {
		return s
	}
	t.Helper()
	t.Cleanup(func() {
		t.Helper()
		if n := s.bodies.open(); n > 0 {
			t.Errorf("graphtest: %d response bodies were left open", n)
		}
	})
	return s
}

// Client returns a client with the token of the partner's admin system user. It
// calls the Server in the process. It has the app's secret, so its calls carry an
// appsecret_proof. Options that are given win over these. A wrong option panics,
// as in ClientFor.
func (s *Server) Client(opts ...graph.Option) *graph.Client {
	return s.ClientFor(graph.SecretToken(s.World().Admin.Token), opts...)
}

// ClientFor returns a client like the one of Client, with another token. The calls
// of a client with a nil source, or with a token that cannot be sent, fail with a
// *graph.InputError. ClientFor panics if an option is wrong: the options of a test or
// an example are constants of its author.
func (s *Server) ClientFor(source graph.TokenSource, opts ...graph.Option) *graph.Client {
	all := []graph.Option{graph.WithBaseURL(BaseURL), graph.WithHTTPClient(&http.Client{Transport: s.RoundTripper()})}
	if secret := s.World().AppSecret; !secret.IsZero() {
		all = append(all, graph.WithAppSecret(secret))
	}
	client, err := graph.New(graph.Anonymous(), append(all, opts...)...)
	if err != nil {
		panic(fmt.Sprintf("graphtest: %v", err))
	}
	return client.As(source)
}

// Now returns the time of the Server: the time of the process, plus what Advance
// added.
func (s *Server) Now() time.Time { return read(s, (*graphsim.Sim).Now) }

// Advance moves the time of the Server forward; the clock of the process does not
// change. A negative duration changes nothing: time does not go back.
func (s *Server) Advance(d time.Duration) {
	if s != nil && d > 0 {
		s.simulator().Advance(d)
	}
}

// simulator returns the simulator behind s, which is not nil. A zero Server gets
// its simulator here.
func (s *Server) simulator() *graphsim.Sim {
	s.once.Do(func() {
		if s.sim == nil {
			s.sim = graphsim.New(graphsim.Config{})
		}
	})
	return s.sim
}

// errNilServer returns what a nil Server answers.
func errNilServer() error {
	return &graph.InputError{Field: "graphtest.Server", Reason: "is nil; make one with graphtest.New or graphtest.Start"}
}

// read asks the simulator. A nil Server answers with the zero value.
func read[T any](s *Server, ask func(*graphsim.Sim) T) T {
	if s == nil {
		var zero T
		return zero
	}
	return ask(s.simulator())
}

// change calls do, which changes the state of the simulator. The simulator refuses a change for one reason
// only, a wrong argument, so its error becomes an InputError that names the method.
func (s *Server) change(method string, do func(*graphsim.Sim) error) error {
	if s == nil {
		return errNilServer()
	}
	if err := do(s.simulator()); err != nil {
		return &graph.InputError{Field: method, Reason: "failed: " + strings.TrimPrefix(err.Error(), "graphsim: ")}
	}
	return nil
}
