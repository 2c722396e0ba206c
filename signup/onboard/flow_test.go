package onboard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
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

func TestFlow_SetPIN(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{PIN: graph.NewSecret("012345")})
		record := runToEnd(t, flow, begin(t, flow, start))
		for _, pin := range []string{"", "12345", "1234567", "12345a", "١٢٣٤٥٦"} {
			requireField(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret(pin)), "pin")
		}
		requireField(t, flow.SetPIN(t.Context(), record.ID, "1", graph.NewSecret("012345")), "phone-number-id")
		require.ErrorIs(t, flow.SetPIN(t.Context(), "none", done.Numbers[0], graph.NewSecret("012345")), onboard.ErrNoRecord)
		require.NoError(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret("012345")))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
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

func TestFlow_SetCurrency_NotWhileAWorkerHasTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		_, record := failedShare(t, b)
		record.Lease = onboard.Lease{Owner: "another", Until: time.Now().Add(time.Minute)}
		record, err := b.store.Update(t.Context(), record)
		require.NoError(t, err)
		require.ErrorIs(t, b.flow(t).SetCurrency(t.Context(), record.ID, "USD"), onboard.ErrBusy)
	})
}
