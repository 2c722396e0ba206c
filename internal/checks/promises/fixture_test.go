package promises_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// fixture is what one call needs: a simulator, the wire that leads to it, and a
// customer who has just completed Embedded Signup.
type fixture struct {
	server      *graphtest.Server
	world       graphtest.World
	wire        *wire
	log         *bytes.Buffer // the output of slog
	traced      *tracer
	client      *graph.Client // calls with the token of the partner's admin
	app         signup.App
	customer    graphtest.SignupResult // the customer
	token       graph.Secret           // the customer's business token
	waba        graph.WABAID
	number      graph.PhoneNumberID
	pin         graph.Secret
	verifyToken graph.Secret // of a webhook callback

	prepared   bool         // the call that another call needs was made
	secondWABA graph.WABAID // a second account of the customer
	got        any          // the result of the last call

	atToken, atPacer func() // run when the fixture is asked for a token, or as a pacer
}

func newFixture(t testing.TB, opts ...graphtest.Option) *fixture {
	t.Helper()
	server := graphtest.New(t, opts...)
	fx := &fixture{server: server, world: server.World(), wire: newWire(server.RoundTripper()), log: new(bytes.Buffer), pin: graph.NewSecret("270731"), verifyToken: graph.NewSecret("canary/verify+token=&1")}
	fx.traced = &tracer{next: graph.Slog(slog.New(slog.NewJSONHandler(fx.log, &slog.HandlerOptions{Level: slog.LevelDebug})))}
	fx.app = signup.App{ID: fx.world.App, Secret: fx.world.AppSecret}
	fx.client = fx.newClient(t, graph.SecretToken(fx.world.Admin.Token))
	var err error
	fx.customer, err = server.Signup(graphtest.SignupOptions{Name: "Canary Coffee"})
	require.NoError(t, err)
	fx.token, err = server.BusinessToken(fx.world.WithCredit)
	require.NoError(t, err)
	fx.waba, fx.number = fx.customer.WABAs[0], fx.customer.Numbers[0]
	t.Cleanup(func() { require.Zero(t, fx.wire.OpenBodies(), "bodies left open") })
	return fx
}

// maxBody limits the size of an answer. It is small, so that it is quick to go
// over the limit.
const maxBody = 256 << 10

// newClient returns a client that calls over the wire and logs every call.
func (fx *fixture) newClient(t testing.TB, source graph.TokenSource, opts ...graph.Option) *graph.Client {
	t.Helper()
	all := []graph.Option{
		graph.WithBaseURL(graphtest.BaseURL), graph.WithAppSecret(fx.world.AppSecret), graph.WithMaxBody(maxBody),
		graph.WithHTTPClient(&http.Client{Transport: fx.wire}),
		graph.WithTracer(fx.traced),
	}
	client, err := graph.New(source, append(all, opts...)...)
	require.NoError(t, err)
	return client
}

// signups returns a client that calls with the app's credentials.
func (fx *fixture) signups() *signup.Client { return signup.New(fx.client, fx.app) }

// secrets returns all secrets that must not show: those of the simulator, and
// those that were sent.
func (fx *fixture) secrets() []graph.Secret {
	return append(fx.server.Secrets(), append(fx.wire.proofs(), fx.pin, fx.verifyToken)...)
}

// successes returns how many calls of a route succeeded, by the simulator's log.
func (fx *fixture) successes(method, route string) int {
	n := 0
	for _, c := range fx.server.Calls() {
		if c.Method == method && c.Route == route && c.Status == http.StatusOK && c.Code == 0 {
			n++
		}
	}
	return n
}
