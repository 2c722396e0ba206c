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

func TestClient_Renew(t *testing.T) {
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
		require.Equal(t, time.Now().Add(signup.RenewedLife), fresh.Expires, "the request asked for 60 days, so they hold without expires_in too")

		time.Sleep(61 * 24 * time.Hour)
		_, err = signups.Renew(t.Context(), token)
		require.ErrorIs(t, err, graph.ErrAuth)
		require.ErrorIs(t, err, graph.Code(463))
	})
}
