package graphsim_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestCalls_HoldNoSecrets(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	c.get("/debug_token", "input_token", business.token).ok()
	c.as("").get("/me", "access_token", business.token).ok()
	business.post("/"+su.PhoneNumberIDs[0]+"/register", "messaging_product", "whatsapp", "pin", "736251").ok()
	c.batch(`[{"method":"GET","relative_url":"me?access_token=` + business.token + `"}]`).ok()
	c.get("/me", "appsecret_proof", proofOf(c.world.AppSecret, c.token)).ok()
	log := must(jsonText(c.sim.Calls())) + must(jsonText(c.sim.Dump()))
	for _, secret := range c.sim.Secrets() {
		require.NotContains(t, log, secret)
	}
	for name, secret := range map[string]string{"token": business.token, "admin": c.token, "code": su.Code, "secret": c.world.AppSecret, "pin": "736251",
		"proof": proofOf(c.world.AppSecret, c.token), "user": su.AccessToken} {
		require.NotContains(t, log, secret, name)
	}
	require.Contains(t, log, "[redacted]")
	calls := c.sim.Calls()
	require.Equal(t, "business", calls[len(calls)-2].TokenKind, "the operation is logged after its batch")
	require.True(t, calls[len(calls)-2].Batch)
}

// byRoute returns the last call of a route, for example "GET /{waba-id}".
func byRoute(t *testing.T, c client, route string) graphsim.Call {
	t.Helper()
	for _, call := range slices.Backward(c.sim.Calls()) {
		if call.Method+" "+call.Route == route {
			return call
		}
	}
	require.Fail(t, "no call of "+route)
	return graphsim.Call{}
}

func TestCalls_Effect(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	effect := func(route string) bool { return byRoute(t, c, route).Effect }
	number := "/" + su.PhoneNumberIDs[0]
	const register, exchange = "POST /{phone-number-id}/register", "POST /oauth/access_token"
	require.True(t, effect(exchange))

	business.get(number).ok()
	require.False(t, effect("GET /{phone-number-id}"))
	business.post(number+"/register", "messaging_product", "whatsapp", "pin", "1").fails(400, 100, 0)
	require.False(t, effect(register), "refused")
	for name, test := range map[string]struct {
		fault  graphsim.Fault
		effect bool
	}{
		"replaced":     {graphsim.Fault{Code: 2}, false},
		"replaced too": {graphsim.Fault{Code: 2, After: true}, true},
		"reset":        {graphsim.Fault{ResetBefore: true}, false},
		"lost":         {graphsim.Fault{LoseReply: true}, true},
	} {
		remove := c.always(register, test.fault)
		_, _, err := business.raw(t.Context(), "POST", number+"/register?messaging_product=whatsapp&pin=123456")
		require.Equal(t, name == "lost" || name == "reset", err != nil, name)
		require.Equal(t, test.effect, effect(register), name)
		remove()
	}

	// The method does not always say it.
	app := []string{"client_id", c.world.AppID, "client_secret", c.world.AppSecret}
	c.as("").post("/oauth/access_token", append(app, "grant_type", "client_credentials")...).ok()
	require.False(t, effect(exchange))
	c.as("").post("/oauth/access_token", append(app, "code", su.Code)...).fails(400, 100, 36009)
	require.False(t, effect(exchange))
	again := must(c.sim.Signup(graphsim.SignupSpec{}))
	c.as("").get("/oauth/access_token", append(app, "code", again.Code)...).ok()
	require.True(t, effect("GET /oauth/access_token"))
	c.fetch(su.BusinessID).ok()
	require.False(t, effect("POST /{business-id}/system_user_access_tokens"))
	c.post("/"+su.BusinessID+"/system_user_access_tokens", "appsecret_proof", proofOf(c.world.AppSecret, c.token)).ok()
	require.True(t, effect("POST /{business-id}/system_user_access_tokens"))
	c.get("/oauth/revoke", append(app, "revoke_token", business.token)...).ok()
	require.True(t, effect("GET /oauth/revoke"))
}

// TestCalls_BeganAndEnded lets a read last until a write has ended.
func TestCalls_BeganAndEnded(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := "/" + c.world.ClientWABAs[0]
	const read, write = "GET /{waba-id}", "POST /{waba-id}/subscribed_apps"
	inner := func(*graphsim.Call) *graphsim.Fault {
		require.Zero(t, byRoute(t, c, read).Ended, "it has not ended")
		c.post(waba + "/subscribed_apps").ok()
		return nil
	}
	remove := c.sim.Control(read, inner)
	c.get(waba).ok()
	remove()
	slow, inside := byRoute(t, c, read), byRoute(t, c, write)
	require.Less(t, slow.Began, inside.Began)
	require.Less(t, inside.Began, inside.Ended)
	require.Less(t, inside.Ended, slow.Ended)

	c.get(waba).ok()
	require.Less(t, slow.Ended, byRoute(t, c, read).Began)
}
