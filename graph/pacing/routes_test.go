package pacing_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestPacer_PhoneNumbersCountForAccount checks that calls on a phone number count
// for its account, also those that were under way when the account was not known.
func TestPacer_PhoneNumbersCountForAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		number, _ := server.Number(server.World().Pending)
		pacer := pacing.New(pacing.Config{})
		client := caller(server, pacer)
		ctx := t.Context()
		done := make(chan error)
		for range 30 {
			go func() { done <- client.Do(ctx, get("/{phone-number-id}", string(number.ID)), nil) }()
		}
		synctest.Wait() // all are on the wire, and the account is not known
		usage, err := pacer.Usage(ctx, string(number.WABA))
		require.NoError(t, err)
		require.Zero(t, usage.Sent)
		for range 30 {
			require.NoError(t, <-done)
		}
		for range 5 {
			require.NoError(t, client.Do(ctx, get("/{waba-id}", string(number.WABA)), nil))
		}
		for _, id := range []string{string(number.WABA), string(number.ID)} {
			usage, err := pacer.Usage(ctx, id)
			require.NoError(t, err)
			require.Equal(t, pacing.Usage{Sent: 35, Limit: 200}, usage)
		}
	})
}

// TestPacer_WaitersFollowNumber has calls wait for the quota of a number. When its
// account is learned, they wait for the account's quota, which is not used.
func TestPacer_WaitersFollowNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		client := caller(server, pacing.New(pacing.Config{Limit: 4}))
		asset := string(server.World().Certified)
		done := make(chan error)
		start := time.Now()
		for range 6 {
			go func() { done <- client.Do(t.Context(), get("/{phone-number-id}", asset), nil) }()
		}
		for range 6 {
			require.NoError(t, <-done)
		}
		require.Less(t, time.Since(start), 5*time.Minute, "in the queue of the number the third would wait for 15 minutes")
		require.Equal(t, 6, count(server).answered)
	})
}

// TestPacer_CountedRoutes tries the routes that Meta's list names, and some that
// it does not.
func TestPacer_CountedRoutes(t *testing.T) {
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
		pacer := pacing.New(pacing.Config{})
		require.NoError(t, pacer.WaitFor(t.Context(), graph.TraceStart{Method: method, Route: path, IDs: []string{"1"}}))
		usage, err := pacer.Usage(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, counted, usage.Sent == 1, route)
	}
}

// TestPacer_CreditLinesShareQuota checks that all credit lines and allocations
// count for one quota.
func TestPacer_CreditLinesShareQuota(t *testing.T) {
	pacer := pacing.New(pacing.Config{CreditLimit: 4, Reserve: -1, MaxWait: -1})
	var errs []error
	for _, route := range []string{
		"POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach", "GET /{allocation-config-id}",
		"DELETE /{allocation-config-id}", "GET /{business-id}/extendedcredits",
	} {
		method, path, _ := strings.Cut(route, " ")
		errs = append(errs, pacer.WaitFor(t.Context(), graph.TraceStart{Method: method, Route: path, IDs: []string{"7"}}))
	}
	require.Equal(t, []error{nil, nil, nil}, errs[:3])
	var late *pacing.WaitError
	require.ErrorAs(t, errs[3], &late)
	require.Empty(t, late.Asset)
	require.Equal(t, 4, late.Limit)
	require.NoError(t, pacer.WaitFor(t.Context(), graph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"7"}}))
}

// TestPacer_BatchCountsOps checks that each op of a batch counts as a call, and the
// request that carries them does not.
func TestPacer_BatchCountsOps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		number, _ := server.Number(server.World().Pending)
		pacer := pacing.New(pacing.Config{})
		batch := graph.NewBatch(caller(server, pacer))
		var results []*graph.Result[map[string]any]
		for range 50 {
			results = append(results, graph.Add(batch, graph.Op[map[string]any]{Request: read(number.WABA)}))
		}
		require.NoError(t, batch.Send(t.Context()))
		for _, result := range results {
			require.NoError(t, result.Err)
		}
		usage, err := pacer.Usage(t.Context(), string(number.WABA))
		require.NoError(t, err)
		require.Equal(t, pacing.Usage{Sent: 50, Limit: 200}, usage)
	})
}
