package onboard_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func TestFlowOnboardsAClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{WABAs: 2, Numbers: 2})
		record, err := flow.Begin(t.Context(), start)
		require.NoError(t, err)
		require.Equal(t, onboard.StateRunning, record.State)
		record, err = flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
		require.Zero(t, record.Lease)
		for _, n := range record.Numbers {
			require.True(t, n.Connected)
			require.Equal(t, 1, b.server.Registrations(n.ID))
		}

		again, err := flow.Begin(t.Context(), start)
		require.NoError(t, err, "the same code posted twice")
		require.Equal(t, record.ID, again.ID)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}
