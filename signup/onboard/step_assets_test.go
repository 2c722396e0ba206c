package onboard_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// No other number is registered in its place.
func TestConfirm_RefusesANumberThatIsNotThere(t *testing.T) {
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

// The other numbers of the WABA do not belong to this signup.
func TestConfirm_TakesOnlyTheClaimedNumber(t *testing.T) {
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

// Only ErrRefused is a refusal. After another error, Approve is called again.
func TestApprove_IsAskedAgainAfterAnError(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		asked := 0
		flow := b.flow(t, func(c *onboard.Config) {
			c.Approve = func(context.Context, onboard.Record) error {
				if asked++; asked < 4 {
					return errors.New("the CRM is down")
				}
				return nil
			}
		})
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		require.Equal(t, 4, asked)
		require.Equal(t, 4, record.Step(onboard.StepApprove, "").Attempts)
		b.requireLive(t, done)
	})
}
