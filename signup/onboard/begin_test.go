package onboard_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func TestFlow_BeginShared(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{Variant: graphtest.Hosted})
		event := onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0], At: time.Now()}
		record, err := flow.BeginShared(t.Context(), event)
		require.NoError(t, err)
		require.Equal(t, onboard.StateExchanging, record.State)
		require.Zero(t, record.Holder, "any worker may fetch the token")
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.True(t, record.TokenFetched)
		b.requireLive(t, done)

		again, err := flow.BeginShared(t.Context(), event)
		require.NoError(t, err)
		require.Equal(t, record.ID, again.ID, "Meta repeats its events")
		event.At = event.At.Add(time.Hour)
		later, err := flow.BeginShared(t.Context(), event)
		require.NoError(t, err)
		require.NotEqual(t, record.ID, later.ID, "the client went through it once more")
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, later).State)
		b.requireLive(t, done)
	})
}

// The event names a business that shares nothing with the partner.
func TestFlow_BeginShared_OfABusinessThatSharesNothing(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{Variant: graphtest.Hosted})
		record, err := flow.BeginShared(t.Context(), onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: b.world.ClientWABAs[0]})
		require.NoError(t, err)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateNeedsNewSignup, record.State)
		require.Contains(t, record.Step(onboard.StepToken, "").Reason, "does not reach the claimed WABA")
		require.False(t, record.TokenKept)
	})
}

// The token of a person was not stored. Its tenant may pass it to Begin again, and no
// other tenant may.
func TestFlow_Begin_TakesAnOlderCallbackAgain(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		broken := &brokenVault{Vault: b.vault, broken: true}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = broken })
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Callback = signup.Callback{AccessToken: done.AccessToken}
		_, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, errVault)
		broken.broken = false
		time.Sleep(time.Hour)
		record := begin(t, flow, start)
		require.True(t, record.TokenKept)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.True(t, record.TokenOfUser)
		b.requireLive(t, done)
	})
}

var errVault = errors.New("the vault is down")

type brokenVault struct {
	vault.Vault
	broken bool
}

func (v *brokenVault) Put(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	if v.broken {
		return errVault
	}
	return v.Vault.Put(ctx, ref, secret, expires)
}

// Wrong arguments are refused before a call is sent.
func TestFlow_Begin_RefusesWrongArguments(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		for field, change := range map[string]func(*onboard.BeginRequest){
			"tenant":         func(s *onboard.BeginRequest) { s.Tenant = "" },
			"login callback": func(s *onboard.BeginRequest) { s.Callback = signup.Callback{} },
			"code":           func(s *onboard.BeginRequest) { s.Callback.Code = graph.NewSecret("two words") },
			"currency":       func(s *onboard.BeginRequest) { s.Currency = "Euro" },
		} {
			wrong := start
			change(&wrong)
			_, err := flow.Begin(t.Context(), wrong)
			requireField(t, err, field)
		}
		_, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", WABAs: done.WABAs})
		requireField(t, err, "token")
		_, err = flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: done.Code})
		requireField(t, err, "wabas")
		_, err = flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: done.Code, WABAs: []graph.WABAID{"me"}})
		requireField(t, err, "waba-id")
		_, err = flow.BeginShared(t.Context(), onboard.BeginSharedRequest{Tenant: "acme", WABA: done.WABAs[0]})
		requireField(t, err, "business-id")
		require.Empty(t, b.server.Calls())
		for record, err := range b.store.List(t.Context(), onboard.Filter{}) {
			t.Errorf("a record was made: %+v, %v", record, err)
		}
	})
}

// A wrong currency is refused before the code is sent, and nothing is stored.
func TestFlow_Begin_ChecksCurrencyFirst(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Currency = "euro"
		_, err := flow.Begin(t.Context(), start)
		requireField(t, err, "currency")
		_, err = flow.BeginShared(t.Context(), onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0], Currency: "euro"})
		requireField(t, err, "currency")
		_, err = flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: graph.NewSecret("token"), WABAs: done.WABAs, Currency: "euro"})
		requireField(t, err, "currency")
		require.Zero(t, b.server.Exchanges(done.Code))
		for record, err := range b.store.List(t.Context(), onboard.Filter{}) {
			require.Fail(t, "a record was stored", "%+v, %v", record, err)
		}
	})
}

// A variant that the package does not know would decide whether numbers are registered.
func TestFlow_RefusesUnknownVariants(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		for _, variant := range []signup.Variant{"coexistance", "CLOUD", signup.VariantAdopted, signup.VariantHosted} {
			start.Variant = variant
			_, err := flow.Begin(t.Context(), start)
			requireField(t, err, "variant")
			_, err = flow.AddClaim(t.Context(), onboard.ClaimRequest{Record: "r", Tenant: "acme", Variant: variant})
			requireField(t, err, "variant")
		}
		require.Zero(t, b.server.Exchanges(done.Code))
	})
}
