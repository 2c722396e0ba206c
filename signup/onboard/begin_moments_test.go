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

// flakyStore lets a test fail or watch single calls of a store.
type flakyStore struct {
	onboard.Store
	update func(context.Context, onboard.Record) (bool, error) // true: handled
	after  func(onboard.Record) error
	get    func(string) error
}

func (s *flakyStore) Update(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	if s.update != nil {
		if handled, err := s.update(ctx, r); handled {
			return onboard.Record{}, err
		}
	}
	stored, err := s.Store.Update(ctx, r)
	if err == nil && s.after != nil {
		if err := s.after(r); err != nil {
			return onboard.Record{}, err
		}
	}
	return stored, err
}

func (s *flakyStore) Get(ctx context.Context, id string) (onboard.Record, error) {
	if s.get != nil {
		if err := s.get(id); err != nil {
			return onboard.Record{}, err
		}
	}
	return s.Store.Get(ctx, id)
}

var errAway = errors.New("the database is away")

// unreleased keeps its leases, as a killed process does.
type unreleased struct{ onboard.Store }

func (unreleased) Release(context.Context, onboard.Lease) error { return nil }

func runDueUntil(t *testing.T, flow *onboard.Flow, record onboard.Record) onboard.Record {
	for range 60 {
		time.Sleep(time.Second)
		_, err := flow.RunDue(t.Context(), 16)
		require.NoError(t, err)
	}
	record, err := flow.Run(t.Context(), record.ID)
	require.NoError(t, err)
	return record
}

const routeFetch = "POST /{business-id}/system_user_access_tokens"

// The store fails once after the record was stored. A worker takes the record before the
// page posts again.
func TestFlow_Begin_AWorkerDoesNotEndASignupWhoseCodeCanComeAgain(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var failed atomic.Bool
		store := &flakyStore{Store: b.store}
		store.update = func(context.Context, onboard.Record) (bool, error) {
			return failed.CompareAndSwap(false, true), errAway
		}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		done, start := b.client(t, graphtest.SignupOptions{})
		_, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, errAway)
		time.Sleep(time.Second)
		_, err = b.flow(t).RunDue(t.Context(), 16) // another process's worker
		require.NoError(t, err)
		time.Sleep(time.Second)
		record := begin(t, flow, start)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}

// The same for the access token of the older login, which lives for hours.
func TestFlow_Begin_AWorkerDoesNotEndALoginWhoseTokenCanComeAgain(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var failed atomic.Bool
		store := &flakyStore{Store: b.store}
		store.update = func(context.Context, onboard.Record) (bool, error) {
			return failed.CompareAndSwap(false, true), errAway
		}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Callback = signup.Callback{AccessToken: mustToken(t, b, done.Business)}
		_, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, errAway)
		_, err = b.flow(t).RunDue(t.Context(), 16)
		require.NoError(t, err)
		record := begin(t, flow, start)
		require.True(t, record.TokenKept, "%s %+v", record.State, record.Steps)
	})
}

// The write that the code is sent takes effect, and its answer is lost.
func TestFlow_Begin_TheAnswerToTheNoteIsLost(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var failed atomic.Bool
		store := &flakyStore{Store: b.store}
		store.after = func(r onboard.Record) error {
			if !r.Exchange.Sent.IsZero() && failed.CompareAndSwap(false, true) {
				return errAway
			}
			return nil
		}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		done, start := b.client(t, graphtest.SignupOptions{})
		_, err := flow.Begin(t.Context(), start)
		require.NoError(t, err, "the write is repeated")
		require.Equal(t, 1, b.server.Exchanges(done.Code))
		time.Sleep(time.Second)
		record := begin(t, flow, start)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

// Meta throttles the exchange, and the write of that fails once.
func TestFlow_Begin_TheWriteOfARefusalFails(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var failed atomic.Bool
		store := &flakyStore{Store: b.store}
		store.update = func(_ context.Context, r onboard.Record) (bool, error) {
			return r.Exchange.Refused && failed.CompareAndSwap(false, true), errAway
		}
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Times(routeExchange, 1, graphtest.Fault{Code: 4, Message: "Application request limit reached"})
		_, err := flow.Begin(t.Context(), start)
		require.NoError(t, err, "the write is repeated")
		time.Sleep(time.Second)
		record := begin(t, flow, start)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "exchanges %d: %+v", b.server.Exchanges(done.Code), record.Steps)
		require.Empty(t, b.secrets(t, vault.SecretCode))
	})
}

