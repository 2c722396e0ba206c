package onboard_test

import (
	"context"
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

func (k *keeper) validate(ctx context.Context, opts onboard.ValidateOptions) iter.Seq2[onboard.ValidateResult, error] {
	return onboard.Validate(ctx, k.signups, k.vault, opts)
}

func TestValidate_ReportsDisconnectedClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		live, _ := k.keep(t, 1, 0)
		gone, revoked := k.keep(t, 2, 0)
		over, _ := k.keep(t, 3, 60*day)
		require.NoError(t, k.server.RevokeToken(revoked, 458))
		time.Sleep(61 * day)
		found := map[vault.Ref]onboard.ValidateResult{}
		for done, err := range k.validate(t.Context(), onboard.ValidateOptions{}) {
			require.NoError(t, err)
			found[done.Ref] = done
		}
		require.Len(t, found, 3, "PINs are not asked about")
		require.Equal(t, onboard.StandingLive, found[live].Standing)
		require.NoError(t, found[live].Err)
		require.True(t, bool(found[live].Info.Valid))
		require.NotEmpty(t, found[live].Info.Grants().WABAs)
		require.Equal(t, onboard.StandingDisconnected, found[gone].Standing)
		require.ErrorIs(t, found[gone].Err, graph.Code(458))
		require.NotContains(t, found[gone].Err.Error(), revoked.Reveal())
		require.Equal(t, onboard.StandingDisconnected, found[over].Standing)
		require.ErrorIs(t, found[over].Err, graph.Code(463))
		require.True(t, k.get(t, gone).Equal(revoked), "nothing is deleted")

		rest, err := graph.Collect(k.validate(t.Context(), onboard.ValidateOptions{After: gone, Concurrency: 1}), 0)
		require.NoError(t, err)
		require.Len(t, rest, 1, "it continues behind a Ref")
		require.Equal(t, over, rest[0].Ref)
	})
}

// A token that was stored without its date is renewed in time.
func TestValidate_WritesTheExpiryOfAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, token := k.keep(t, 1, 60*day)
		require.NoError(t, k.vault.Put(t.Context(), ref, token, time.Time{}))
		time.Sleep(45 * day)
		require.Equal(t, onboard.RenewalNotDue, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)
		done := one(t, k.validate(t.Context(), onboard.ValidateOptions{}))
		require.Equal(t, onboard.StandingLive, done.Standing)
		require.WithinDuration(t, time.Now().Add(15*day), done.Expires, time.Minute)
		require.True(t, k.get(t, ref).Equal(token))
		require.Equal(t, onboard.RenewalDone, one(t, k.refresh(t.Context(), onboard.RefreshOptions{})).Result)

		before, err := k.storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		one(t, k.validate(t.Context(), onboard.ValidateOptions{}))
		after, err := k.storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, before, after, "what is right is not written again")
	})
}

func TestValidate_KeepsADateThatMetaDoesNotConfirm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		ref, _ := k.keep(t, 1, 60*day)
		before := k.expires(t, ref)
		k.server.Once(routeDebug, graphtest.Fault{Body: []byte(`{"data":{"app_id":"1","is_valid":true}}`)})
		done := one(t, k.validate(t.Context(), onboard.ValidateOptions{}))
		require.Equal(t, onboard.StandingLive, done.Standing)
		require.True(t, k.expires(t, ref).Equal(before))
	})
}

// Another app's secret makes Meta refuse the question. That says nothing about
// any client.
func TestValidate_WrongCredentialsDisconnectNoClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		k.keep(t, 1, 0)
		k.signups = signup.New(k.server.Client(), signup.App{ID: k.world.App, Secret: graph.NewSecret("0123456789abcdef")})
		all, err := graph.Collect(k.validate(t.Context(), onboard.ValidateOptions{}), 0)
		require.ErrorIs(t, err, graph.ErrAuth)
		require.Empty(t, all)
	})
}

func TestValidate_ContinuesAfterOneTokenFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		broken, _ := k.keep(t, 1, 0)
		failing, token := k.keep(t, 2, 0)
		healthy, _ := k.keep(t, 3, 0)
		sealed, err := k.storage.GetSealed(t.Context(), broken)
		require.NoError(t, err)
		sealed.Data[len(sealed.Data)-1] ^= 1
		require.NoError(t, k.storage.PutSealed(t.Context(), sealed))
		asked := 0
		k.server.Control(routeDebug, func(graphtest.Call) *graphtest.Fault {
			if asked++; asked == 1 {
				return &graphtest.Fault{Code: 100, Message: "You must provide an app access token of the same app"}
			}
			return nil
		})
		var results []onboard.Standing
		for done, err := range k.validate(t.Context(), onboard.ValidateOptions{Concurrency: 1}) {
			require.NoError(t, err)
			results = append(results, done.Standing)
			switch done.Ref {
			case broken:
				require.ErrorIs(t, done.Err, vault.ErrSealBroken)
			case failing:
				require.ErrorIs(t, done.Err, graph.ErrInvalid)
				require.NotContains(t, done.Err.Error(), token.Reveal())
			case healthy:
				require.NoError(t, done.Err)
			}
		}
		require.Equal(t, []onboard.Standing{onboard.StandingUnknown, onboard.StandingUnknown, onboard.StandingLive}, results)
	})
}

func TestValidate_StopsAtAThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper(t)
		first, _ := k.keep(t, 1, 0)
		k.keep(t, 2, 0)
		k.keep(t, 3, 0)
		k.server.Control(routeDebug, func(call graphtest.Call) *graphtest.Fault {
			if k.calls("GET", "/debug_token") > 1 {
				return &graphtest.Fault{Code: 4, RegainAfter: time.Hour}
			}
			return nil
		})
		var seen []vault.Ref
		var stopped error
		for done, err := range k.validate(t.Context(), onboard.ValidateOptions{Concurrency: 1}) {
			require.NoError(t, stopped, "an error is the end")
			if stopped = err; err == nil {
				seen = append(seen, done.Ref)
			}
		}
		require.ErrorIs(t, stopped, graph.ErrThrottled)
		require.Equal(t, []vault.Ref{first}, seen)
	})
}
