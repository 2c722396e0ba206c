package onboard_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
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
		running := confirmed(t, flow, begin(t, flow, start))
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
		running := confirmed(t, flow, begin(t, flow, start))
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

// An offboarding of two records ends at one of them. The next call does the rest.
func TestFlow_Offboard_GoesOnWithTheOtherRecords(t *testing.T) {
	for _, stopped := range []string{"the other one", "the one of the request"} {
		t.Run(stopped, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				store := &brokenStore{Store: b.store}
				flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
				first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
				_, other := b.onboarded(t, flow, graphtest.SignupOptions{Business: first.Business})
				stop := map[string]string{"the other one": other.ID, "the one of the request": record.ID}[stopped]
				store.breaks = func(r onboard.Record) bool { return r.ID == stop && r.State == onboard.StateOffboarded }
				order := onboard.OffboardRequest{Record: record.ID, EveryWABA: true}
				_, err := flow.Offboard(t.Context(), order)
				require.ErrorIs(t, err, errStore)
				store.breaks = nil
				record, err = flow.Offboard(t.Context(), order)
				require.NoError(t, err)
				b.requireGone(t, first, record)
				for _, id := range []string{record.ID, other.ID} {
					ended, err := b.store.Get(t.Context(), id)
					require.NoError(t, err)
					require.Equal(t, onboard.StateOffboarded, ended.State)
				}
				require.Empty(t, b.secrets(t, vault.SecretToken))
			})
		})
	}
}

// The share was posted, and the process died before it stored that. The offboarding finds
// the share, revokes it, and dies before it stores that.
func TestFlow_Offboard_RemembersARevocationThatWasNotStored(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var dead atomic.Bool
		store := &brokenStore{Store: b.store, breaks: func(onboard.Record) bool { return dead.Load() }}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		die := func(graphtest.Call) *graphtest.Fault { dead.Store(true); return nil }
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		remove := b.server.Control(routeShare, die)
		_, err := flow.Run(t.Context(), record.ID)
		require.ErrorIs(t, err, errStore)
		remove()
		dead.Store(false)
		require.Len(t, b.living(done.Business), 1)
		time.Sleep(time.Hour) // the leases end

		remove = b.server.Control(routeRevoke, die)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.ErrorIs(t, err, errStore)
		require.Empty(t, b.living(done.Business))
		remove()
		dead.Store(false)
		time.Sleep(time.Hour)

		token := mustToken(t, b, done.Business)
		back, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: token, WABAs: done.WABAs})
		require.NoError(t, err)
		require.Equal(t, onboard.StateFailed, runToEnd(t, flow, back).State)
		require.Empty(t, b.living(done.Business), "only Reinstate shares it again")
	})
}

// A browser claimed the business of a client that is offboarded. The token is of another
// client.
func TestFlow_Offboard_LeavesARecordThatOnlyClaimsTheBusiness(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		other, start := b.client(t, graphtest.SignupOptions{})
		right := start.Claim
		start.Claim = signup.Claim{Business: first.Business}
		wrong := begin(t, flow, start)
		_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		kept, err := b.store.Get(t.Context(), wrong.ID)
		require.NoError(t, err)
		require.Equal(t, wrong, kept)
		_, err = flow.AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Record: wrong.ID, Claim: right, Replace: true})
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, wrong).State)
		b.requireLive(t, other)
	})
}

// People write into the record while the line is revoked.
func TestFlow_Offboard_WhileAPersonWrites(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		b.server.Delay(routeRevoke, 5*time.Second)
		ended := make(chan error, 1)
		go func() {
			_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
			ended <- err
		}()
		time.Sleep(time.Second)
		_, err := flow.Reinstate(t.Context(), record.ID)
		require.NoError(t, err)
		require.NoError(t, <-ended)
		record, err = b.store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.True(t, record.Reinstate)
		b.requireGone(t, done, record)
	})
}

// Two records have one WABA, and nothing was shared.
func TestFlow_Offboard_AsksBecauseAnotherRecordHasTheWABA(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.Line, c.Currency = "", "" })
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		other, err := flow.BeginShared(t.Context(), onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0]})
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, other).State)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID})
		requireField(t, err, "every waba")
		require.ErrorContains(t, err, other.ID)
		require.Contains(t, b.server.Subscribers(done.WABAs[0]), b.world.App)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		other, err = b.store.Get(t.Context(), other.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateOffboarded, other.State)
		require.NotContains(t, b.server.Subscribers(done.WABAs[0]), b.world.App)
	})
}

const (
	routeShare  = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	routeRevoke = "DELETE /{allocation-config-id}"
)

var errStore = errors.New("the database is broken")

// brokenStore does not store some records.
type brokenStore struct {
	onboard.Store
	breaks func(onboard.Record) bool
}

func (s *brokenStore) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if s.breaks != nil && s.breaks(record) {
		return onboard.Record{}, errStore
	}
	return s.Store.Update(ctx, record)
}

// confirmed does the steps until the record's business is confirmed.
func confirmed(t *testing.T, flow *onboard.Flow, record onboard.Record) onboard.Record {
	t.Helper()
	for range 10 {
		if step := record.Step(onboard.StepConfirm, ""); step != nil && step.State == onboard.StepDone {
			return record
		}
		var err error
		record, err = flow.Advance(t.Context(), record.ID)
		require.NoError(t, err)
	}
	t.Fatalf("nothing is confirmed: %+v", record.Steps)
	return record
}

// living returns the allocations of a business that are not deleted.
func (b *bench) living(business graph.BusinessID) (living []graph.AllocationID) {
	for _, a := range b.server.Allocations() {
		if a.Business == business && !a.Deleted {
			living = append(living, a.ID)
		}
	}
	return living
}
