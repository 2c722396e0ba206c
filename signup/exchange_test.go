package signup_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

const exchangeRoute = "POST /oauth/access_token"

// TestATokenIsNotLostOverItsLifetime: the code gives no second one.
func TestATokenIsNotLostOverItsLifetime(t *testing.T) {
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

func TestRenew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		signups, _, redeemed := redeemed(t, server, graphtest.SignupOptions{TokenLifetime: 60 * 24 * time.Hour})
		token := redeemed.Access
		_, err := signups.Renew(t.Context(), graph.Secret{})
		require.ErrorIs(t, err, graph.ErrInput)
		_, err = signup.New(server.Client(), signup.App{}).Renew(t.Context(), token)
		require.ErrorIs(t, err, graph.ErrInput)

		server.Once(exchangeRoute, graphtest.Fault{Body: []byte(`{"access_token":"EAAfresh","token_type":"bearer"}`)})
		fresh, err := signups.Renew(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, time.Now().Add(signup.RenewedLife), fresh.Expires, "60 days were asked for, said or not")

		time.Sleep(61 * 24 * time.Hour)
		_, err = signups.Renew(t.Context(), token)
		require.ErrorIs(t, err, graph.ErrAuth)
		require.ErrorIs(t, err, graph.Code(463))
	})
}
