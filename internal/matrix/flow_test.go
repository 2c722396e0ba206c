package matrix_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/stretchr/testify/require"
)

// TestAnOnboardingMeetsEveryFault has a whole onboarding meet every fault once,
// at each of its calls. Nothing is done twice, nothing shows a secret, and the
// client ends up live: by itself, or once a person says that what was refused
// is put right. A code that Meta refused is the one thing that ends it.
func TestAnOnboardingMeetsEveryFault(t *testing.T) {
	songs := newCanary()
	var routes []string
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		record := o.onboard(t)
		require.Equal(t, onboard.StateDone, record.State)
		o.requireLive(t, record, "undisturbed")
		for _, s := range o.wire.sent("") {
			if !slices.Contains(routes, s.route) {
				routes = append(routes, s.route)
			}
		}
	})
	var combinations, lost, resumed atomic.Int64
	t.Run("routes", func(t *testing.T) {
		for _, route := range routes {
			t.Run(route, func(t *testing.T) {
				t.Parallel()
				for _, f := range faults() {
					combinations.Add(1)
					synctest.Test(t, func(t *testing.T) {
						switch onboardThrough(t, songs, route, f) {
						case onboard.StateNeedsNewSignup:
							lost.Add(1)
						case onboard.StateFailed:
							resumed.Add(1)
						}
					})
				}
			})
		}
	})
	t.Logf("%d combinations: %d routes, %d faults; %d resumed by hand, %d codes refused",
		combinations.Load(), len(routes), len(faults()), resumed.Load(), lost.Load())
	require.Greater(t, len(routes), 10)
}

const theExchange = "POST /oauth/access_token"

// onboardThrough returns the state in which the onboarding first came to rest.
func onboardThrough(t *testing.T, songs *canary, route string, f *fault) onboard.State {
	t.Helper()
	about := fmt.Sprintf("%s at %s", f.name, route)
	o := newOffice(t)
	o.wire.strike(route, f, false)
	record := o.onboard(t)
	state := record.State
	require.Equal(t, 1, o.wire.hits(), about)
	o.requireDoneOnce(t, about)
	if state == onboard.StateFailed {
		require.Contains(t, []fate{refused, lasting, anything}, f.fate, "%s: %+v", about, record.Steps)
		next, err := o.flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		record = o.goOn(t, next)
	}
	switch {
	case record.State == onboard.StateNeedsNewSignup:
		require.Equal(t, theExchange, route, "%s: %+v", about, record.Steps)
		require.Contains(t, []fate{refused, anything}, f.fate, about)
		require.NotEmpty(t, record.Step(onboard.StepToken, "").Reason, about)
	case route == theExchange && f.fate == anything:
		// Another text stands where the token was, and nobody can tell that.
		require.Equal(t, onboard.StateFailed, record.State, about)
	default:
		require.Equal(t, onboard.StateDone, record.State, "%s: %+v", about, record.Steps)
		o.requireLive(t, record, about)
	}
	o.requireSilent(t, songs, about)
	requireAtHome(t, o.desk, about)
	return state
}
