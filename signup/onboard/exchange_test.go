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
	"github.com/seed-8fdceacd/wagraph/signup/popup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const routeExchange = "POST /oauth/access_token"

// Meta did not process the exchange. The code lives, and any process exchanges it.
func TestFlow_Begin_ACodeThatWasNotProcessedIsExchangedWhileItLives(t *testing.T) {
	for name, fault := range map[string]graphtest.Fault{
		"throttled":              {Code: 4, Message: "Application request limit reached"},
		"throttled for a minute": {Code: 80008, RegainAfter: time.Minute},
		"wrong secret":           {Code: 101, Status: 400, Message: "Error validating application"},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				done, start := b.client(t, graphtest.SignupOptions{})
				b.server.Times(routeExchange, 1, fault)
				record := begin(t, b.flow(t), start)
				require.Equal(t, onboard.StateExchanging, record.State)
				require.True(t, record.Exchange.Refused)
				due, open := record.Due()
				require.True(t, open)
				require.Less(t, time.Until(due), 30*time.Second)
				record = runToEnd(t, b.flow(t), record)
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				require.False(t, record.TokenFetched)
				require.Equal(t, 1, b.server.Exchanges(done.Code))
				require.Empty(t, b.secrets(t, vault.SecretCode), "a code that was exchanged is deleted")
			})
		})
	}
}

// The page posts the same again, and Resume is called: both exchange at once.
func TestFlow_Begin_AgainExchangesARefusedCode(t *testing.T) {
	for name, again := range map[string]func(*testing.T, *onboard.Flow, onboard.Record, onboard.BeginRequest) onboard.Record{
		"the same post": func(t *testing.T, flow *onboard.Flow, _ onboard.Record, start onboard.BeginRequest) onboard.Record {
			return begin(t, flow, start)
		},
		"Resume": func(t *testing.T, flow *onboard.Flow, record onboard.Record, _ onboard.BeginRequest) onboard.Record {
			record, err := flow.Resume(t.Context(), record.ID)
			require.NoError(t, err)
			return record
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				done, start := b.client(t, graphtest.SignupOptions{})
				b.server.Throttle(routeExchange, 1, 10*time.Minute)
				first := begin(t, b.flow(t), start)
				require.False(t, first.TokenKept)
				record := again(t, b.flow(t), first, start)
				require.Equal(t, first.ID, record.ID)
				require.True(t, record.TokenKept, "%+v", record.Steps)
				require.Equal(t, 1, b.server.Exchanges(done.Code))
			})
		})
	}
}

// A code that is refused until it is dead gives no token, and is not kept.
func TestFlow_Begin_ARefusedCodeDies(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		_, start := b.client(t, graphtest.SignupOptions{})
		b.server.Throttle(routeExchange, 1000, 0)
		record := runToEnd(t, b.flow(t), begin(t, b.flow(t), start))
		require.Equal(t, onboard.StateNeedsNewSignup, record.State)
		require.Empty(t, b.secrets(t, vault.SecretCode))

		_, start = b.client(t, graphtest.SignupOptions{})
		record = begin(t, b.flow(t), start)
		require.Len(t, b.secrets(t, vault.SecretCode), 1)
		time.Sleep(time.Minute) // no worker ran it meanwhile
		record = runToEnd(t, b.flow(t), record)
		require.Equal(t, onboard.StateNeedsNewSignup, record.State)
		require.Empty(t, b.secrets(t, vault.SecretCode))
	})
}

// A Begin whose process died before it sent the code: the page posts again.
func TestFlow_Begin_ACodeThatWasNotedAndNeverSent(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		dying := &dyingStore{Store: b.store}
		_, err := b.flow(t, func(c *onboard.Config) { c.Store = dying }).Begin(t.Context(), start)
		require.ErrorIs(t, err, errDied)
		time.Sleep(onboard.MinLease)
		record := begin(t, b.flow(t), start)
		require.True(t, record.TokenKept, "%+v", record.Steps)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}

