package signup_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

func TestClient_Exchange_BadCode(t *testing.T) {
	server := graphtest.New(t)
	signups := signup.New(server.Client(), signup.App{ID: server.World().App, Secret: server.World().AppSecret})
	for _, code := range []string{"", "AQB x", "AQB\n", "\x7f"} {
		_, err := signups.Exchange(t.Context(), graph.NewSecret(code), signup.ExchangeOptions{})
		require.Equal(t, "code", inputField(t, err), "%q", code)
	}
	require.Empty(t, server.Calls())
}

func TestClient_Exchange_Method(t *testing.T) {
	for get, method := range map[bool]string{false: http.MethodPost, true: http.MethodGet} {
		server := graphtest.New(t)
		signups := signup.New(server.Client(), signup.App{ID: server.World().App, Secret: server.World().AppSecret})
		done, err := server.Signup(graphtest.SignupOptions{RedirectURI: "https://bsp.example/done"})
		require.NoError(t, err)
		_, err = signups.Exchange(t.Context(), done.Code, signup.ExchangeOptions{Get: get, RedirectURI: "https://bsp.example/done"})
		require.NoError(t, err)
		require.Equal(t, 1, server.Exchanges(done.Code))
		require.Equal(t, method, server.Calls()[0].Method)
	}
}
