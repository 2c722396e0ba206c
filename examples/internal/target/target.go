package target

import (
	"cmp"
	"net"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Target is where a program calls, and as whom.
type Target struct {
	// Graph calls with the token of the partner's admin system user.
	Graph      *wagraph.Client
	App        signup.App
	Business   wagraph.BusinessID
	SystemUser wagraph.SystemUserID
	CreditLine wagraph.CreditLineID
	// Simulator is the embedded server, nil when the environment names one.
	Simulator *graphtest.Server

	base string
}

// Open reads the environment. needs are the variables that the program cannot do
// without; world adjusts the simulator, should it come to that.
func Open(env Env, needs []string, world []graphtest.Option, opts ...wagraph.Option) (*Target, error) {
	if !anySet(env) {
		return embedded(graphtest.Start(world...), opts), nil
	}
	t := &Target{base: cmp.Or(env(BaseURL), wagraph.DefaultBaseURL)}
	if err := t.read(env, needs); err != nil {
		return nil, err
	}
	opts = append(opts, wagraph.WithBaseURL(t.base), wagraph.WithUserAgent("wagraph-example"))
	if !t.App.Secret.IsZero() {
		opts = append(opts, wagraph.WithAppSecret(t.App.Secret))
	}
	var err error
	t.Graph, err = wagraph.New(wagraph.SecretToken(wagraph.NewSecret(env(Token))), opts...)
	return t, err
}

func embedded(server *graphtest.Server, opts []wagraph.Option) *Target {
	world := server.World()
	return &Target{
		Graph:    server.Client(opts...),
		App:      signup.App{ID: world.App, Secret: world.AppSecret},
		Business: world.Business, SystemUser: world.Admin.ID, CreditLine: world.CreditLine,
		Simulator: server,
	}
}

// Real tells whether what is done there may cost money or be final: on any
// server that is not on this machine. Programs ask before they act on it.
func (t *Target) Real() bool {
	if t.Simulator != nil {
		return false
	}
	u, err := url.Parse(t.base)
	if err != nil {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

// String names the server.
func (t *Target) String() string {
	if t.Simulator != nil {
		return "the embedded simulator"
	}
	return t.base
}
