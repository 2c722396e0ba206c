package interop_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func read(server *graphtest.Server) wagraph.Request {
	return wagraph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(server.World().OwnedWABAs[0])}}
}

// TestRateLimiterPaces has ten calls leave at one a second after a burst of two.
func TestRateLimiterPaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		client := server.Client(wagraph.WithPacer(rate.NewLimiter(rate.Every(time.Second), 2)))
		for range 10 {
			require.NoError(t, client.Do(t.Context(), read(server), nil))
		}
		calls := server.Calls()
		require.Len(t, calls, 10)
		require.Equal(t, 8*time.Second, calls[9].Time.Sub(calls[0].Time).Round(time.Millisecond))
	})
}

// TestRateLimiterPacesRepeats too: each attempt takes its turn.
func TestRateLimiterPacesRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Fail("GET /{waba-id}", 2, 0)
		client := server.Client(
			wagraph.WithPacer(rate.NewLimiter(rate.Every(time.Minute), 1)),
			wagraph.WithRetry(wagraph.RetryPolicy{MinWait: -1}))
		require.NoError(t, client.Do(t.Context(), read(server), nil))
		calls := server.Calls()
		require.Len(t, calls, 2)
		require.Equal(t, time.Minute, calls[1].Time.Sub(calls[0].Time).Round(time.Millisecond))
	})
}

// TestRateLimiterRefuses: a wait beyond the deadline ends the call, unsent.
func TestRateLimiterRefuses(t *testing.T) {
	server := graphtest.New(t)
	limiter := rate.NewLimiter(rate.Every(time.Hour), 1)
	require.True(t, limiter.Allow())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := server.Client(wagraph.WithPacer(limiter)).Do(ctx, read(server), nil)
	require.ErrorContains(t, err, "would exceed context deadline")
	require.Empty(t, server.Calls())
}

// Any rate limiter with a Wait method is a Pacer.
func Example() {
	server := graphtest.Start()
	client := server.Client(wagraph.WithPacer(rate.NewLimiter(rate.Limit(20), 5)))
	err := client.Do(context.Background(), read(server), nil)
	fmt.Println(len(server.Calls()), err)
	// Output: 1 <nil>
}