// The process dies before it sends the code, and the page posts again while the lease of
// the dead process lasts.
func TestFlow_Begin_PostedAgainAfterAKill(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		_, start := b.client(t, graphtest.SignupOptions{})
		// The first process inserted the record and has its lease.
		block := &flakyStore{Store: b.store}
		block.update = func(c context.Context, _ onboard.Record) (bool, error) { panic("killed") }
		dead := b.flow(t, func(c *onboard.Config) { c.Store = unreleased{block} })
		_, err := dead.Begin(t.Context(), start)
		require.Error(t, err)
		time.Sleep(2 * time.Second)
		flow := b.flow(t)
		record, err := flow.Begin(t.Context(), start) // the page's repeated post
		for err != nil {
			time.Sleep(2 * time.Second)
			record, err = flow.Begin(t.Context(), start)
		}
		record = runToEnd(t, flow, runDueUntil(t, flow, record))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

// A code comes with the session of an earlier code, and then without it.
func TestFlow_Begin_OneCodeIsSentOnce(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		again, err := b.server.Signup(graphtest.SignupOptions{Business: done.Business, WABA: done.WABAs[0], Variant: graphtest.OnlyWABA})
		require.NoError(t, err)
		start.Session = popup.Session{ID: "s1", Tenant: "acme"}
		b.server.Throttle(routeExchange, 1, 5*time.Second)
		_ = begin(t, flow, start)
		time.Sleep(6 * time.Second)
		start.Callback = signup.Callback{Code: again.Code}
		one := begin(t, flow, start)
		require.False(t, one.TokenKept, "the session belongs to the earlier code")
		require.Zero(t, b.server.Exchanges(again.Code))
		start.Session = popup.Session{}
		two := begin(t, flow, start)
		require.NotEqual(t, one.ID, two.ID)
		require.True(t, two.TokenKept)
		require.Equal(t, 1, b.server.Exchanges(again.Code))
	})
}

// A claim of a browser that no store can hold does not cost the code.
func TestFlow_Begin_AClaimThatCannotBeStored(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Claim.Business = graph.BusinessID(make([]byte, 300))
		record, err := flow.Begin(t.Context(), start)
		require.NoError(t, err)
		require.Empty(t, record.Claim.Business)
		require.Equal(t, 1, b.server.Exchanges(done.Code), "a wrong claim does not cost the code")
	})
}

// The same accounts in another order are the same adoption.
func TestFlow_Adopt_TheOrderOfTheAccountsDoesNotMatter(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{})
		token := mustToken(t, b, done.Business)
		one, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: token, WABAs: []graph.WABAID{done.WABAs[0], "123456"}})
		require.NoError(t, err)
		two, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: token, WABAs: []graph.WABAID{"123456", done.WABAs[0]}})
		require.NoError(t, err)
		require.Equal(t, one.ID, two.ID)
	})
}

// The name of a tenant may end like the list of accounts of another one begins.
func TestFlow_Adopt_TenantsDoNotShareAKey(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{})
		token := mustToken(t, b, done.Business)
		_, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme/123456", Token: token, WABAs: done.WABAs})
		require.NoError(t, err)
		_, err = flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: token, WABAs: append([]graph.WABAID{"123456"}, done.WABAs...)})
		require.NoError(t, err)
	})
}
