package pacing_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// TestPacer_NotSetUp checks that a Pacer that New did not make, and a nil context,
// end in an InputError and not in a panic.
func TestPacer_NotSetUp(t *testing.T) {
	for name, pacer := range map[string]*pacing.Pacer{"nil": nil, "zero": {}} {
		requireInput(t, "pacing.New makes one", pacer.Wait(t.Context()), name)
		requireInput(t, "pacing.New makes one", pacer.WaitFor(t.Context(), start("1")), name)
		_, err := pacer.Usage(t.Context(), "1")
		requireInput(t, "pacing.New makes one", err, name)
		pacer.Observe(graph.TraceEnd{TraceStart: start("1"), Status: http.StatusOK})
	}
	var none context.Context
	pacer := pacing.New(pacing.Config{})
	requireInput(t, "context is nil", pacer.Wait(none), "nil context")
	requireInput(t, "context is nil", pacer.WaitFor(none, start("1")), "nil context")
	_, err := pacer.Usage(none, "1")
	requireInput(t, "context is nil", err, "nil context")
}

// TestNew_ExtremeConfig checks that no Config keeps the first call from being sent.
func TestNew_ExtremeConfig(t *testing.T) {
	for _, cfg := range []pacing.Config{
		{Limit: 1}, {Reserve: 100}, {Reserve: 1000}, {Window: 1}, {Window: -1},
		{Limit: -5, CreditLimit: -5, Reserve: -5, MaxWait: -5},
	} {
		require.NoError(t, pacing.New(cfg).WaitFor(t.Context(), start("1")), "%+v", cfg)
	}
}

// TestNew_NegativeLimit checks that nothing is counted.
func TestNew_NegativeLimit(t *testing.T) {
	pacer := pacing.New(pacing.Config{Limit: -1, MaxWait: -1})
	for range 1000 {
		require.NoError(t, pacer.WaitFor(t.Context(), start("1")))
	}
	usage, err := pacer.Usage(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, pacing.Usage{}, usage)
}

func requireInput(t *testing.T, reason string, err error, what string) {
	t.Helper()
	input := (*graph.InputError)(nil)
	require.ErrorAs(t, err, &input, what)
	require.ErrorContains(t, err, reason, what)
}

// TestPacer_Race has many goroutines use all methods at once, for the race
// detector.
func TestPacer_Race(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := pacing.NewMemory(3)
		pacers := []*pacing.Pacer{
			pacing.New(pacing.Config{Budget: budget, Limit: 40, Window: time.Minute}),
			pacing.New(pacing.Config{Budget: budget, Limit: 40, Window: time.Minute}),
		}
		assets := []string{"1", "2", "3", "4", "5"}
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				pacer := pacers[i%2]
				for n := range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+i)*time.Second)
					call := start(assets[(i+n)%len(assets)])
					if n%3 == 0 {
						call.Route = "/{phone-number-id}"
					}
					if err := pacer.WaitFor(ctx, call); err == nil {
						time.Sleep(50 * time.Millisecond)
						pacer.Observe(graph.TraceEnd{TraceStart: call, Status: http.StatusOK, Duration: 50 * time.Millisecond})
					}
					_, err := pacer.Usage(ctx, call.IDs[0])
					if err != nil {
						t.Error(err)
					}
					cancel()
				}
			})
		}
		all.Wait()
	})
}
