package onboard_test

import (
	"crypto/sha256"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const routeDebug = "GET /debug_token"

// bench is a partner's backend with a simulator behind it.
type bench struct {
	server  *graphtest.Server
	world   graphtest.World
	store   *onboard.MemoryStore
	storage *vault.MemoryStorage
	ring    *vault.Keyring
	vault   *vault.SealedVault
}

func newBench(t testing.TB, opts ...graphtest.Option) *bench {
	t.Helper()
	server := graphtest.New(t, opts...)
	storage := vault.NewMemoryStorage()
	key := sha256.Sum256([]byte("a key of the tests"))
	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": key[:]})
	require.NoError(t, err)
	secrets, err := vault.NewSealedVault(storage, ring)
	require.NoError(t, err)
	return &bench{server: server, world: server.World(), store: onboard.NewMemoryStore(), storage: storage, ring: ring, vault: secrets}
}

// config is a Solution Partner's: everything is done.
func (b *bench) config() onboard.Config {
	return onboard.Config{
		Client: b.server.Client(), App: signup.App{ID: b.world.App, Secret: b.world.AppSecret}, Business: b.world.Business,
		Store: b.store, Vault: b.vault, SystemUser: b.world.Employee.ID, Line: b.world.CreditLine, Currency: "EUR",
	}
}

func (b *bench) flow(t testing.TB, change ...func(*onboard.Config)) *onboard.Flow {
	t.Helper()
	cfg := b.config()
	for _, c := range change {
		c(&cfg)
	}
	flow, err := onboard.New(cfg)
	require.NoError(t, err)
	return flow
}

func (b *bench) client(t testing.TB, spec graphtest.SignupOptions) (graphtest.SignupResult, onboard.BeginRequest) {
	t.Helper()
	done, err := b.server.Signup(spec)
	require.NoError(t, err)
	return done, onboard.BeginRequest{
		Tenant: "acme", Callback: signup.Callback{Code: done.Code},
		Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
	}
}

// requireLive asserts what a finished onboarding leaves at Meta's side.
func (b *bench) requireLive(t testing.TB, done graphtest.SignupResult) {
	t.Helper()
	live := map[graph.BusinessID]int{}
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

// runMeanwhile runs an onboarding once in a goroutine. The function that it returns
// waits for the end of the run.
func runMeanwhile(t testing.TB, flow *onboard.Flow, record onboard.Record) func() onboard.Record {
	t.Helper()
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		record, err = flow.Run(t.Context(), record.ID)
	}()
	return func() onboard.Record {
		t.Helper()
		<-ended
		require.NoError(t, err)
		return record
	}
}

// runToEnd runs an onboarding until it is done, or until the rest waits for a person.
// It lets the time pass for which the steps wait.
func runToEnd(t testing.TB, flow *onboard.Flow, record onboard.Record) onboard.Record {
	t.Helper()
	for range 60 {
		next, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		record = next
		due, open := record.Due()
		if !open {
			return record
		}
		time.Sleep(max(time.Until(due), time.Second))
	}
	t.Fatalf("the onboarding does not end: %+v", record.Steps)
	return record
}

// scenario runs one story inside a bubble of its own time.
func scenario(t *testing.T, tell func(t *testing.T, b *bench), opts ...graphtest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { tell(t, newBench(t, opts...)) })
}

func begin(t testing.TB, flow *onboard.Flow, start onboard.BeginRequest) onboard.Record {
	t.Helper()
	record, err := flow.Begin(t.Context(), start)
	require.NoError(t, err)
	return record
}

func mustToken(t testing.TB, b *bench, business graph.BusinessID) graph.Secret {
	t.Helper()
	token, err := b.server.BusinessToken(business)
	require.NoError(t, err)
	return token
}

func (b *bench) onboarded(t testing.TB, flow *onboard.Flow, spec graphtest.SignupOptions) (graphtest.SignupResult, onboard.Record) {
	t.Helper()
	done, start := b.client(t, spec)
	record := runToEnd(t, flow, begin(t, flow, start))
	require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	return done, record
}

func requireField(t testing.TB, err error, field string) {
	t.Helper()
	var input *graph.InputError
	require.ErrorAs(t, err, &input, field)
	require.Equal(t, field, input.Field)
}
