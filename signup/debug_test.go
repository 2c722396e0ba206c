package signup_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

const debugRoute = "GET /debug_token"

func TestClient_Debug(t *testing.T) {
	server := graphtest.New(t)
	world := server.World()
	signups, done, token := redeemed(t, server, graphtest.SignupOptions{TokenLifetime: 60 * 24 * time.Hour})
	info, err := signups.Debug(t.Context(), token.Access)
	require.NoError(t, err)
	require.NoError(t, info.Err())
	require.Equal(t, world.App, info.AppID)
	require.Equal(t, "SYSTEM_USER", info.Type)
	require.WithinDuration(t, server.Now().Add(60*24*time.Hour), info.ExpiresAt.Time, time.Minute)
	require.Equal(t, done.WABAs, info.Grants().WABAs)
	require.Equal(t, []graph.BusinessID{done.Business}, info.Grants().Businesses)
	require.Contains(t, info.Grants().String(), "1 WABAs")
}

func TestClient_Debug_RevokedTokenIsNotAnError(t *testing.T) {
	server := graphtest.New(t)
	signups, _, token := redeemed(t, server, graphtest.SignupOptions{})
	require.NoError(t, server.RevokeToken(token.Access, 458))
	info, err := signups.Debug(t.Context(), token.Access)
	require.NoError(t, err)
	require.ErrorIs(t, info.Err(), graph.ErrAuth)
	require.ErrorIs(t, info.Err(), graph.Code(458))
}

func TestClient_Debug_ErrorsShowNoToken(t *testing.T) {
	server := graphtest.New(t)
	signups, _, token := redeemed(t, server, graphtest.SignupOptions{})
	server.Once(debugRoute, graphtest.Fault{Body: []byte(
		`{"data":{"is_valid":false,"error":{"code":190,"message":"Cannot parse ` + token.Access.Reveal() + `"}}}`)})
	info, err := signups.Debug(t.Context(), token.Access)
	require.NoError(t, err)
	require.NotContains(t, info.Err().Error(), token.Access.Reveal())
	require.NotContains(t, info.Problem.Message, token.Access.Reveal())
	require.Contains(t, info.Problem.Message, "[redacted]")
}

func TestClient_Debug_EmptyAnswer(t *testing.T) {
	server := graphtest.New(t)
	signups, _, token := redeemed(t, server, graphtest.SignupOptions{})
	server.Once(debugRoute, graphtest.Fault{Body: []byte(`{}`)})
	_, err := signups.Debug(t.Context(), token.Access)
	require.ErrorIs(t, err, graph.ErrBadResponse)

	_, err = signups.Debug(t.Context(), graph.Secret{})
	require.Equal(t, "token", inputField(t, err))
	require.ErrorIs(t, signup.TokenInfo{}.Err(), graph.ErrAuth, "an empty answer is not a valid token")
}

func TestClient_Debug_NeedsCompleteApp(t *testing.T) {
	server := graphtest.New(t)
	for field, app := range map[string]signup.App{
		"app id": {Secret: graph.NewSecret("x")}, "app secret": {ID: "1"},
	} {
		before := len(server.Calls())
		_, err := signup.New(server.Client(), app).Debug(t.Context(), graph.NewSecret("EAA"))
		require.Equal(t, field, inputField(t, err))
		require.Len(t, server.Calls(), before)
		_, err = app.Token(context.Background())
		require.Equal(t, field, inputField(t, err))
	}
}
