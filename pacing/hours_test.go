package pacing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

// distant is a round trip to another continent, of a length that differs from
// call to call.
type distant struct{ http.RoundTripper }

func (d distant) RoundTrip(req *http.Request) (*http.Response, error) {
	leg := 20*time.Millisecond + rand.N(60*time.Millisecond)
	time.Sleep(leg)
	resp, err := d.RoundTripper.RoundTrip(req)
	time.Sleep(leg)
	return resp, err
}

// caller is a client that shows throttles instead of waiting for them.
func caller(server *graphtest.Server, pacer wagraph.Pacer) *wagraph.Client {
	return server.Client(
		wagraph.WithHTTPClient(&http.Client{Transport: distant{server.RoundTripper()}}),
		wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: -1}), wagraph.WithPacer(pacer))
}

func read(asset wagraph.WABAID) wagraph.Request {
	return wagraph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(asset)}}
}

// callAllTime has every client read the account over and over until the
// context ends.
func callAllTime(ctx context.Context, t *testing.T, asset wagraph.WABAID, clients ...*wagraph.Client) {
	t.Helper()
	var all sync.WaitGroup
	for _, client := range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				err := client.Do(ctx, read(asset), nil)
				if wait := (*pacing.WaitError)(nil); errors.As(err, &wait) {
					return // the next turn is after the end
				}
				if err != nil && !errors.Is(err, wagraph.ErrThrottled) && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// figures are what the server saw.
type figures struct{ answered, throttled, mostInAnHour int }

func count(server *graphtest.Server) (f figures) {
	calls := server.Calls()
	first := 0
	for i, call := range calls {
		for call.Time.Sub(calls[first].Time) >= time.Hour {
			first++
		}
		f.mostInAnHour = max(f.mostInAnHour, i-first+1)
		if call.Code == 80008 || call.Code == 4 {
			f.throttled++
		} else {
			f.answered++
		}
	}
	return f
}

func (f figures) String() string {
	return fmt.Sprintf("%5d answered, %6d throttled, at most %5d in any hour", f.answered, f.throttled, f.mostInAnHour)
}

// TestPacingHours has clients call as often as they may, for hours, an account
// that takes 200 calls an hour and one that takes 5,000.
func TestPacingHours(t *testing.T) {
	const hours = 2
	for _, tc := range []struct {
		name    string
		clients int
		pacers  func(n int) []wagraph.Pacer
	}{
		{"one client", 1, separate},
		{"one client, 16 calls at once", 16, same},
		{"four sharers of a budget", 4, sharers},
		{"four that only see each other's load", 4, separate},
	} {
		for _, limit := range []int{200, 5000} {
			t.Run(fmt.Sprintf("%s/%d an hour", tc.name, limit), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := graphtest.New(t, graphtest.WithQuota())
					var clients []*wagraph.Client
					for _, pacer := range tc.pacers(tc.clients) {
						clients = append(clients, caller(server, pacer))
					}
					ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
					defer cancel()
					callAllTime(ctx, t, accountOf(server, limit), clients...)

					f := count(server)
					used := 100 * float64(f.answered) / float64(hours*limit)
					t.Logf("paced: %v: %.1f %% of what is permitted", f, used)
					require.Zero(t, f.throttled)
					require.LessOrEqual(t, f.mostInAnHour, limit)
					require.GreaterOrEqual(t, used, 95.0)
				})
			})
		}
	}
}

// TestNaiveHours shows what becomes of a client without a Pacer that calls half
// as fast again as it may, whatever the answers: its calls keep it blocked.
func TestNaiveHours(t *testing.T) {
	const hours = 2
	for _, limit := range []int{200, 5000} {
		t.Run(fmt.Sprintf("%d an hour", limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t, graphtest.WithQuota())
				client := caller(server, nil)
				asset := accountOf(server, limit)
				gap := time.Hour / time.Duration(3*limit/2)
				for start := time.Now(); time.Since(start) < hours*time.Hour; time.Sleep(gap) {
					_ = client.Do(t.Context(), read(asset), nil)
				}
				f := count(server)
				t.Logf("naive: %v: %.1f %% of what is permitted", f, 100*float64(f.answered)/float64(hours*limit))
				require.Positive(t, f.throttled)
			})
		})
	}
}

// accountOf is an account without, or with, a registered number.
func accountOf(server *graphtest.Server, limit int) wagraph.WABAID {
	world := server.World()
	if limit == 200 {
		number, _ := server.Number(world.Pending)
		return number.WABA
	}
	return world.OwnedWABAs[0]
}

func separate(n int) []wagraph.Pacer {
	pacers := make([]wagraph.Pacer, n)
	for i := range pacers {
		pacers[i] = pacing.New(pacing.Options{})
	}
	return pacers
}

func same(n int) []wagraph.Pacer {
	pacers := make([]wagraph.Pacer, n)
	one := pacing.New(pacing.Options{})
	for i := range pacers {
		pacers[i] = one
	}
	return pacers
}

func sharers(n int) []wagraph.Pacer {
	pacers := make([]wagraph.Pacer, n)
	budget := pacing.NewMemory(0)
	for i := range pacers {
		pacers[i] = pacing.New(pacing.Options{Budget: budget})
	}
	return pacers
}
