package onboard_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Offboarding takes all records of the client: also one that is still under way and would
// share the line again.
func TestFlow_Offboard_EveryRecordOfTheClient(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		second, start := b.client(t, graphtest.SignupOptions{Business: first.Business})
		running := begin(t, flow, start)
		_, other := b.onboarded(t, flow, graphtest.SignupOptions{})

		record, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		b.requireGone(t, first, record)
		running, err = b.store.Get(t.Context(), running.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateOffboarded, running.State)
		_, err = flow.Run(t.Context(), running.ID)
		require.NoError(t, err)
		for _, id := range second.WABAs {
			require.NotContains(t, b.server.Subscribers(id), b.world.App)
		}
		require.Len(t, b.secrets(t, vault.SecretToken), 1)
		other, err = b.store.Get(t.Context(), other.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, other.State, "another client")
	})
}

// A worker that has one of the client's records is not disturbed.
func TestFlow_Offboard_BusyWhileAWorkerHasARecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		_, start := b.client(t, graphtest.SignupOptions{Business: first.Business})
		running := begin(t, flow, start)
		lease, err := b.store.Acquire(t.Context(), "another", time.Minute, onboard.RecordObject(running.ID))
		require.NoError(t, err)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.ErrorIs(t, err, onboard.ErrBusy)
		b.requireLive(t, first)
		require.NoError(t, b.store.Release(t.Context(), lease))
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
	})
}

// An offboarding of two records ends between them. The next call does the rest.
func TestFlow_Offboard_GoesOnWithTheOtherRecords(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		_, other := b.onboarded(t, flow, graphtest.SignupOptions{Business: first.Business})
		calls := 0
		remove := b.server.Control("DELETE /{waba-id}/subscribed_apps", func(graphtest.Call) *graphtest.Fault {
			if calls++; calls == 1 {
				return nil
			}
			return &graphtest.Fault{Status: http.StatusInternalServerError}
		})
		order := onboard.OffboardRequest{Record: record.ID, EveryWABA: true}
		_, err := flow.Offboard(t.Context(), order)
		require.Error(t, err)
		remove()
		record, err = flow.Offboard(t.Context(), order)
		require.NoError(t, err)
		b.requireGone(t, first, record)
		for _, id := range []string{record.ID, other.ID} {
			ended, err := b.store.Get(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, onboard.StateOffboarded, ended.State)
		}
	})
}
