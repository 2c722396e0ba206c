package bench

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Scene is a simulated Graph API behind a Replay, and what a client of it needs
// to know. It can be handed to another process.
type Scene struct {
	URL, Token, AppSecret string
	// Business shares exactly the accounts asked for; WABA is one of its own.
	Business wagraph.BusinessID
	WABA     wagraph.WABAID
}

// Size is how large a scene is, and how far away.
type Size struct {
	// Accounts of clients, each with that many Numbers. With Halved every other
	// account has one number less.
	Accounts, Numbers int
	Halved            bool
	// Trip is the time of a round trip.
	Trip time.Duration
}

// Start serves a scene until the Replay is closed.
func Start(ctx context.Context, size Size) (*Scene, *Replay, error) {
	sim := graphsim.New(graphsim.Config{WABAs: size.Accounts, Numbers: size.Numbers, ForgetCalls: true})
	world := sim.World()
	for _, id := range world.ClientWABAs { // they are always there, and none of the number
		if err := sim.Unshare(id); err != nil {
			return nil, nil, err
		}
	}
	replay, err := NewReplay(ctx, sim, size.Trip)
	if err != nil {
		return nil, nil, err
	}
	scene := &Scene{
		URL: replay.URL, Token: world.AdminToken, AppSecret: world.AppSecret,
		Business: wagraph.BusinessID(world.BusinessID), WABA: wagraph.WABAID(world.OwnedWABAs[0]),
	}
	if size.Halved {
		if err := scene.halve(ctx, sim); err != nil {
			replay.Close()
			return nil, nil, err
		}
	}
	return scene, replay, nil
}

// halve takes one number from every other account.
func (s *Scene) halve(ctx context.Context, sim *graphsim.Sim) error {
	client, err := s.Graph(wagraph.WithHTTPClient(&http.Client{Transport: sim.RoundTripper()}))
	if err != nil {
		return err
	}
	n := 0
	for account, err := range s.Numbered(client).All(ctx) {
		if err != nil {
			return err
		}
		if n++; n%2 == 0 {
			if err := sim.DeleteNumber(string(account.Numbers.Data[0].ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Graph is the SDK's client of the scene, made as a BSP makes it.
func (s *Scene) Graph(opts ...wagraph.Option) (*wagraph.Client, error) {
	all := []wagraph.Option{wagraph.WithBaseURL(s.URL), wagraph.WithAppSecret(wagraph.NewSecret(s.AppSecret))}
	return wagraph.New(wagraph.StaticToken(s.Token), append(all, opts...)...)
}

// Raw is the other client of the scene.
func (s *Scene) Raw() *Raw { return NewRaw(s.URL, s.Token) }

// firstTarget is what the SDK asks for first in a call, to be asked for by the
// other client too.
func (s *Scene) firstTarget(call func(*wagraph.Client) error) (string, error) {
	seen := &spy{base: transport.NewBase()}
	client, err := s.Graph(wagraph.WithHTTPClient(&http.Client{Transport: seen}))
	if err != nil {
		return "", err
	}
	defer client.CloseIdleConnections()
	if err := call(client); err != nil {
		return "", err
	}
	return seen.first, nil
}

// spy keeps the target of the first request.
type spy struct {
	base  *http.Transport
	first string
}

func (s *spy) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.first == "" {
		s.first = req.URL.RequestURI()
	}
	return s.base.RoundTrip(req)
}

func (s *spy) CloseIdleConnections() { s.base.CloseIdleConnections() }
