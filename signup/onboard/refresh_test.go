package onboard_test

import (
	"context"
	"fmt"
	"iter"
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

const (
	tokenRoute = "POST /oauth/access_token"
	day        = 24 * time.Hour
)

// keeper is a vault of clients' tokens, with what renews and validates them.
type keeper struct {
	*bench
	signups *signup.Client
}

func newKeeper(t testing.TB) *keeper {
	t.Helper()
	b := newBench(t)
	return &keeper{bench: b, signups: signup.New(b.server.Client(), signup.App{ID: b.world.App, Secret: b.world.AppSecret})}
}

// keep has a client sign up, and keeps its token and a PIN.
func (k *keeper) keep(t testing.TB, n int, life time.Duration) (vault.Ref, graph.Secret) {
	t.Helper()
	done, err := k.server.Signup(graphtest.SignupOptions{TokenLifetime: life})
	require.NoError(t, err)
	token, err := k.signups.Redeem(t.Context(), signup.Callback{Code: done.Code})
	require.NoError(t, err)
	ref := vault.Ref{Tenant: "acme", Record: fmt.Sprintf("r%03d", n), Kind: vault.SecretToken}
	require.NoError(t, k.vault.Put(t.Context(), ref, token.Access, token.Expires))
	pin := ref
	pin.Kind, pin.Subject = vault.SecretPIN, "1"
	require.NoError(t, k.vault.Put(t.Context(), pin, graph.NewSecret("150954"), time.Now().Add(time.Hour)))
	return ref, token.Access
}

func (k *keeper) get(t testing.TB, ref vault.Ref) graph.Secret {
	t.Helper()
	secret, err := k.vault.Get(t.Context(), ref)
	require.NoError(t, err)
	return secret
}

func (k *keeper) refresh(ctx context.Context, opts onboard.RefreshOptions) iter.Seq2[onboard.RefreshResult, error] {
	return onboard.Refresh(ctx, k.signups, k.vault, opts)
}

// calls counts the calls of a route since the start.
func (k *keeper) calls(method, route string) (n int) {
	for _, call := range k.server.Calls() {
		if call.Method == method && call.Route == route {
			n++
		}
	}
	return n
}

// one runs a job that is expected to deal with one token.
func one[T any](t *testing.T, seq iter.Seq2[T, error]) T {
	t.Helper()
	all, err := graph.Collect(seq, 0)
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

func TestRefresh_DailyForYears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, first := k.keep(t, 1, 60*day)
		renewals := 0
		for range 2 * 365 {
			time.Sleep(day)
			done := one(t, k.refresh(t.Context(), onboard.RefreshOptions{}))
			require.Equal(t, ref, done.Ref)
			require.NoError(t, done.Err)
			if done.Result == onboard.RenewalDone {
				renewals++
				require.WithinDuration(t, time.Now().Add(60*day), done.Expires, time.Minute)
			}
			info, err := k.signups.Debug(t.Context(), k.get(t, ref))
			require.NoError(t, err)
			require.NoError(t, info.Err(), "the kept token is live every day")
		}
		require.Equal(t, 18, renewals, "every 40 days")
		require.False(t, k.get(t, ref).Equal(first))
	})
}

func TestRefresh_AsksOnlyForTokensThatAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		due, old := k.keep(t, 1, 60*day)
		forever, _ := k.keep(t, 2, 0)
		time.Sleep(39 * day)
		late, _ := k.keep(t, 3, 60*day)
		before := len(k.server.Calls())
		for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{}) {
			require.NoError(t, err)
			require.Equal(t, onboard.RenewalNotDue, done.Result)
		}
		require.Len(t, k.server.Calls(), before, "nothing is due before day 40")

		time.Sleep(day + time.Second)
		results := map[vault.Ref]onboard.Renewal{}
		for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{}) {
			require.NoError(t, err)
			require.NotContains(t, fmt.Sprintf("%+v", done), old.Reveal())
			results[done.Ref] = done.Result
		}
		require.Equal(t, map[vault.Ref]onboard.Renewal{
			due: onboard.RenewalDone, forever: onboard.RenewalNotDue, late: onboard.RenewalNotDue,
		}, results)
		calls := k.server.Calls()[before:]
		require.Len(t, calls, 1)
		require.Equal(t, "fb_exchange_token", calls[0].Form.Get("grant_type"))
		require.Equal(t, "true", calls[0].Form.Get("set_token_expires_in_60_days"))
		require.Empty(t, calls[0].Query, "no secret travels in the URL")
		require.Empty(t, calls[0].TokenKind, "the call is made without a token")
		info, err := k.signups.Debug(t.Context(), old)
		require.NoError(t, err)
		require.NoError(t, info.Err(), "the old token stays good until its own end")

		require.Equal(t, onboard.RenewalDone, mustFirst(t, k.refresh(t.Context(), onboard.RefreshOptions{Within: 60 * day})).Result, "sooner on request")
	})
}

