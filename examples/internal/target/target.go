package target

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Target is where a program calls, and as whom.
type Target struct {
	// Client calls with the token of the partner's admin system user.
	Client     *graph.Client
	App        signup.App
	Business   graph.BusinessID
	SystemUser graph.SystemUserID
	CreditLine graph.CreditLineID
	// Simulator is the embedded server, nil when the environment names one.
	Simulator *graphtest.Server

	base  string
	token graph.Secret
}

// Open reads the environment. needs are the variables that the program cannot do
// without; world adjusts the simulator, if that is what the program calls. A
// mistake in the environment is a cli.UsageError.
func Open(env cli.Env, needs []string, world []graphtest.Option, opts ...graph.Option) (*Target, error) {
	if !anySet(env) {
		return embedded(graphtest.Start(world...), opts), nil
	}
	base, err := env.Text(BaseURL)
	if err != nil {
		return nil, err
	}
	t := &Target{base: cmp.Or(base, graph.DefaultBaseURL)}
	if err := t.read(env, needs); err != nil {
		return nil, err
	}
	opts = append(opts, graph.WithBaseURL(t.base), graph.WithUserAgent("wagraph-example"))
	if !t.App.Secret.IsZero() {
		opts = append(opts, graph.WithAppSecret(t.App.Secret))
	}
	t.Client, err = graph.New(graph.SecretToken(t.token), opts...)
	return t, cli.Usage(err)
}

func embedded(server *graphtest.Server, opts []graph.Option) *Target {
	world := server.World()
	return &Target{
		Client:   server.Client(opts...),
		App:      signup.App{ID: world.App, Secret: world.AppSecret},
		Business: world.Business, SystemUser: world.Admin.ID, CreditLine: world.CreditLine,
		Simulator: server,
	}
}

// Real reports whether what is done there may cost money or be final: on any
// server that is not on this machine. Programs ask before they act on it.
func (t *Target) Real() bool { return t.Simulator == nil && !loopback(t.host()) }

// Speaker names who answers: the simulator, also when it runs in another process
// of this machine, Meta, or some other server.
func (t *Target) Speaker() string {
	switch host := t.host(); {
	case !t.Real():
		return "simulator"
	case host == "facebook.com" || strings.HasSuffix(host, ".facebook.com"):
		return "Meta"
	}
	return "server"
}

// String names the server.
func (t *Target) String() string {
	switch {
	case t.Simulator != nil:
		return "the embedded simulator"
	case t.Speaker() == "Meta":
		return "Meta at " + t.base
	}
	return "the " + t.Speaker() + " at " + t.base
}

func (t *Target) host() string {
	u, err := url.Parse(t.base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
