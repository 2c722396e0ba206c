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

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// distant delays each call by a round trip to another continent, whose length
// varies.
type distant struct{ http.RoundTripper }

func (d distant) RoundTrip(req *http.Request) (*http.Response, error) {
	leg := 20*time.Millisecond + rand.N(60*time.Millisecond)
	time.Sleep(leg)
	resp, err := d.RoundTripper.RoundTrip(req)
	time.Sleep(leg)
	return resp, err
}

// caller returns a client that returns throttles instead of waiting for them.
func caller(server *graphtest.Server, pacer graph.Pacer) *graph.Client {
	return server.Client(
		graph.WithHTTPClient(&http.Client{Transport: distant{server.RoundTripper()}}),
		graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1}), graph.WithPacer(pacer))
}

func read(asset graph.WABAID) graph.Request {
	return graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(asset)}}
}

// callAllTime has every client read the account again and again until the
// context ends.
func callAllTime(ctx context.Context, t *testing.T, asset graph.WABAID, clients ...*graph.Client) {
	t.Helper()
	var all sync.WaitGroup
	for _, client := range clients {
		all.Go(func() { callUntilEnd(ctx, t, client, read(asset)) })
	}
	all.Wait()
}

func callUntilEnd(ctx context.Context, t *testing.T, client *graph.Client, req graph.Request) {
	t.Helper()
	for ctx.Err() == nil {
		err := client.Do(ctx, req, nil)
		if wait := (*pacing.WaitError)(nil); errors.As(err, &wait) {
			return // the next call could be sent after the end only
		}
		if err != nil && !errors.Is(err, graph.ErrThrottled) && ctx.Err() == nil {
			t.Error(err)
		}
	}
}

// figures is what the server has seen.
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

// TestPacer_Hours has clients call an account as often as they can for two hours,
// once with a limit of 200 calls an hour and once with 5,000.
func TestPacer_Hours(t *testing.T) {
	const hours = 2
	for _, tc := range []struct {
		name    string
		clients int
		pacers  func(n int) []graph.Pacer
	}{
		{"one client", 1, separate},
		{"one client, 16 calls at once", 16, same},
		{"four that share a Budget", 4, sharers},
		{"four that only see each other's load", 4, separate},
	} {
		for _, limit := range []int{200, 5000} {
			t.Run(fmt.Sprintf("%s/%d an hour", tc.name, limit), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := graphtest.New(t, graphtest.WithQuota())
					var clients []*graph.Client
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

// TestPacer_HoursWithout shows what happens without a Pacer to a client that
// makes 1.5 times as many calls as it may: its own calls keep it blocked.
func TestPacer_HoursWithout(t *testing.T) {
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

// TestPacer_HoursWithRestarts has a program with an empty Memory start every 50
// minutes, as a job or a deployment does. It knows from the first header how much
// is used but not since when, so it sends single calls to find out.
func TestPacer_HoursWithRestarts(t *testing.T) {
	const hours, life = 5, 50 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		asset := accountOf(server, 200)
		for start := time.Now(); time.Since(start) < hours*time.Hour; {
			ctx, cancel := context.WithTimeout(t.Context(), life)
			callAllTime(ctx, t, asset, caller(server, pacing.New(pacing.Config{})))
			<-ctx.Done()
			cancel()
		}
		f := count(server)
		used := 100 * float64(f.answered) / float64(hours*200)
		t.Logf("restarted: %v: %.1f %% of what is permitted", f, used)
		require.LessOrEqual(t, f.throttled, 2)
		require.GreaterOrEqual(t, used, 85.0)
	})
}

// TestPacer_HoursOfPhoneNumbers has sixteen callers read an account and one of
// its numbers. Both count for the account.
func TestPacer_HoursOfPhoneNumbers(t *testing.T) {
	const hours = 2
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		number, _ := server.Number(server.World().Pending)
		client := caller(server, pacing.New(pacing.Config{}))
		ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		for i := range 16 {
			req := read(number.WABA)
			if i%2 == 0 {
				req = get("/{phone-number-id}", string(number.ID))
			}
			all.Go(func() { callUntilEnd(ctx, t, client, req) })
		}
		all.Wait()
		f := count(server)
		used := 100 * float64(f.answered) / float64(hours*200)
		t.Logf("phone numbers: %v: %.1f %% of what is permitted", f, used)
		require.Zero(t, f.throttled)
		require.GreaterOrEqual(t, used, 95.0)
	})
}

// accountOf returns an account without a registered number for a limit of 200,
// and one with a registered number for 5,000.
func accountOf(server *graphtest.Server, limit int) graph.WABAID {
	world := server.World()
	if limit == 200 {
		number, _ := server.Number(world.Pending)
		return number.WABA
	}
	return world.OwnedWABAs[0]
}

func separate(n int) []graph.Pacer {
	pacers := make([]graph.Pacer, n)
	for i := range pacers {
		pacers[i] = pacing.New(pacing.Config{})
	}
	return pacers
}

func same(n int) []graph.Pacer {
	pacers := make([]graph.Pacer, n)
	one := pacing.New(pacing.Config{})
	for i := range pacers {
		pacers[i] = one
	}
	return pacers
}

func sharers(n int) []graph.Pacer {
	pacers := make([]graph.Pacer, n)
	budget := pacing.NewMemory(0)
	for i := range pacers {
		pacers[i] = pacing.New(pacing.Config{Budget: budget})
	}
	return pacers
}
