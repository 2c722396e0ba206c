package pacing_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

// waited is how long a call took, round trips aside.
func waited(ctx context.Context, t *testing.T, client *wagraph.Client, req wagraph.Request) time.Duration {
	t.Helper()
	start := time.Now()
	require.NoError(t, client.Do(ctx, req, nil))
	return time.Since(start).Round(2 * time.Second)
}

func get(route string, id string) wagraph.Request {
	return wagraph.Request{Method: http.MethodGet, Route: route, IDs: []string{id}}
}

// TestThrottleBlocksOneAccount and nothing else, for as long as Meta said.
func TestThrottleBlocksOneAccount(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault graphtest.Fault
		wait  time.Duration
	}{
		{"with a wait", graphtest.Fault{Code: 80008, RegainAfter: 19 * time.Minute}, 19 * time.Minute},
		{"without one", graphtest.Fault{Code: 80008}, 5 * time.Minute},
		{"by its other name", graphtest.Fault{Code: 80007}, 5 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				world := server.World()
				client := caller(server, pacing.New(pacing.Options{}))
				here, there := string(world.OwnedWABAs[0]), string(world.OwnedWABAs[1])
				ctx := t.Context()

				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", here)))
				server.Once("GET /{waba-id}", tc.fault)
				require.ErrorIs(t, client.Do(ctx, get("/{waba-id}", here), nil), wagraph.ErrThrottled)

				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", there)), "another account")
				require.Zero(t, waited(ctx, t, client, get("/{business-id}/owned_whatsapp_business_accounts", string(world.Business))), "no account's quota")
				require.Equal(t, tc.wait, waited(ctx, t, client, get("/{waba-id}/phone_numbers", here)))
				require.Zero(t, waited(ctx, t, client, get("/{waba-id}", here)), "the block is over")
			})
		})
	}
}

// TestThrottleBlocksTheApp, all of its accounts, and calls without a quota too.
func TestThrottleBlocksTheApp(t *testing.T) {
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
				client := caller(server, pacing.New(pacing.Options{}))
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

// TestSharersShareBlocks: what one was told stops the other.
func TestSharersShareBlocks(t *testing.T) {
	for code, wait := range map[int]time.Duration{80008: 9 * time.Minute, 4: 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			server := graphtest.New(t)
			asset := string(server.World().OwnedWABAs[0])
			pacers := sharers(3)
			pacers[2] = pacing.New(pacing.Options{App: "another app"})
			ctx := t.Context()
			fault := graphtest.Fault{Code: code}
			if code == 80008 {
				fault.RegainAfter = wait
			}
			server.Once("GET /{waba-id}", fault)
			require.ErrorIs(t, caller(server, pacers[0]).Do(ctx, get("/{waba-id}", asset), nil), wagraph.ErrThrottled)
			require.Zero(t, waited(ctx, t, caller(server, pacers[2]), get("/{waba-id}", asset)))
			require.Equal(t, wait, waited(ctx, t, caller(server, pacers[1]), get("/{waba-id}", asset)))
		})
	}
}

// TestOneCallEndsABlock: of many callers that wait for the end of a block, one
// is sent ahead. As it is refused again, the others go on waiting.
func TestOneCallEndsABlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		asset := string(server.World().OwnedWABAs[0])
		client := caller(server, pacing.New(pacing.Options{}))
		server.Throttle("GET /{waba-id}", 2, 3*time.Minute)
		start := time.Now()
		require.Error(t, client.Do(t.Context(), get("/{waba-id}", asset), nil))
		refused, done := 0, make(chan error)
		for range 20 {
			go func() { done <- client.Do(t.Context(), get("/{waba-id}", asset), nil) }()
		}
		for range 20 {
			if err := <-done; err != nil {
				require.ErrorIs(t, err, wagraph.ErrThrottled)
				refused++
			}
		}
		require.Equal(t, 1, refused)
		require.Equal(t, 6*time.Minute, time.Since(start).Truncate(time.Minute))
	})
}

// TestPhoneNumbersCountForTheirAccount from the first answer on, and what was
// counted before it moves over.
func TestPhoneNumbersCountForTheirAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		number, _ := server.Number(server.World().Pending)
		pacer := pacing.New(pacing.Options{})
		client := caller(server, pacer)
		ctx := t.Context()
		done := make(chan error)
		for range 30 {
			go func() { done <- client.Do(ctx, get("/{phone-number-id}", string(number.ID)), nil) }()
		}
		synctest.Wait() // all are on the wire, and nobody knows whose number it is
		standing, err := pacer.Standing(ctx, string(number.WABA))
		require.NoError(t, err)
		require.Zero(t, standing.Own)
		for range 30 {
			require.NoError(t, <-done)
		}
		for range 5 {
			require.NoError(t, client.Do(ctx, get("/{waba-id}", string(number.WABA)), nil))
		}
		for _, id := range []string{string(number.WABA), string(number.ID)} {
			standing, err := pacer.Standing(ctx, id)
			require.NoError(t, err)
			require.Equal(t, pacing.Standing{Own: 35, Limit: 200}, standing)
		}
	})
}

