package onboard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestOneClientTakesSevenRoundTripsInSequence counts how many round trips of
// 50 ms a whole onboarding takes, and how many calls.
func TestOneClientTakesSevenRoundTripsInSequence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const roundTrip = 50 * time.Millisecond
		b := newBench(t)
		b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: roundTrip} })
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		began := time.Now()
		record, err := flow.Begin(t.Context(), start)
		require.NoError(t, err)
		record, err = flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.EqualValues(t, "done", record.State, "%+v", record.Steps)
		depth := int(time.Since(began) / roundTrip)
		for _, c := range b.server.Calls() {
			t.Log(c.Time.Sub(began)/roundTrip, c.Method, c.Route)
		}
		t.Logf("%d round trips in sequence, %d calls", depth, len(b.server.Calls()))
		require.LessOrEqual(t, depth, 7)
	})
}
