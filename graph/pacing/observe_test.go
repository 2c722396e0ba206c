package pacing_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// waited makes a call and returns how long it took, without the round trips.
func waited(ctx context.Context, t *testing.T, client *graph.Client, req graph.Request) time.Duration {
	t.Helper()
	start := time.Now()
	require.NoError(t, client.Do(ctx, req, nil))
	return time.Since(start).Round(2 * time.Second)
}

func get(route string, id string) graph.Request {
	return graph.Request{Method: http.MethodGet, Route: route, IDs: []string{id}}
}

// TestObserve_ThrottleOfAccount checks that a throttle stops the calls on one
// account and no others, for as long as Meta said.
func TestObserve_ThrottleOfAccount(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault graphtest.Fault
		wait  time.Duration
	}{
		{"with a wait", graphtest.Fault{Code: 80008, RegainAfter: 19 * time.Minute}, 19 * time.Minute},
		{"without one", graphtest.Fault{Code: 80008}, 5 * time.Minute},
		{"with the other code", graphtest.Fault{Code: 80007}, 5 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				world := server.World()
				client := caller(server, pacing.New(pacing.Config{}))
				here, there := string(world.OwnedWABAs[0]), string(world.OwnedWABAs[1])
				ctx := t.Context()

				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", here)))
				server.Once("GET /{waba-id}", tc.fault)
				require.ErrorIs(t, client.Do(ctx, get("/{waba-id}", here), nil), graph.ErrThrottled)

				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", there)), "another account")
				require.Zero(t, waited(ctx, t, client, get("/{business-id}/owned_whatsapp_business_accounts", string(world.Business))), "counts for no account")
				require.Equal(t, tc.wait, waited(ctx, t, client, get("/{waba-id}/phone_numbers", here)))
				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", here)), "the block is over")
			})
		})
	}
}

// TestObserve_ThrottleOfApp checks that a throttle of the app stops the calls on
// all accounts, and those that no quota counts.
func TestObserve_ThrottleOfApp(t *testing.T) {
	for _, tc := range []struct {
		name   string
		fault  graphtest.Fault
		failed bool
		wait   time.Duration
	}{
		{"code 4", graphtest.Fault{Code: 4}, true, 5 * time.Minute},
		{"code 17", graphtest.Fault{Code: 17}, true, 5 * time.Minute},
		{"code 341", graphtest.Fault{Code: 341}, true, 5 * time.Minute},
		{"a full X-App-Usage on a success", graphtest.Fault{After: true, Header: http.Header{
			"X-App-Usage": {`{"call_count":100,"total_cputime":25,"total_time":25}`},
		}}, false, 5 * time.Minute},
		{"code 4 about one edge", graphtest.Fault{Code: 4, Subcode: 2390008}, true, 0},
		{"code 613, a limit of the edge", graphtest.Fault{Code: 613}, true, 0},
		{"code 131056, a pair of numbers", graphtest.Fault{Code: 131056}, true, 0},
		{"code 190, no throttle", graphtest.Fault{Code: 190}, true, 0},
		{"X-App-Usage at 99", graphtest.Fault{After: true, Header: http.Header{
			"X-App-Usage": {`{"call_count":99,"total_cputime":25,"total_time":25}`},
		}}, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				world := server.World()
				client := caller(server, pacing.New(pacing.Config{}))
				ctx := t.Context()
				server.Once("GET /{waba-id}", tc.fault)
				err := client.Do(ctx, get("/{waba-id}", string(world.OwnedWABAs[0])), nil)
				require.Equal(t, tc.failed, err != nil, "%v", err)
				require.Equal(t, tc.wait, waited(ctx, t, client, get("/{business-id}/owned_whatsapp_business_accounts", string(world.Business))))
				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", string(world.OwnedWABAs[1]))))
			})
		})
	}
}

// TestObserve_SharedBlock checks that a throttle of one Pacer stops another one
// with the same Budget.
func TestObserve_SharedBlock(t *testing.T) {
	for code, wait := range map[int]time.Duration{80008: 9 * time.Minute, 4: 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			server := graphtest.New(t)
			asset := string(server.World().OwnedWABAs[0])
			pacers := sharers(3)
			pacers[2] = pacing.New(pacing.Config{App: "another app"})
			ctx := t.Context()
			fault := graphtest.Fault{Code: code}
			if code == 80008 {
				fault.RegainAfter = wait
			}
			server.Once("GET /{waba-id}", fault)
			require.ErrorIs(t, caller(server, pacers[0]).Do(ctx, get("/{waba-id}", asset), nil), graph.ErrThrottled)
			require.Zero(t, waited(ctx, t, caller(server, pacers[2]), get("/{waba-id}", asset)))
			require.Equal(t, wait, waited(ctx, t, caller(server, pacers[1]), get("/{waba-id}", asset)))
		})
	}
}

// TestObserve_OneCallEndsBlock has many calls wait for the end of a block. One is
// sent first. It is refused again, so the others go on waiting.
func TestObserve_OneCallEndsBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		asset := string(server.World().OwnedWABAs[0])
		client := caller(server, pacing.New(pacing.Config{}))
		server.Throttle("GET /{waba-id}", 2, 3*time.Minute)
		start := time.Now()
		require.Error(t, client.Do(t.Context(), get("/{waba-id}", asset), nil))
		refused, done := 0, make(chan error)
		for range 20 {
			go func() { done <- client.Do(t.Context(), get("/{waba-id}", asset), nil) }()
		}
		for range 20 {
			if err := <-done; err != nil {
				require.ErrorIs(t, err, graph.ErrThrottled)
				refused++
			}
		}
		require.Equal(t, 1, refused)
		require.Equal(t, 6*time.Minute, time.Since(start).Truncate(time.Minute))
	})
}
