package signup_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// calls makes every call of a Client that sends something.
func calls(ctx context.Context, client *signup.Client) map[string]error {
	code, token := graph.NewSecret("AQB"), graph.NewSecret("EAA")
	errs := map[string]error{}
	_, errs["Exchange"] = client.Exchange(ctx, code, signup.ExchangeOptions{})
	_, errs["Redeem"] = client.Redeem(ctx, signup.Callback{Code: code})
	_, errs["Redeem access token"] = client.Redeem(ctx, signup.Callback{AccessToken: token})
	_, errs["Renew"] = client.Renew(ctx, token)
	_, errs["Debug"] = client.Debug(ctx, token)
	_, errs["FetchToken"] = client.FetchToken(ctx, "1")
	_, errs["ConfirmAccounts"] = client.ConfirmAccounts(ctx, signup.Token{Access: token}, []graph.WABAID{"1"}, signup.Grants{Unrestricted: true})
	return errs
}

func TestClient_WithoutGraphClient(t *testing.T) {
	for name, client := range map[string]*signup.Client{"nil": nil, "zero": {}, "New(nil)": signup.New(nil, signup.App{})} {
		for call, err := range calls(t.Context(), client) {
			require.Equal(t, "client", inputField(t, err), "%s of %s", call, name)
			require.ErrorContains(t, err, "signup.New", call)
		}
	}
}

func TestClient_NilContext(t *testing.T) {
	server := graphtest.New(t)
	var none context.Context
	for call, err := range calls(none, signup.New(server.Client(), signup.App{ID: "1", Secret: graph.NewSecret("x")})) {
		require.Equal(t, "context", inputField(t, err), call)
	}
	require.Empty(t, server.Calls())
}

func TestClient_IncompleteApp(t *testing.T) {
	server := graphtest.New(t)
	errs := calls(t.Context(), signup.New(server.Client(), signup.App{}))
	for _, call := range []string{"Exchange", "Redeem", "Renew", "Debug"} {
		require.Equal(t, "app id", inputField(t, errs[call]), call)
	}
	require.NoError(t, errs["Redeem access token"])
	for _, call := range []string{"FetchToken", "ConfirmAccounts"} {
		require.NotErrorIs(t, errs[call], graph.ErrInput, "%s needs no App", call)
	}
}