// TestWaitersFollowTheirNumber: callers wait in the line of a number whose
// account is then learned, and which has room.
func TestWaitersFollowTheirNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		client := caller(server, pacing.New(pacing.Options{Limit: 4}))
		asset := string(server.World().Certified)
		done := make(chan error)
		start := time.Now()
		for range 6 {
			go func() { done <- client.Do(t.Context(), get("/{phone-number-id}", asset), nil) }()
		}
		for range 6 {
			require.NoError(t, <-done)
		}
		require.Less(t, time.Since(start), 5*time.Minute, "in its own line the third would wait for 15")
		require.Equal(t, 6, count(server).answered)
	})
}

// TestOnlyCountedEdgesAreCharged walks the routes that Meta's list names, and
// some that it does not.
func TestOnlyCountedEdgesAreCharged(t *testing.T) {
	for route, counted := range map[string]bool{
		"GET /{waba-id}":                      true,
		"POST /{waba-id}":                     false,
		"GET /{waba-id}/assigned_users":       true,
		"POST /{waba-id}/assigned_users":      true,
		"DELETE /{waba-id}/assigned_users":    true,
		"GET /{waba-id}/phone_numbers":        true,
		"POST /{waba-id}/phone_numbers":       false,
		"GET /{waba-id}/message_templates":    true,
		"DELETE /{waba-id}/message_templates": true,
		"POST /{waba-id}/subscribed_apps":     true,
		"GET /{waba-id}/activities":           false,
		"GET /{phone-number-id}":              true,
		"POST /{phone-number-id}/register":    false,
		"GET /{WABA-ID}/phone_numbers":        true,
		"GET /{whatsapp-business-account-id}": true,
		"GET /debug_token":                    false,
		"GET /{business-id}/system_users":     false,
		"POST /":                              false,
		"GET /{extended-credit-id}":           false,
		"GET /{business-id}/extendedcredits":  false,
	} {
		method, path, _ := strings.Cut(route, " ")
		pacer := pacing.New(pacing.Options{})
		require.NoError(t, pacer.WaitFor(t.Context(), wagraph.TraceStart{Method: method, Route: path, IDs: []string{"1"}}))
		standing, err := pacer.Standing(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, counted, standing.Own == 1, route)
	}
}

// TestCreditLinesHaveOneQuota, whichever line or allocation is called.
func TestCreditLinesHaveOneQuota(t *testing.T) {
	pacer := pacing.New(pacing.Options{CreditLimit: 4, Reserve: -1, MaxWait: -1})
	var errs []error
	for _, route := range []string{
		"POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach", "GET /{allocation-config-id}",
		"DELETE /{allocation-config-id}", "GET /{business-id}/extendedcredits",
	} {
		method, path, _ := strings.Cut(route, " ")
		errs = append(errs, pacer.WaitFor(t.Context(), wagraph.TraceStart{Method: method, Route: path, IDs: []string{"7"}}))
	}
	require.Equal(t, []error{nil, nil, nil}, errs[:3])
	var late *pacing.WaitError
	require.ErrorAs(t, errs[3], &late)
	require.Empty(t, late.Asset)
	require.Equal(t, 4, late.Limit)
	require.NoError(t, pacer.WaitFor(t.Context(), wagraph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"7"}}))
}

// TestEachOpOfABatchIsACall: fifty at once, and the request that carries them
// is none.
func TestEachOpOfABatchIsACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		number, _ := server.Number(server.World().Pending)
		pacer := pacing.New(pacing.Options{})
		batch := wagraph.NewBatch(caller(server, pacer))
		var results []*wagraph.Result[map[string]any]
		for range 50 {
			results = append(results, wagraph.Add(batch, wagraph.Op[map[string]any]{Request: read(number.WABA)}))
		}
		require.NoError(t, batch.Send(t.Context()))
		for _, result := range results {
			require.NoError(t, result.Err)
		}
		standing, err := pacer.Standing(t.Context(), string(number.WABA))
		require.NoError(t, err)
		require.Equal(t, pacing.Standing{Own: 50, Limit: 200}, standing)
	})
}
