package graphsim_test

import (
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
