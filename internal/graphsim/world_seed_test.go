package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSeed_SameWorldInEveryRun(t *testing.T) {
	a, b := graphsim.New(graphsim.Config{}), graphsim.New(graphsim.Config{})
	require.Equal(t, a.World(), b.World())
	one := must(a.Signup(graphsim.SignupSpec{}))
	require.Equal(t, one, must(b.Signup(graphsim.SignupSpec{})))
	require.NotEqual(t, a.World().AdminToken, graphsim.New(graphsim.Config{Seed: 2}).World().AdminToken)
}
