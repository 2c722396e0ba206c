package onboard_test

import (
	"context"
	"errors"
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

func TestRefresh_ContinuesAfterAThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		var refs []vault.Ref
		for n := range 12 {
			ref, _ := k.keep(t, n, 60*day)
			refs = append(refs, ref)
		}
		time.Sleep(45 * day)
		before, answered := k.calls("POST", "/oauth/access_token"), 0
		remove := k.server.Control(tokenRoute, func(graphtest.Call) *graphtest.Fault {
			if answered++; answered > 5 {
				return &graphtest.Fault{Code: 4, Message: "Application request limit reached", RegainAfter: 10 * time.Minute}
			}
			return nil
		})
		var last vault.Ref
		var stopped error
		for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{Concurrency: 1}) {
			if stopped = err; err != nil {
				break
			}
			last = done.Ref
		}
		require.ErrorIs(t, stopped, graph.ErrThrottled)
		var refused *graph.Error
		require.ErrorAs(t, stopped, &refused)
		require.Equal(t, 10*time.Minute, refused.RetryAfter)
		require.Equal(t, refs[4], last)
		require.Equal(t, before+6, k.calls("POST", "/oauth/access_token"), "no other token is renewed while it lasts")

		remove()
		time.Sleep(refused.RetryAfter)
		var rest []vault.Ref
		for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{After: last}) {
			require.NoError(t, err)
			require.Equal(t, onboard.RenewalDone, done.Result)
			rest = append(rest, done.Ref)
		}
		require.Equal(t, refs[5:], rest, "it continues where it stopped")
		require.Equal(t, before+6+7, k.calls("POST", "/oauth/access_token"), "each token is renewed once")
	})
}

func TestRefresh_StopsWithWrongCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		k.keep(t, 1, 60*day)
		k.keep(t, 2, 60*day)
		time.Sleep(45 * day)
		k.signups = signup.New(k.server.Client(), signup.App{ID: k.world.App, Secret: graph.NewSecret("0123456789abcdef")})
		before := k.calls("POST", "/oauth/access_token")
		all, err := graph.Collect(k.refresh(t.Context(), onboard.RefreshOptions{Concurrency: 1}), 0)
		require.ErrorIs(t, err, graph.ErrAuth)
		require.Empty(t, all, "no client is called disconnected because of it")
		require.Equal(t, before+1, k.calls("POST", "/oauth/access_token"))
	})
}

func TestRefresh_LeavesTheSecretsThatOthersWrote(t *testing.T) {
	fresh := graph.NewSecret("EAA of a new signup")
	for what, meanwhile := range map[string]func(*keeper, vault.Ref) error{
		"put": func(k *keeper, ref vault.Ref) error {
			return k.vault.Put(context.Background(), ref, fresh, time.Time{})
		},
		"deleted": func(k *keeper, ref vault.Ref) error { return k.vault.Delete(context.Background(), ref) },
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newKeeper(t)
				ref, _ := k.keep(t, 1, 60*day)
				time.Sleep(45 * day)
				k.server.Control(tokenRoute, func(graphtest.Call) *graphtest.Fault {
					if err := meanwhile(k, ref); err != nil {
						return &graphtest.Fault{Code: 100, Message: err.Error()}
					}
					return nil
				})
				require.Equal(t, onboard.RenewalSuperseded, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)
				kept, err := k.vault.Get(t.Context(), ref)
				if what == "deleted" {
					require.ErrorIs(t, err, vault.ErrNoSecret, "it does not come back")
					return
				}
				require.NoError(t, err)
				require.True(t, kept.Equal(fresh), "it is not overwritten")
			})
		})
	}
}

func TestRefresh_KeepsTheOldTokenUntilTheNewOneIsSealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, old := k.keep(t, 1, 60*day)
		time.Sleep(45 * day)
		full := errors.New("the disk is full")
		working := k.vault
		key := make([]byte, vault.KeySize)
		key[0] = 1
		ring, err := vault.NewKeyring("k", map[string][]byte{"k": key})
		require.NoError(t, err)
		failing := &failingStorage{Storage: k.storage}
		k.vault, err = vault.NewSealedVault(failing, ring)
		require.NoError(t, err)
		require.NoError(t, k.vault.Put(t.Context(), ref, old, time.Now().Add(15*day)))
		failing.err = full
		_, err = graph.Collect(k.refresh(t.Context(), onboard.RefreshOptions{}), 0)
		require.ErrorIs(t, err, full)
		require.ErrorContains(t, err, ref.String())
		require.NotContains(t, err.Error(), "EAA")
		failing.err = nil
		require.True(t, k.get(t, ref).Equal(old))
		require.Equal(t, onboard.RenewalDone, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)

		// The other ring does not open it: that is this token's trouble alone.
		k.vault = working
		healthy, _ := k.keep(t, 2, 60*day)
		time.Sleep(45 * day)
		results := map[vault.Ref]onboard.Renewal{}
		for done, err := range k.refresh(t.Context(), onboard.RefreshOptions{}) {
			require.NoError(t, err)
			results[done.Ref] = done.Result
		}
		require.Equal(t, map[vault.Ref]onboard.Renewal{ref: onboard.RenewalFailed, healthy: onboard.RenewalDone}, results)
	})
}

// failingStorage cannot be written to while it has an error.
type failingStorage struct {
	vault.Storage
	err error
}

func (b *failingStorage) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	if b.err != nil {
		return b.err
	}
	return b.Storage.PutSealed(ctx, sealed)
}

func TestRefresh_EndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, old := k.keep(t, 1, 60*day)
		time.Sleep(45 * day)
		k.server.Control(tokenRoute, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Hour} })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := graph.Collect(k.refresh(ctx, onboard.RefreshOptions{}), 0)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, k.get(t, ref).Equal(old))
	})
}
