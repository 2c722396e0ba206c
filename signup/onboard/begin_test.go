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

func (b *bench) adoption(t testing.TB, done graphtest.SignupResult) onboard.AdoptRequest {
	t.Helper()
	return onboard.AdoptRequest{Tenant: "acme", Token: mustToken(t, b, done.Business), WABAs: done.WABAs, Business: done.Business}
}

func TestAdopt(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{WABAs: 2})
		require.NoError(t, b.server.SetNumberStatus(done.Numbers[0], "CONNECTED"))
		record, err := flow.Adopt(t.Context(), b.adoption(t, done))
		require.NoError(t, err)
		require.Equal(t, onboard.StateRunning, record.State)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, signup.VariantAdopted, record.Variant)
		require.Len(t, record.Accounts, 2)
		require.Equal(t, onboard.StepDone, record.Step(onboard.StepRegister, string(done.Numbers[0])).State)
		require.Equal(t, onboard.StepSkipped, record.Step(onboard.StepRegister, string(done.Numbers[1])).State)
		for _, id := range done.Numbers {
			require.Zero(t, b.server.Registrations(id), "numbers are not registered again")
		}

		again, err := flow.Adopt(t.Context(), b.adoption(t, done))
		require.NoError(t, err)
		require.Equal(t, record, again)

		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		adoption := b.adoption(t, done)
		adoption.Reinstate = true
		back, err := flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.NotEqual(t, record.ID, back.ID, "a client who was let go can be adopted again")
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, back).State)
		again, err = flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.Equal(t, back.ID, again.ID)
	})
}

func TestAdoptWithTheWrongToken(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{})
		other, _ := b.client(t, graphtest.SignupOptions{})
		adoption := b.adoption(t, done)
		adoption.Token = mustToken(t, b, other.Business)
		record, err := flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateFailed, record.State)
		require.Contains(t, record.Step(onboard.StepConfirm, "").Reason, "was not granted")
		require.Empty(t, record.Accounts)
	})
}

func TestBeginShared(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{Variant: graphtest.Hosted})
		event := onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0], At: time.Now()}
		record, err := flow.BeginShared(t.Context(), event)
		require.NoError(t, err)
		require.Equal(t, onboard.StateExchanging, record.State)
		require.Zero(t, record.Lease, "any worker may fetch the token")
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

// TestBeginSharedOfAStranger: an event whose business shares nothing with us.
func TestBeginSharedOfAStranger(t *testing.T) {
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

// TestLateClaim: the page's event comes after the code, whose token names no WABA.
func TestLateClaim(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{Drift: graphtest.NoTargets})
		claim := start.Claim
		start.Claim = signup.Claim{}
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State, "nothing says which WABA it is")

		_, err := flow.AddClaim(t.Context(), record.ID, "mallory", claim, "")
		require.ErrorIs(t, err, onboard.ErrOtherTenant)
		record, err = flow.AddClaim(t.Context(), record.ID, "acme", claim, signup.VariantCloud)
		require.NoError(t, err)
		require.Equal(t, claim, record.Claim)
		record, err = flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)

		again, err := flow.AddClaim(t.Context(), record.ID, "acme", signup.Claim{WABAs: []graph.WABAID{"1"}}, "")
		require.NoError(t, err)
		require.Equal(t, record, again, "a claim changes nothing once the accounts are confirmed")
	})
}

// TestLateClaimAfterALostExchange: the record waits for the event, which says
// whose token to fetch.
func TestLateClaimAfterALostExchange(t *testing.T) {
	for _, comes := range []bool{true, false} {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, start := b.client(t, graphtest.SignupOptions{})
			claim := start.Claim
			start.Claim = signup.Claim{}
			b.server.LoseReply("POST /oauth/access_token")
			record := begin(t, flow, start)
			record, err := flow.Run(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateExchanging, record.State)
			due, open := record.Due()
			require.True(t, open)
			require.InDelta(t, 10*time.Minute, time.Until(due), float64(time.Second))
			if comes {
				record, err = flow.AddClaim(t.Context(), record.ID, "acme", claim, "")
				require.NoError(t, err)
			}
			record = runToEnd(t, flow, record)
			if !comes {
				require.Equal(t, onboard.StateNeedsNewSignup, record.State)
				require.Contains(t, record.Step(onboard.StepToken, "").Reason, "which business")
				return
			}
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			b.requireLive(t, done)
		})
	}
}

