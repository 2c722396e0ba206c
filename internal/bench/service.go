package bench

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Service is what a client needs for a simulated Graph API behind a Replay. It can
// be sent to another process.
type Service struct {
	URL, Token, AppSecret string
	// Business has exactly the clients' accounts that Size asks for. WABA is an
	// account that Business owns.
	Business graph.BusinessID
	WABA     graph.WABAID
}

// Size says how many objects a service has, and how long a round trip takes.
type Size struct {
	// Accounts is the number of clients' accounts, and Numbers that of each
	// account's phone numbers. With Alternate, every second account has one less.
	Accounts, Numbers int
	Alternate         bool
	// RoundTripTime is added to each answer.
	RoundTripTime time.Duration
}

// Start starts a service, which runs until the Replay is closed.
func Start(ctx context.Context, size Size) (*Service, *Replay, error) {
	sim := graphsim.New(graphsim.Config{WABAs: size.Accounts, Numbers: size.Numbers, ForgetCalls: true})
	world := sim.World()
	for _, id := range world.ClientWABAs { // a simulator always has these, and Size does not count them
		if err := sim.Unshare(id); err != nil {
			return nil, nil, err
		}
	}
	replay, err := NewReplay(ctx, sim, size.RoundTripTime)
	if err != nil {
		return nil, nil, err
	}
	service := &Service{
		URL: replay.URL, Token: world.AdminToken, AppSecret: world.AppSecret,
		Business: graph.BusinessID(world.BusinessID), WABA: graph.WABAID(world.OwnedWABAs[0]),
	}
	if size.Alternate {
		if err := service.removeNumbers(ctx, sim); err != nil {
			replay.Close()
			return nil, nil, err
		}
	}
	return service, replay, nil
}

// removeNumbers removes one number from every second account.
func (s *Service) removeNumbers(ctx context.Context, sim *graphsim.Sim) error {
	client, err := s.Client(graph.WithHTTPClient(&http.Client{Transport: sim.RoundTripper()}))
	if err != nil {
		return err
	}
	n := 0
	for account, err := range s.AccountsWithNumbers(client).All(ctx) {
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

// Client returns a client of the SDK for the service, with the options that a BSP
// uses.
func (s *Service) Client(opts ...graph.Option) (*graph.Client, error) {
	all := []graph.Option{graph.WithBaseURL(s.URL), graph.WithAppSecret(graph.NewSecret(s.AppSecret))}
	return graph.New(graph.StaticToken(s.Token), append(all, opts...)...)
}

// Raw returns a client without the SDK for the service.
func (s *Service) Raw() *Raw { return NewRaw(s.URL, s.Token) }

// firstTarget returns the target of the first request that a call of the SDK sends,
// for the other client to request too.
func (s *Service) firstTarget(call func(*graph.Client) error) (string, error) {
	seen := &targetRecorder{base: transport.NewBase()}
	client, err := s.Client(graph.WithHTTPClient(&http.Client{Transport: seen}))
	if err != nil {
		return "", err
	}
	defer client.CloseIdleConnections()
	if err := call(client); err != nil {
		return "", err
	}
	return seen.first, nil
}

// targetRecorder keeps the target of the first request.
type targetRecorder struct {
	base  *http.Transport
	first string
}

func (s *targetRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.first == "" {
		s.first = req.URL.RequestURI()
	}
	return s.base.RoundTrip(req)
}

func (s *targetRecorder) CloseIdleConnections() { s.base.CloseIdleConnections() }
