package onboard_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// A record without a claim does not say which client it is about, and so the offboarding
// of that client does not find it.
func TestFlow_Run_ChangesNothingAfterARevocation(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		again, err := b.server.Signup(graphtest.SignupOptions{Business: done.Business, WABA: done.WABAs[0], Variant: graphtest.OnlyWABA})
		require.NoError(t, err)
		unclaimed := begin(t, flow, onboard.BeginRequest{Tenant: "acme", Callback: signup.Callback{Code: again.Code}})
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)

		unclaimed = runToEnd(t, flow, unclaimed)
		require.Equal(t, onboard.StateFailed, unclaimed.State)
		for _, name := range []onboard.StepName{onboard.StepSubscribe, onboard.StepAssign, onboard.StepShare} {
			require.Equal(t, credit.ErrRevoked.Error(), unclaimed.Step(name, string(done.WABAs[0])).Reason)
		}
		require.Empty(t, b.server.Subscribers(done.WABAs[0]))
		require.Empty(t, b.server.Assigned(done.WABAs[0]))
		require.Empty(t, b.living(done.Business))

		time.Sleep(time.Minute)
		unclaimed, err = flow.Reinstate(t.Context(), unclaimed.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, unclaimed).State)
		b.requireLive(t, done)
	})
}

// A currency that is set just before the worker leases the assets is the one in which the
// line is shared.
func TestFlow_Run_ReadsTheRecordOnceItHasTheAssets(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		store := &watchedStore{Store: b.store}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		record := begin(t, flow, start)
		store.before = func(objects []onboard.Object) {
			if slices.Contains(objects, onboard.BusinessObject(done.Business)) {
				require.NoError(t, b.flow(t).SetCurrency(t.Context(), record.ID, "USD"))
			}
		}
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		_, billed := b.server.Funding(done.WABAs[0])
		require.Equal(t, "USD", billed)
	})
}

// watchedStore calls before ahead of each lease.
type watchedStore struct {
	onboard.Store
	before func([]onboard.Object)
}

func (s *watchedStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	if s.before != nil {
		s.before(objects)
	}
	return s.Store.Acquire(ctx, owner, ttl, objects...)
}