// TestClaimedNumberThatIsNotThere: other numbers are not registered in its place.
func TestClaimedNumberThatIsNotThere(t *testing.T) {
	for name, claim := range map[string]signup.Claim{
		"by its id":     {Numbers: []graph.PhoneNumberID{"106540000000000"}},
		"by its digits": {PreVerified: []string{"+49 30 1234567"}},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, start := b.client(t, graphtest.SignupOptions{})
				claim.WABAs = done.WABAs
				start.Claim = claim
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateFailed, record.State)
				require.Contains(t, record.Step(onboard.StepConfirm, "").Reason, "none of the WABAs")
				require.Zero(t, b.server.Registrations(done.Numbers[0]))
			})
		})
	}
}

// TestOnlyTheClaimedNumber: a WABA's other numbers are none of this signup's.
func TestOnlyTheClaimedNumber(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{Numbers: 3})
		start.Claim.Numbers = done.Numbers[:1]
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State)
		require.Len(t, record.Numbers, 1)
		require.Equal(t, []int{1, 0, 0}, []int{b.server.Registrations(done.Numbers[0]), b.server.Registrations(done.Numbers[1]), b.server.Registrations(done.Numbers[2])})
	})
}

// TestOlderCallbackHandedInAgain: a person's token that was not kept can be handed
// in again, and only by its tenant.
func TestOlderCallbackHandedInAgain(t *testing.T) {
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

// TestVaultDownDuringTheExchange: the token is fetched when the vault is back.
func TestVaultDownDuringTheExchange(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		broken := &brokenVault{Vault: b.vault, broken: true}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = broken })
		done, start := b.client(t, graphtest.SignupOptions{})
		record, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, errVault)
		broken.broken = false
		time.Sleep(time.Hour)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.True(t, record.TokenFetched)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}

// TestBeginRefusesWhatCannotBe before anything is sent.
func TestBeginRefusesWhatCannotBe(t *testing.T) {
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

func requireField(t testing.TB, err error, field string) {
	t.Helper()
	var input *graph.InputError
	require.ErrorAs(t, err, &input, field)
	require.Equal(t, field, input.Field)
}

func TestNew_ChecksConfig(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		for field, change := range map[string]func(*onboard.Config){
			"Config.Client":     func(c *onboard.Config) { c.Client = nil },
			"Config.Store":      func(c *onboard.Config) { c.Store = nil },
			"Config.Vault":      func(c *onboard.Config) { c.Vault = nil },
			"Config.App.ID":     func(c *onboard.Config) { c.App.ID = "" },
			"Config.App.Secret": func(c *onboard.Config) { c.App.Secret = graph.Secret{} },
			"Config.Business":   func(c *onboard.Config) { c.Business = "" },
			"Config.SystemUser": func(c *onboard.Config) { c.SystemUser = "admin" },
			"Config.Line":       func(c *onboard.Config) { c.Line = "line" },
		} {
			cfg := b.config()
			change(&cfg)
			_, err := onboard.New(cfg)
			requireField(t, err, field)
		}
	})
}

// TestTokenOutOfReachForADay: a person is asked then, and Resume goes on.
func TestTokenOutOfReachForADay(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.LoseReply("POST /oauth/access_token")
		remove := b.server.Control("POST /{business-id}/system_user_access_tokens", func(graphtest.Call) *graphtest.Fault {
			return &graphtest.Fault{Code: 2, Message: "Service temporarily unavailable"}
		})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.Equal(t, 30, record.Step(onboard.StepToken, "").Attempts)
		require.Greater(t, time.Since(record.Created), 12*time.Hour)
		remove()
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}
