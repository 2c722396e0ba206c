package onboard_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// An offboarding ends before it has stored that it revoked the line, and the client comes
// back and gets the line again. To offboard it once more revokes the new share too.
func TestFlow_Offboard_RevokesTheNewShareToo(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		order := onboard.OffboardRequest{Record: record.ID, EveryWABA: true}
		record, err := flow.Offboard(t.Context(), order)
		require.NoError(t, err)
		record.State, record.Revoked = onboard.StateOffboarding, time.Time{}
		_, err = b.store.Update(t.Context(), record)
		require.NoError(t, err)

		again, err := b.server.Signup(graphtest.SignupOptions{Business: done.Business, WABA: done.WABAs[0], Variant: graphtest.OnlyWABA})
		require.NoError(t, err)
		back := begin(t, flow, onboard.BeginRequest{
			Tenant: "acme", Callback: signup.Callback{Code: again.Code}, Reinstate: true,
			Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
		})
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, back).State)
		b.requireLive(t, done)

		record, err = flow.Offboard(t.Context(), order)
		require.NoError(t, err)
		b.requireGone(t, done, record)
		other, err := b.store.Get(t.Context(), back.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateOffboarded, other.State)
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
