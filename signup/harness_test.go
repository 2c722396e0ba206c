package signup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// inputField returns the field that an InputError names.
func inputField(tb testing.TB, err error) string {
	tb.Helper()
	var input *graph.InputError
	require.ErrorAs(tb, err, &input)
	return input.Field
}

// redeemed simulates a customer who finishes the signup, and exchanges the code.
func redeemed(tb testing.TB, server *graphtest.Server, spec graphtest.SignupOptions) (*signup.Client, graphtest.SignupResult, signup.Token) {
	tb.Helper()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	done, err := server.Signup(spec)
	require.NoError(tb, err)
	token, err := signups.Redeem(tb.Context(), signup.Callback{Code: done.Code})
	require.NoError(tb, err)
	return signups, done, token
}
