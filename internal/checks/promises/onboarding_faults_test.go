package promises_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// TestFaultMatrix_EveryRouteOfAnOnboarding lets a whole onboarding meet each fault
// once, at each of its routes. Nothing is done twice and nothing shows a secret.
// The customer's number can send in the end: without help, or after a person has
// repaired what Meta refused and resumed the record. Only a code that Meta refused or
// that never arrived ends the onboarding.
func TestFaultMatrix_EveryRouteOfAnOnboarding(t *testing.T) {
	t.Parallel()
	search, chosen := new(sdktest.SecretSearch), newSample(t)
	var routes []string
	synctest.Test(t, func(t *testing.T) {
		o := newOnboarding(t)
		record := o.onboard(t)
		require.Equal(t, onboard.StateDone, record.State)
		o.requireOnboarded(t, record, "without a fault")
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
				method, path, _ := strings.Cut(route, " ")
				for _, f := range faultsOf(&call{method: method, route: path}) {
					if !chosen.has(route + " " + f.name) {
						continue
					}
					combinations.Add(1)
					synctest.Test(t, func(t *testing.T) {
						switch onboardWithFault(t, search, route, f) {
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
	t.Logf("%d combinations: %d routes, %d faults; %d resumed by hand, %d codes refused or not sent",
		combinations.Load(), len(routes), len(faults()), resumed.Load(), lost.Load())
	require.Greater(t, len(routes), 10)
}

const exchangeRoute = "POST /oauth/access_token"

// onboardWithFault returns the state in which the onboarding first stopped.
func onboardWithFault(t *testing.T, search *sdktest.SecretSearch, route string, f *fault) onboard.State {
	t.Helper()
	about := fmt.Sprintf("%s at %s", f.name, route)
	o := newOnboarding(t)
	o.wire.inject(route, f, false)
	record := o.onboard(t)
	state := record.State
	require.Equal(t, 1, o.wire.hitCount(), about)
	o.requireDoneOnce(t, about)
	if state == onboard.StateFailed {
		require.Contains(t, []outcome{refused, unknownAlways, anyOutcome}, f.outcome, "%s: %+v", about, record.Steps)
		next, err := o.flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		record = o.runToEnd(t, next)
	}
	switch {
	case record.State == onboard.StateNeedsNewSignup:
		require.Equal(t, exchangeRoute, route, "%s: %+v", about, record.Steps)
		// A code that did not arrive gives no token, so none can be fetched.
		require.True(t, f.outcome == refused || f.outcome == anyOutcome || o.server.Exchanges(o.customer.Code) == 0, about)
		require.NotEmpty(t, record.Step(onboard.StepToken, "").Reason, about)
	case route == exchangeRoute && f.outcome == anyOutcome:
		// Another text stands in the place of the token. The Flow cannot notice that.
		require.Equal(t, onboard.StateFailed, record.State, about)
	default:
		require.Equal(t, onboard.StateDone, record.State, "%s: %+v", about, record.Steps)
		o.requireOnboarded(t, record, about)
	}
	o.requireNoSecrets(t, search, about)
	requireOneOrigin(t, o.fixture, about)
	return state
}
