package onboard_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// process is a flow of a process that may die at one of its points.
func (b *bench) process(t testing.TB, v crash.Variant, points *crash.Points, worker string) *onboard.Flow {
	t.Helper()
	cfg := v.Config(b.world)
	cfg.Client = b.server.ClientFor(graph.SecretToken(v.Caller(b.world).Token),
		graph.WithHTTPClient(&http.Client{Transport: points.Transport(b.server.RoundTripper())}))
	secrets, err := vault.NewSealedVault(points.Storage(b.storage), b.ring)
	require.NoError(t, err)
	cfg.Store, cfg.Vault = points.Store(b.store), secrets
	cfg.Worker = worker
	flow, err := onboard.New(cfg)
	require.NoError(t, err)
	return flow
}

// goOn runs a record to its end, and waits for what it waits for.
func goOn(ctx context.Context, flow *onboard.Flow, record onboard.Record) (onboard.Record, error) {
	for range 100 {
		next, err := flow.Run(ctx, record.ID)
		if err != nil {
			return record, err
		}
		record = next
		due, open := record.Due()
		if !open {
			return record, nil
		}
		time.Sleep(time.Until(due))
	}
	return record, context.DeadlineExceeded
}

// ending is how an onboarding ended that may have been cut short.
type ending struct {
	record onboard.Record
	shape  string
	points []string // of the first process
	died   bool
}

// cutShort onboards a client with a process that dies where when says, and another
// one that goes on.
func cutShort(t *testing.T, v crash.Variant, when func(string, int) bool) (end ending) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		client, err := v.Prepare(b.server)
		require.NoError(t, err)
		ctx, kill := context.WithCancel(t.Context())
		defer kill()
		points := crash.New(when, kill)
		first := b.process(t, v, points, "first")
		record, err := v.Begin(ctx, first, client)
		if err == nil {
			record, err = goOn(ctx, first, record)
		}
		end.points, end.died = points.Names(), points.Dead()
		if end.died {
			record, err = takeOver(t, b, v, client)
		}
		require.NoError(t, err)
		require.NoError(t, v.Wrong(b.server, client, record), "%+v", record.Steps)
		require.Zero(t, record.Lease)
		b.requireSealed(t, v, client, record)
		end.record = record
		end.shape, err = crash.Shape(record)
		require.NoError(t, err)
	})
	return end
}

// requireSealed asserts that the store holds no secret that can be read, and that
// the vault holds those of the client.
func (b *bench) requireSealed(t *testing.T, v crash.Variant, client crash.Client, record onboard.Record) {
	t.Helper()
	token, err := b.server.BusinessToken(client.Business)
	require.NoError(t, err)
	secrets := []graph.Secret{b.world.AppSecret, b.world.Admin.Token, b.world.Employee.Token, client.Code, client.AccessToken, token, crash.Callback().VerifyToken}
	if record.State == onboard.StateDone {
		kept, err := b.vault.Get(t.Context(), vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretToken})
		require.NoError(t, err)
		require.Contains(t, []string{token.Reveal(), client.AccessToken.Reveal()}, kept.Reveal())
	}
	for _, n := range record.Numbers {
		if !n.PINKept {
			continue
		}
		pin, err := b.vault.Get(t.Context(), vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretPIN, Subject: string(n.ID)})
		require.NoError(t, err)
		require.NoError(t, phonenumbers.New(b.server.Client()).Register(t.Context(), n.ID, pin), "the PIN in the vault is the number's")
		secrets = append(secrets, pin)
	}
	stored, err := json.Marshal(record)
	require.NoError(t, err)
	for sealed, err := range b.storage.ListSealed(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		stored = append(stored, sealed.Data...)
	}
	require.NoError(t, sdktest.Leak(stored, secrets...), v.Name)
}

// takeOver is a process that finds what another one left behind.
func takeOver(t *testing.T, b *bench, v crash.Variant, client crash.Client) (onboard.Record, error) {
	t.Helper()
	second := b.process(t, v, crash.New(crash.At(""), nil), "second")
	var left onboard.Record
	for record, err := range b.store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		require.Empty(t, left.ID, "one record per signup")
		left = record
	}
	if due, open := left.Due(); open {
		_, err := second.Run(t.Context(), left.ID)
		if due.After(time.Now()) {
			require.ErrorIs(t, err, onboard.ErrBusy, "the dead process has its lease still")
		}
		time.Sleep(time.Until(due))
	}
	if v.Again || left.ID == "" {
		again, err := v.Begin(t.Context(), second, client)
		require.NoError(t, err)
		if left.ID != "" {
			require.Equal(t, left.ID, again.ID, "the same signup is the same record")
		}
		left = again
	}
	return goOn(t.Context(), second, left)
}

// The process ends at every write and around every call, for every kind of signup.
// Another process continues.
func TestFlow_CrashAtEveryPoint(t *testing.T) {
	total := 0
	for _, v := range crash.Variants() {
		t.Run(v.Name, func(t *testing.T) {
			calm := cutShort(t, v, crash.At(""))
			require.False(t, calm.died)
			require.Equal(t, onboard.StateDone, calm.record.State, "%+v", calm.record.Steps)
			ends := map[string]int{}
			for _, point := range calm.points {
				end := cutShort(t, v, crash.At(point))
				require.True(t, end.died, "%s was not reached again", point)
				ends[requireSameEnd(t, v, point, calm, end)]++
			}
			total += len(calm.points)
			t.Logf("%d crashes: %v", len(calm.points), ends)
		})
	}
	t.Logf("%d crashes in all", total)
}

// requireSameEnd asserts that a crash changed nothing but what it may change, and
// says which that was.
func requireSameEnd(t *testing.T, v crash.Variant, point string, calm, end ending) string {
	t.Helper()
	if !v.LosesToken(point, calm.points) {
		require.Equal(t, calm.shape, end.shape, point)
		require.Equal(t, calm.record.TokenFetched, end.record.TokenFetched, point)
		return "as if nothing had happened"
	}
	require.Equal(t, v.Lost, end.record.State, point)
	if end.record.State == onboard.StateDone {
		require.Equal(t, calm.shape, end.shape, point)
		require.Equal(t, !v.Again || calm.record.TokenFetched, end.record.TokenFetched, point)
		if end.record.TokenFetched {
			return "token fetched"
		}
		return "token handed in again"
	}
	require.Equal(t, calm.record.Claim, end.record.Claim, "what is known stays in the record")
	return string(end.record.State)
}
