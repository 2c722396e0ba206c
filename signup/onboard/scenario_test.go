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

func TestScenario_LostExchangeAnswer(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.LoseReply("POST /oauth/access_token")
		record := begin(t, flow, start)
		require.Equal(t, onboard.StateExchanging, record.State)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.True(t, record.TokenFetched)
		require.Equal(t, 1, b.server.Exchanges(done.Code), "one exchange per code")
		b.requireLive(t, done)
	})
}

func TestScenario_LostExchangeAndAForeignClaim(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		other, _ := b.client(t, graphtest.SignupOptions{Name: "Another Client"})
		start.Claim = signup.Claim{Business: other.Business, WABAs: []graph.WABAID{b.world.ClientWABAs[0]}}
		b.server.LoseReply("POST /oauth/access_token")
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateNeedsNewSignup, record.State, "a claim that the fetched token does not confirm is not followed")
		require.False(t, record.TokenKept)
		require.NotEmpty(t, record.Step(onboard.StepToken, "").Reason)
	})
}

func TestScenario_ExpiredCode(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		b.server.Advance(31 * time.Second)
		record := begin(t, flow, start)
		require.Equal(t, onboard.StateNeedsNewSignup, record.State)
		require.Contains(t, record.Step(onboard.StepToken, "").Reason, "go through the signup again")
		require.Equal(t, start.Claim, record.Claim, "what is known stays")
	})
}

func TestScenario_SameCodePostedTwice(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		first, second := make(chan onboard.Record, 1), make(chan onboard.Record, 1)
		go func() { r, _ := flow.Begin(t.Context(), start); first <- r }()
		go func() { r, _ := flow.Begin(t.Context(), start); second <- r }()
		require.Equal(t, (<-first).ID, (<-second).ID)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}

func TestScenario_WrongTenant(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		begin(t, flow, start)
		start.Tenant = "mallory"
		record, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, onboard.ErrOtherTenant)
		require.Empty(t, record.ID, "nothing of the other tenant's record is told")
	})
}

// A browser claims a WABA of another client, alone or beside its own. The token does not
// reach it, so it is left alone, and what was granted is onboarded.
func TestScenario_ClaimOfAnotherClientsWABA(t *testing.T) {
	for name, both := range map[string]bool{"alone": false, "beside its own": true} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, start := b.client(t, graphtest.SignupOptions{})
				other := b.world.ClientWABAs[0]
				start.Claim = signup.Claim{WABAs: []graph.WABAID{other}, Numbers: []graph.PhoneNumberID{"4711"}}
				if both {
					start.Claim = signup.Claim{WABAs: append(done.WABAs, other), Numbers: done.Numbers}
				}
				before := b.server.Subscribers(other)
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				require.Nil(t, record.Account(other))
				require.NotContains(t, record.Claim.WABAs, other)
				require.Equal(t, before, b.server.Subscribers(other))
				b.requireLive(t, done)
			})
		})
	}
}

func TestScenario_DriftedScopes(t *testing.T) {
	for _, drift := range []graphtest.Drift{graphtest.ManageEvents, graphtest.NoTargets, graphtest.EmptyTargets} {
		t.Run(string(drift), func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, start := b.client(t, graphtest.SignupOptions{Drift: drift})
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				b.requireLive(t, done)
			})
		})
	}
}

func TestScenario_UnlimitedTokenAndNoClaim(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{Drift: graphtest.NoTargets})
		start.Claim = signup.Claim{Business: done.Business}
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}

func TestScenario_ForeignAppSubscribed(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Once("GET /{waba-id}/subscribed_apps", graphtest.Fault{
			Body: []byte(`{"data":[{"whatsapp_business_api_data":{"id":"999000111222333","name":"Another BSP"}}]}`),
		})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Contains(t, b.server.Subscribers(done.WABAs[0]), b.world.App)
	})
}

func TestScenario_NumberNotVerified(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{CodeVerification: "NOT_VERIFIED"})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		step := record.Step(onboard.StepRegister, string(done.Numbers[0]))
		require.Contains(t, step.Reason, "request a code")
		require.Zero(t, b.server.Registrations(done.Numbers[0]), "no registration was spent")
		require.Equal(t, onboard.StepDone, record.Step(onboard.StepShare, string(done.WABAs[0])).State, "the rest is done")

		require.NoError(t, b.server.VerifyNumber(done.Numbers[0]))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}

func TestScenario_PINMismatch(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		pin := graph.NewSecret("482913")
		done, start := b.client(t, graphtest.SignupOptions{PIN: pin})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]), "a wrong PIN is not tried again")

		require.NoError(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], pin))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

