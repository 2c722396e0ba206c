package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// The event of the page comes after the code, and the token names no WABA.
func TestFlow_AddClaim(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{Drift: graphtest.NoTargets})
		claim := start.Claim
		start.Claim = signup.Claim{}
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State, "nothing says which WABA it is")

		_, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "mallory", Claim: claim})
		require.ErrorIs(t, err, onboard.ErrOtherTenant)
		record, err = flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "acme", Claim: claim, Variant: signup.VariantCloud})
		require.NoError(t, err)
		require.Equal(t, claim, record.Claim)
		record, err = flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)

		again, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "acme", Claim: signup.Claim{WABAs: []graph.WABAID{"1"}}})
		require.NoError(t, err)
		require.Equal(t, record, again, "a claim changes nothing once the accounts are confirmed")
	})
}

// The record waits for the event, which says whose token to fetch.
func TestFlow_AddClaim_AfterALostExchange(t *testing.T) {
	for _, comes := range []bool{true, false} {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, start := b.client(t, graphtest.SignupOptions{})
			claim := start.Claim
			start.Claim = signup.Claim{}
			b.server.LoseReply("POST /oauth/access_token")
			record := begin(t, flow, start)
			record, err := flow.Run(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateExchanging, record.State)
			due, open := record.Due()
			require.True(t, open)
			require.InDelta(t, 10*time.Minute, time.Until(due), float64(time.Second))
			if comes {
				record, err = flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "acme", Claim: claim})
				require.NoError(t, err)
			}
			record = runToEnd(t, flow, record)
			if !comes {
				require.Equal(t, onboard.StateNeedsNewSignup, record.State)
				require.Contains(t, record.Step(onboard.StepToken, "").Reason, "which business")
				return
			}
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			b.requireLive(t, done)
		})
	}
}

// The page claimed another client's business. The claim is replaced or withdrawn, and the
// grants suffice.
func TestFlow_AddClaim_ReplacesAWrongClaim(t *testing.T) {
	for name, claim := range map[string]func(right signup.Claim) signup.Claim{
		"replaced":  func(right signup.Claim) signup.Claim { return right },
		"withdrawn": func(signup.Claim) signup.Claim { return signup.Claim{} },
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, start := b.client(t, graphtest.SignupOptions{})
				right := start.Claim
				start.Claim = signup.Claim{Business: "999999999"}
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateFailed, record.State)
				record, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "acme", Claim: claim(right), Replace: true})
				require.NoError(t, err)
				record, err = flow.Resume(t.Context(), record.ID)
				require.NoError(t, err)
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				b.requireLive(t, done)
			})
		})
	}
}

// A claim that comes while a worker has the record is not lost.
func TestFlow_AddClaim_WhileAWorkerHasTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{Drift: graphtest.NoTargets})
		claim := start.Claim
		start.Claim = signup.Claim{}
		record := begin(t, flow, start)
		b.server.Delay(routeDebug, 10*time.Second)
		ended := runMeanwhile(t, flow, record)
		time.Sleep(5 * time.Second)
		_, err := b.flow(t).AddClaim(t.Context(), onboard.ClaimRequest{Record: record.ID, Tenant: "acme", Claim: claim})
		require.NoError(t, err)
		record = ended()
		require.Equal(t, claim, record.Claim)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}
