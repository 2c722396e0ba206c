package matrix_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// desk is where one call is made: a simulator, the wire that leads to it, and a
// client of the BSP who has just been through Embedded Signup.
type desk struct {
	server *graphtest.Server
	world  graphtest.World
	wire   *wire
	log    *bytes.Buffer // what slog wrote
	traced *tracer
	graph  *wagraph.Client // the partner's admin
	app    signup.App
	them   graphtest.SignupResult // the client
	token  wagraph.Secret         // the client's business token
	waba   wagraph.WABAID
	number wagraph.PhoneNumberID
	pin    wagraph.Secret
	verify wagraph.Secret // of a webhook

	prepared bool           // what a call needs is there
	second   wagraph.WABAID // a further account of the client
	got      any            // what the last call returned

	atToken, atPacer func() // run when the desk is asked as a source or a pacer
}

func newDesk(t testing.TB, opts ...graphtest.Option) *desk {
	t.Helper()
	server := graphtest.New(t, opts...)
	d := &desk{server: server, world: server.World(), wire: newWire(server.RoundTripper()), log: new(bytes.Buffer), pin: wagraph.NewSecret("270731"), verify: wagraph.NewSecret("canary/verify+token=&1")}
	d.traced = &tracer{next: wagraph.Slog(slog.New(slog.NewJSONHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})))}
	d.app = signup.App{ID: d.world.App, Secret: d.world.AppSecret}
	d.graph = d.client(t, wagraph.SecretToken(d.world.Admin.Token))
	var err error
	d.them, err = server.Signup(graphtest.SignupOptions{Name: "Canary Coffee"})
	require.NoError(t, err)
	d.token, err = server.BusinessToken(d.world.WithCredit)
	require.NoError(t, err)
	d.waba, d.number = d.them.WABAs[0], d.them.Numbers[0]
	t.Cleanup(func() { require.Zero(t, d.wire.open.Load(), "bodies left open") })
	return d
}

// maxBody is the desks' limit of an answer: small, so that going over it is quick.
const maxBody = 256 << 10

// client calls over the wire, and logs all that it does.
func (d *desk) client(t testing.TB, source wagraph.TokenSource, opts ...wagraph.Option) *wagraph.Client {
	t.Helper()
	all := []wagraph.Option{
		wagraph.WithBaseURL(graphtest.BaseURL), wagraph.WithAppSecret(d.world.AppSecret), wagraph.WithMaxBody(maxBody),
		wagraph.WithHTTPClient(&http.Client{Transport: d.wire}),
		wagraph.WithTracer(d.traced),
	}
	graph, err := wagraph.New(source, append(all, opts...)...)
	require.NoError(t, err)
	return graph
}

// signups calls as the app.
func (d *desk) signups() *signup.Client { return signup.New(d.graph, d.app) }

// secrets are all that must not show: the simulator's, and what was sent.
func (d *desk) secrets() []wagraph.Secret {
	return append(d.server.Secrets(), append(d.wire.proofs(), d.pin, d.verify)...)
}

// done counts the calls of a route that took effect, by the simulator's log.
func (d *desk) done(method, route string) int {
	n := 0
	for _, c := range d.server.Calls() {
		if c.Method == method && c.Route == route && c.Status == http.StatusOK && c.Code == 0 {
			n++
		}
	}
	return n
}
