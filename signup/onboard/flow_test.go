package onboard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func TestFlow_OnboardsAClient(t *testing.T) {
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
		require.Zero(t, record.Holder)
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

// failedShare returns a record whose share failed because it has no currency: it
// began when the Flow had no credit line.
func failedShare(t *testing.T, b *bench) (graphtest.SignupResult, onboard.Record) {
	t.Helper()
	done, start := b.client(t, graphtest.SignupOptions{})
	record, err := b.flow(t).Begin(t.Context(), start)
	require.NoError(t, err)
	record.Currency = ""
	record, err = b.store.Update(t.Context(), record)
	require.NoError(t, err)
	record, err = b.flow(t).Run(t.Context(), record.ID)
	require.NoError(t, err)
	require.Equal(t, onboard.StateFailed, record.State)
	return done, record
}

func TestFlow_SetCurrency(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, record := failedShare(t, b)
		requireField(t, flow.SetCurrency(t.Context(), record.ID, "usd"), "currency")
		require.ErrorIs(t, flow.SetCurrency(t.Context(), "none", "USD"), onboard.ErrNoRecord)
		require.NoError(t, flow.SetCurrency(t.Context(), record.ID, "USD"))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, "USD", record.Accounts[0].Currency)
		requireField(t, flow.SetCurrency(t.Context(), record.ID, "EUR"), "record")
	})
}

// What a person sets while a worker has the record is not lost, and does not disturb the
// worker.
func TestFlow_SetCurrency_WhileAWorkerHasTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		b.server.Delay(routeDebug, 10*time.Second)
		ended := runMeanwhile(t, flow, record)
		time.Sleep(5 * time.Second)
		require.NoError(t, b.flow(t).SetCurrency(t.Context(), record.ID, "USD"))
		record = ended()
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, "USD", record.Accounts[0].Currency)
		b.requireLive(t, done)
	})
}