func TestScenario_ClientLeavesMidway(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		left := false
		var done graphtest.SignupResult
		flow := b.flow(t, func(c *onboard.Config) {
			c.Approve = func(context.Context, onboard.Record) error {
				if !left {
					left = true
					return errors.Join(b.server.Unshare(done.WABAs[0]), b.server.RevokeToken(mustToken(t, b, done.Business), 0))
				}
				return nil
			}
		})
		var start onboard.BeginRequest
		done, start = b.client(t, graphtest.SignupOptions{})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State, "%+v", record.Steps)
		require.Equal(t, graph.ErrAuth, record.Step(onboard.StepSubscribe, string(done.WABAs[0])).Kind)
		for _, a := range b.server.Allocations() {
			require.NotEqual(t, done.Business, a.Business, "nothing was billed")
		}
	})
}

func TestScenario_RefusedByTheBSP(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) {
			c.Approve = func(_ context.Context, r onboard.Record) error {
				require.NotEmpty(t, r.Accounts, "the assets are confirmed before the hook")
				require.Empty(t, b.server.Subscribers(r.Accounts[0].ID), "nothing was written before it")
				return onboard.ErrRefused
			}
		})
		_, start := b.client(t, graphtest.SignupOptions{})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateRefused, record.State)
		_, err := b.vault.Get(t.Context(), vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretToken})
		require.ErrorIs(t, err, vault.ErrNoSecret, "the token was deleted")
	})
}

func TestScenario_ThrottleGoesIntoTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Throttle("POST /{waba-id}/subscribed_apps", 1, 19*time.Minute)
		record := begin(t, flow, start)
		before := time.Now()
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Less(t, time.Since(before), time.Minute, "the flow does not sleep")
		step := record.Step(onboard.StepSubscribe, string(done.WABAs[0]))
		require.Equal(t, onboard.StepOpen, step.State)
		require.InDelta(t, 19*time.Minute, time.Until(step.NotBefore), float64(time.Minute))
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
	})
}

func TestScenario_RegistrationLocked(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Fail("POST /{phone-number-id}/register", 133016, 0)
		record, err := flow.Run(t.Context(), begin(t, flow, start).ID)
		require.NoError(t, err)
		step := record.Step(onboard.StepRegister, string(done.Numbers[0]))
		require.InDelta(t, 72*time.Hour, time.Until(step.NotBefore), float64(time.Minute))
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
	})
}

func TestScenario_TwoWorkers(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: 50 * time.Millisecond} })
		one, two := b.flow(t), b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, one, start)
		other := make(chan error, 1)
		go func() {
			time.Sleep(10 * time.Millisecond)
			_, err := two.Run(t.Context(), record.ID)
			other <- err
		}()
		record, err := one.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.ErrorIs(t, <-other, onboard.ErrBusy)
		require.Equal(t, onboard.StateDone, record.State)
		b.requireLive(t, done)
	})
}

func TestScenario_AdvanceOneStepAtATime(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		jobs := 0
		for !record.State.Final() {
			calls := len(record.Steps)
			next, err := flow.Advance(t.Context(), record.ID)
			require.NoError(t, err)
			record = next
			if jobs++; jobs > 30 {
				t.Fatalf("%d steps and no end: %+v", calls, record.Steps)
			}
		}
		require.Equal(t, onboard.StateDone, record.State)
		require.Equal(t, 8, jobs)
		b.requireLive(t, done)
	})
}

// The expiry is written into the record, found by Diagnose, and renewed.
func TestScenario_TokenAboutToExpire(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{TokenLifetime: 60 * 24 * time.Hour})
		require.WithinDuration(t, time.Now().Add(60*24*time.Hour), record.TokenExpires, time.Minute)
		time.Sleep(50 * 24 * time.Hour)
		old := b.token(t, record)
		report, err := onboard.Diagnose(t.Context(), b.diagnosis(done.WABAs[0], old))
		require.NoError(t, err)
		require.Equal(t, onboard.FindingTokenExpiring, report.Findings[0].Code)
		signups := signup.New(b.server.Client(), signup.App{ID: b.world.App, Secret: b.world.AppSecret})
		for token, err := range onboard.Refresh(t.Context(), signups, b.vault, onboard.RefreshOptions{}) {
			require.NoError(t, err)
			require.Equal(t, onboard.RenewalDone, token.Result)
		}
		fresh := b.token(t, record)
		require.False(t, fresh.Equal(old))
		report, err = onboard.Diagnose(t.Context(), b.diagnosis(done.WABAs[0], fresh))
		require.NoError(t, err)
		require.Equal(t, onboard.Live, report.Health, "%+v", report.Findings)
	})
}
