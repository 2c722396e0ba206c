package graphtest_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// TestSignup_ConstantsAreThoseOfTheSimulator checks that the values are written twice, so that
// the documentation shows them.
func TestSignup_ConstantsAreThoseOfTheSimulator(t *testing.T) {
	for ours, inner := range map[graphtest.Variant]graphsim.Variant{
		graphtest.Cloud: graphsim.VariantCloud, graphtest.Coexistence: graphsim.VariantCoexistence, graphtest.OnlyWABA: graphsim.VariantOnlyWABA,
		graphtest.Hosted: graphsim.VariantHosted, graphtest.PreVerified: graphsim.VariantPreVerified,
	} {
		require.Equal(t, string(inner), string(ours))
	}
	for ours, inner := range map[graphtest.Drift]graphsim.Drift{
		graphtest.NoDrift: graphsim.DriftNone, graphtest.ManageEvents: graphsim.DriftManageEvents, graphtest.NoTargets: graphsim.DriftNoTargets,
		graphtest.EmptyTargets: graphsim.DriftEmptyTargets, graphtest.MessagingOnly: graphsim.DriftMessagingOnly,
	} {
		require.Equal(t, string(inner), string(ours))
	}
}

func TestSignup_RefusesWrongDescription(t *testing.T) {
	server := graphtest.New(t)
	for want, signup := range map[string]graphtest.SignupOptions{
		"no variant":                      {Variant: "fax"},
		"no drift":                        {Drift: "north"},
		"cannot be negative":              {Numbers: -1},
		`there is no client business "1"`: {Business: "1"},
	} {
		_, err := server.Signup(signup)
		input, ok := errors.AsType[*graph.InputError](err)
		require.True(t, ok, want)
		require.ErrorContains(t, input, want)
		require.ErrorContains(t, input, "Signup failed")
	}
}

func TestSignup_HostedHasNoCode(t *testing.T) {
	result, err := graphtest.New(t).Signup(graphtest.SignupOptions{Variant: graphtest.Hosted})
	require.NoError(t, err)
	require.True(t, result.Code.IsZero())
	require.True(t, result.AccessToken.IsZero())
	require.Len(t, result.WABAs, 1)
}