var errDied = errors.New("the process died")

// dyingStore takes the new record and nothing after it.
type dyingStore struct{ onboard.Store }

func (dyingStore) Update(context.Context, onboard.Record) (onboard.Record, error) {
	return onboard.Record{}, errDied
}
func (dyingStore) Release(context.Context, onboard.Lease) error { return errDied }

// The vault is away when the token comes. It is the only copy.
func TestFlow_Begin_RepeatsAFailedPut(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		away := &awayVault{Vault: b.vault, until: time.Now().Add(40 * time.Second)}
		record := begin(t, b.flow(t, func(c *onboard.Config) { c.Vault = away }), start)
		require.True(t, record.TokenKept, "%+v", record.Steps)
		require.False(t, record.TokenFetched)
		require.Greater(t, away.puts.Load(), int64(5))
		b.requireLive(t, firstOf(done, runToEnd(t, b.flow(t), record)))
	})
}

func firstOf[T any](value T, _ onboard.Record) T { return value }

// awayVault stores nothing until a time.
type awayVault struct {
	vault.Vault
	until time.Time
	puts  atomic.Int64
}

func (v *awayVault) Put(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	v.puts.Add(1)
	if time.Now().Before(v.until) {
		return errors.New("the vault is away")
	}
	return v.Vault.Put(ctx, ref, secret, expires)
}

// A store that is away for a moment spends neither the code nor the session.
func TestFlow_Begin_AFailureSpendsNothing(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Session = session(t, "acme")
		_, err := b.flow(t, func(c *onboard.Config) { c.Store = &closedStore{Store: b.store} }).Begin(t.Context(), start)
		require.ErrorIs(t, err, errDied)
		require.Zero(t, b.server.Exchanges(done.Code))
		record := begin(t, b.flow(t), start)
		require.True(t, record.TokenKept)
	})
}

type closedStore struct{ onboard.Store }

func (closedStore) Insert(context.Context, onboard.Record) (onboard.Record, error) {
	return onboard.Record{}, errDied
}

func session(t testing.TB, tenant signup.Tenant) popup.Session {
	t.Helper()
	sessions, err := popup.NewSessions(graph.NewSecret("32 random bytes from your vault.."), popup.SessionOptions{})
	require.NoError(t, err)
	token, err := sessions.Issue(tenant, popup.PurposeSignup)
	require.NoError(t, err)
	session, err := sessions.Verify(token, tenant, popup.PurposeSignup)
	require.NoError(t, err)
	return session
}

// The session makes the record, whatever code is posted with it. The event finds the
// record by the session, in a process that did not get the code.
func TestFlow_Begin_OneRecordForASession(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		claim := start.Claim
		start.Session, start.Claim = session(t, "acme"), signup.Claim{}
		_, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Session: start.Session, Claim: claim})
		require.ErrorIs(t, err, onboard.ErrNoRecord, "the event came first")
		record := begin(t, flow, start)

		_, other := b.client(t, graphtest.SignupOptions{Business: done.Business})
		other.Session = start.Session
		again := begin(t, b.flow(t), other)
		require.Equal(t, record.ID, again.ID)
		require.Zero(t, b.server.Exchanges(other.Callback.Code), "the session is used up")

		stranger := start
		stranger.Tenant = "mallory"
		_, err = flow.Begin(t.Context(), stranger)
		requireField(t, err, "session")

		again, err = b.flow(t).AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Session: start.Session, Claim: claim})
		require.NoError(t, err)
		require.Equal(t, record.ID, again.ID)
		require.Equal(t, claim, again.Claim)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
	})
}

// secrets lists what the vault has of a kind.
func (b *bench) secrets(t testing.TB, kind vault.SecretKind) (refs []vault.Ref) {
	t.Helper()
	for entry, err := range b.vault.List(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		if entry.Kind == kind {
			refs = append(refs, entry.Ref)
		}
	}
	return refs
}