func mustFirst[T any](t *testing.T, seq iter.Seq2[T, error]) T {
	t.Helper()
	for item, err := range seq {
		require.NoError(t, err)
		return item
	}
	require.Fail(t, "there is none")
	panic("unreachable")
}

func TestRefresh_OfAnExpiredToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, old := k.keep(t, 1, 60*day)
		before := len(k.server.Calls())
		time.Sleep(60*day + time.Hour)
		require.Equal(t, onboard.RenewalExpired, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)
		require.Len(t, k.server.Calls(), before, "nothing is asked")
		require.True(t, k.get(t, ref).Equal(old), "and nothing deleted")
	})
}

func TestRefresh_ReportsADisconnectedClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, old := k.keep(t, 1, 60*day)
		require.NoError(t, k.server.RevokeToken(old, 458))
		time.Sleep(45 * day)
		done := one(t, k.refresh(t.Context(), onboard.RefreshOptions{}))
		require.Equal(t, onboard.RenewalDisconnected, done.Result)
		require.ErrorIs(t, done.Err, graph.Code(458))
		require.NotContains(t, done.Err.Error(), old.Reveal())
		require.True(t, k.get(t, ref).Equal(old), "the token is never deleted")
	})
}

func TestRefresh_TriesAgainAfterALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, old := k.keep(t, 1, 60*day)
		time.Sleep(45 * day)
		before := k.calls("POST", "/oauth/access_token")
		k.server.LoseReply(tokenRoute)
		done := one(t, k.refresh(t.Context(), onboard.RefreshOptions{}))
		require.Equal(t, onboard.RenewalFailed, done.Result)
		require.ErrorIs(t, done.Err, graph.ErrOutcomeUnknown)
		require.Equal(t, before+1, k.calls("POST", "/oauth/access_token"), "it is sent once")
		require.True(t, k.get(t, ref).Equal(old))
		require.Equal(t, onboard.RenewalDone, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)
	})
}

// The calls run side by side, as many as were asked for, and come back in order.
func TestRefresh_LimitsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		for n := range 20 {
			k.keep(t, n, 60*day)
		}
		time.Sleep(45 * day)
		k.server.Control(tokenRoute, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
		for _, test := range []struct {
			concurrency int
			takes       time.Duration
		}{{1, 20 * time.Second}, {5, 4 * time.Second}, {0, 5 * time.Second}} {
			began, n := time.Now(), 0
			for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{Concurrency: test.concurrency, Within: 100 * day}) {
				require.NoError(t, err)
				require.Equal(t, fmt.Sprintf("r%03d", n), done.Ref.Record)
				require.Equal(t, onboard.RenewalDone, done.Result)
				n++
			}
			require.Equal(t, 20, n)
			require.Equal(t, test.takes, time.Since(began), "%d at once", test.concurrency)
		}
	})
}

// A loop that is left waits for what was begun: renewed tokens are not lost on
// the way into the vault.
func TestRefresh_FinishesTheCallsThatItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		var refs []vault.Ref
		for n := range 8 {
			ref, _ := k.keep(t, n, 60*day)
			refs = append(refs, ref)
		}
		time.Sleep(45 * day)
		before := k.calls("POST", "/oauth/access_token")
		k.server.Control(tokenRoute, func(graphtest.Call) *graphtest.Fault {
			// Each call takes longer than the one before: the loop has left by then.
			return &graphtest.Fault{Delay: time.Duration(k.calls("POST", "/oauth/access_token")) * time.Second}
		})
		mustFirst(t, k.refresh(t.Context(), onboard.RefreshOptions{Concurrency: 4}))
		renewed := k.calls("POST", "/oauth/access_token") - before
		require.Equal(t, 4, renewed)
		for i, ref := range refs {
			require.Equal(t, i < renewed, k.expires(t, ref).After(time.Now().Add(50*day)), "%v", ref)
		}
	})
}

func (k *keeper) expires(t testing.TB, ref vault.Ref) time.Time {
	t.Helper()
	sealed, err := k.storage.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	return sealed.Expires
}
