package ratelimit_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func read(server *graphtest.Server) graph.Request {
	return graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(server.World().OwnedWABAs[0])}}
}

// TestRateLimiter_Paces sends ten calls: a burst of two, and then one each second.
func TestRateLimiter_Paces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		client := server.Client(graph.WithPacer(rate.NewLimiter(rate.Every(time.Second), 2)))
		for range 10 {
			require.NoError(t, client.Do(t.Context(), read(server), nil))
		}
		calls := server.Calls()
		require.Len(t, calls, 10)
		require.Equal(t, 8*time.Second, calls[9].Time.Sub(calls[0].Time).Round(time.Millisecond))
	})
}

// TestRateLimiter_PacesRepeats asserts that each attempt of a call waits for the limiter.
func TestRateLimiter_PacesRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Fail("GET /{waba-id}", 2, 0)
		client := server.Client(
			graph.WithPacer(rate.NewLimiter(rate.Every(time.Minute), 1)),
			graph.WithRetry(graph.RetryPolicy{MinWait: -1}))
		require.NoError(t, client.Do(t.Context(), read(server), nil))
		calls := server.Calls()
		require.Len(t, calls, 2)
		require.Equal(t, time.Minute, calls[1].Time.Sub(calls[0].Time).Round(time.Millisecond))
	})
}

// TestRateLimiter_Refuses asserts that a call is not sent if it would have to wait
// beyond its deadline.
func TestRateLimiter_Refuses(t *testing.T) {
	server := graphtest.New(t)
	limiter := rate.NewLimiter(rate.Every(time.Hour), 1)
	require.True(t, limiter.Allow())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := server.Client(graph.WithPacer(limiter)).Do(ctx, read(server), nil)
	require.ErrorContains(t, err, "would exceed context deadline")
	require.Empty(t, server.Calls())
}

// A rate.Limiter is a Pacer, because it has a method Wait(context.Context) error.
func Example() {
	server := graphtest.Start()
	client := server.Client(graph.WithPacer(rate.NewLimiter(rate.Limit(20), 5)))
	err := client.Do(context.Background(), read(server), nil)
	fmt.Println(len(server.Calls()), err)
	// Output: 1 <nil>
}
