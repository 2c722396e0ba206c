package signup_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

const exchangeRoute = "POST /oauth/access_token"

// A code gives only one token, so the token must not be lost when its lifetime
// cannot be read.
func TestClient_Redeem_UnreadableLifetime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`5183944`: 5183944 * time.Second, `"5183944"`: 5183944 * time.Second, `5183944.0`: 5183944 * time.Second,
		`0`: 0, `null`: 0, `"never"`: 0, `false`: 0, `{}`: 0, `[]`: 0, `-1`: 0, `1e300`: 0,
	} {
		t.Run(text, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				done, err := server.Signup(graphtest.SignupOptions{})
				require.NoError(t, err)
				server.Once(exchangeRoute, graphtest.Fault{
					Body: []byte(`{"access_token":"EAAkept","token_type":"bearer","expires_in":` + text + `}`),
				})
				token, err := signup.New(server.Client(), signup.App{ID: server.World().App, Secret: server.World().AppSecret}).
					Redeem(t.Context(), signup.Callback{Code: done.Code})
				require.NoError(t, err)
				require.Equal(t, "EAAkept", token.Access.Reveal())
				if want == 0 {
					require.True(t, token.Expires.IsZero())
				} else {
					require.Equal(t, want, time.Until(token.Expires))
				}
			})
		})
	}
}

// FetchToken returns the token that the exchange made, not a new one.
func TestClient_FetchToken(t *testing.T) {
	server := graphtest.New(t)
	signups, done, token := redeemed(t, server, graphtest.SignupOptions{})
	fetched, err := signups.FetchToken(t.Context(), done.Business)
	require.NoError(t, err)
	require.True(t, fetched.Access.Equal(token.Access))

	before := len(server.Calls())
	_, err = signups.FetchToken(t.Context(), "")
	require.Error(t, err)
	require.Len(t, server.Calls(), before, "an invalid id is not sent")
}
