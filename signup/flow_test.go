package signup_test

import (
	"crypto/sha256"
	"testing"
	"testing/synctest"

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
	ring   *signup.Keyring
	vault  *signup.SealedVault
}

func newBench(t testing.TB, opts ...graphtest.Option) *bench {
	t.Helper()
	server := graphtest.New(t, opts...)
	store := signup.NewMemoryStore()
	key := sha256.Sum256([]byte("a key of the tests"))
	ring, err := signup.NewKeyring("k1", map[string][]byte{"k1": key[:]})
	require.NoError(t, err)
	return &bench{server: server, world: server.World(), store: store, ring: ring, vault: signup.NewSealedVault(store, ring)}
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

func (b *bench) client(t testing.TB, spec graphtest.SignupOptions) (graphtest.SignupResult, signup.Start) {
	t.Helper()
	done, err := b.server.Signup(spec)
	require.NoError(t, err)
	return done, signup.Start{
		Tenant: "acme", Callback: signup.Callback{Code: done.Code},
		Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
	}
}

// requireLive asserts what a finished onboarding leaves at Meta's side.
func (b *bench) requireLive(t testing.TB, done graphtest.SignupResult) {
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
		done, start := b.client(t, graphtest.SignupOptions{WABAs: 2, Numbers: 2})
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
