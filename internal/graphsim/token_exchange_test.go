package graphsim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestExchange_Code(t *testing.T) {
	c := start(t, graphsim.Config{})
	exchange := func(method, code string) answer {
		pairs := []string{"client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", code}
		if method == "GET" {
			return c.as("").get("/oauth/access_token", pairs...)
		}
		return c.as("").post("/oauth/access_token", pairs...)
	}
	signup := func(spec graphsim.SignupSpec) graphsim.Signup {
		su, err := c.sim.Signup(spec)
		require.NoError(t, err)
		return su
	}

	for _, method := range []string{"GET", "POST"} {
		su := signup(graphsim.SignupSpec{})
		a := exchange(method, su.Code).ok()
		require.True(t, strings.HasPrefix(a.text("access_token"), "EAA"))
		require.Equal(t, "bearer", a.text("token_type"))
		require.Nil(t, a.at("expires_in"), "a token that never expires has no expires_in")

		exchange(method, su.Code).fails(400, 100, 36009)
		require.Equal(t, 2, c.sim.Exchanges(su.Code))
	}

	su := signup(graphsim.SignupSpec{TokenLifetime: 60 * 24 * time.Hour})
	c.sim.Advance(29 * time.Second)
	require.InDelta(t, 60*24*3600, exchange("POST", su.Code).ok().int("expires_in"), 31)

	su = signup(graphsim.SignupSpec{})
	c.sim.Advance(31 * time.Second)
	exchange("POST", su.Code).fails(400, 100, 36007)

	su = signup(graphsim.SignupSpec{RedirectURI: "https://bsp.example/done"})
	exchange("POST", su.Code).fails(400, 100, 36008)
	c.as("").post("/oauth/access_token", "client_id", c.world.AppID, "client_secret", "wrong", "code", su.Code).fails(400, 101, 0)
	c.as("").post("/oauth/access_token", "client_id", "1", "client_secret", c.world.AppSecret, "code", su.Code).fails(400, 101, 0)
	exchange("POST", "AQBnothing").fails(400, 100, 0)

	hosted := signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})
	require.Empty(t, hosted.Code)
	require.Empty(t, hosted.AccessToken)
	require.NotEmpty(t, hosted.WABAIDs)
}

func TestExchange_AppTokenAndRefresh(t *testing.T) {
	c := start(t, graphsim.Config{})
	a := c.as("").get("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "grant_type", "client_credentials").ok()
	require.Equal(t, c.world.AppToken, a.text("access_token"))

	_, business := c.signup(graphsim.SignupSpec{TokenLifetime: 60 * 24 * time.Hour})
	refresh := func(token string) answer {
		return c.as("").get("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "grant_type", "fb_exchange_token",
			"set_token_expires_in_60_days", "true", "fb_exchange_token", token)
	}
	c.sim.Advance(59 * 24 * time.Hour)
	fresh := refresh(business.token).ok().text("access_token")
	require.NotEqual(t, business.token, fresh)
	business.get("/me").ok()
	c.sim.Advance(2 * 24 * time.Hour)
	business.get("/me").fails(401, 190, 463)
	business.as(fresh).get("/me").ok()
	refresh(business.token).fails(401, 190, 463)

	revoked := c.get("/oauth/revoke", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "revoke_token", fresh).ok()
	require.Equal(t, "true", revoked.at("success"), "documented as a string")
	business.as(fresh).get("/me").fails(401, 190, 466)
}
