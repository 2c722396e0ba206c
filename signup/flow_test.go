package signup_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// bench is a partner's backend with a simulator behind it.
type bench struct {
	server *graphtest.Server
	world  graphtest.World
	store  *signup.MemoryStore
	vault  *signup.SealedVault
}

func newBench(t testing.TB, opts ...graphtest.Option) *bench {
	t.Helper()
	server := graphtest.New(t, opts...)
	store := signup.NewMemoryStore()
	key := sha256.Sum256([]byte("a key of the tests"))
	ring, err := signup.NewKeyring("k1", map[string][]byte{"k1": key[:]})
	require.NoError(t, err)
	return &bench{server: server, world: server.World(), store: store, vault: signup.NewSealedVault(store, ring)}
}

// config is a Solution Partner's: everything is done.
func (b *bench) config() signup.FlowConfig {
	return signup.FlowConfig{
		Graph: b.server.Client(), App: signup.App{ID: b.world.App, Secret: b.world.AppSecret}, Business: b.world.Business,
		Store: b.store, Vault: b.vault, SystemUser: b.world.Employee.ID, Line: b.world.CreditLine, Currency: "EUR",
	}
}

func (b *bench) flow(t testing.TB, change ...func(*signup.FlowConfig)) *signup.Flow {
	t.Helper()
	cfg := b.config()
	for _, c := range change {
		c(&cfg)
	}
	flow, err := signup.NewFlow(cfg)
	require.NoError(t, err)
	return flow
}

func (b *bench) client(t testing.TB, spec graphtest.Signup) (graphtest.Finished, signup.Start) {
	t.Helper()
	done, err := b.server.Signup(spec)
	require.NoError(t, err)
	return done, signup.Start{
		Tenant: "acme", Callback: signup.Callback{Code: done.Code},
		Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
	}
}

// requireLive asserts what a finished onboarding leaves at Meta's side.
func (b *bench) requireLive(t testing.TB, done graphtest.Finished) {
	t.Helper()
	live := map[wagraph.BusinessID]int{}
	for _, a := range b.server.Allocations() {
		if a.Deleted || a.Business != done.Business {
			continue
		}
		live[a.Business]++
		require.ElementsMatch(t, done.WABAs, a.WABAs, "each WABA attached once")
	}
	require.Equal(t, 1, live[done.Business], "live allocations of the client")
	for _, id := range done.WABAs {
		require.Contains(t, b.server.Subscribers(id), b.world.App)
		require.Contains(t, b.server.Assigned(id), b.world.Employee.ID)
	}
	for _, id := range done.Numbers {
		n, ok := b.server.Number(id)
		require.True(t, ok)
		require.Equal(t, "CONNECTED", n.Status)
	}
}

func TestFlowOnboardsAClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		flow := b.flow(t)
		done, start := b.client(t, graphtest.Signup{WABAs: 2, Numbers: 2})
		record, err := flow.Begin(t.Context(), start)
		require.NoError(t, err)
		require.Equal(t, signup.StateRunning, record.State)
		record, err = flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, signup.StateDone, record.State, "%+v", record.Steps)
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

// TestFlowSurvivesACrashAtEveryStoreWrite kills the first process after its nth
// write, and lets a second one finish.
func TestFlowSurvivesACrashAtEveryCall(t *testing.T) {
	crashes := 0
	for n := 1; ; n++ {
		hit := false
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			done, start := b.client(t, graphtest.Signup{})
			ctx, kill := context.WithCancel(t.Context())
			crash := &crashing{Store: b.store, left: n, kill: func() { hit = true; kill() }}
			first := b.flow(t, func(c *signup.FlowConfig) { c.Store = crash; c.Worker = "first" })
			if record, err := first.Begin(ctx, start); err == nil {
				_, _ = first.Run(ctx, record.ID)
			}
			kill()
			time.Sleep(time.Hour) // the lease runs out
			second := b.flow(t, func(c *signup.FlowConfig) { c.Worker = "second" })
			record, err := second.Begin(t.Context(), start)
			require.NoError(t, err)
			for range 5 {
				record, err = second.Run(t.Context(), record.ID)
				require.NoError(t, err)
				if record.State.Final() {
					break
				}
				time.Sleep(time.Hour)
			}
			require.LessOrEqual(t, b.server.Exchanges(done.Code), 1)
			if record.State == signup.StateNeedsNewSignup {
				return // the code was never exchanged, and is gone
			}
			require.Equal(t, signup.StateDone, record.State, "crash %d: %+v", n, record.Steps)
			b.requireLive(t, done)
		})
		if !hit {
			break
		}
		crashes++
	}
	t.Logf("%d crashes survived", crashes)
	require.Greater(t, crashes, 5)
}

// crashing is a Store whose process dies at a write: before it is stored, and
// nothing after it is.
type crashing struct {
	signup.Store
	left int
	kill func()
	dead bool
}

func (c *crashing) die() bool {
	if c.left--; c.left == 0 {
		c.dead = true
		c.kill()
	}
	return c.dead
}

func (c *crashing) Insert(ctx context.Context, r signup.Record) (signup.Record, error) {
	if c.die() {
		return r, context.Canceled
	}
	return c.Store.Insert(ctx, r)
}

func (c *crashing) Update(ctx context.Context, r signup.Record) (signup.Record, error) {
	if c.die() {
		return r, context.Canceled
	}
	return c.Store.Update(ctx, r)
}
