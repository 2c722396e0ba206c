package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSummary_CountsTheWorld(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{Numbers: 2})
	pair := graphsim.CreditPair{CreditLineID: c.world.CreditLineID, BusinessID: su.BusinessID}
	before := c.sim.Summary()
	require.Empty(t, before.Registered, "the numbers of the default world were registered before it began")
	require.Empty(t, before.Subscriptions)
	require.Len(t, before.Allocations, 2)
	require.NotContains(t, before.Allocations, pair)

	one, two := su.PhoneNumberIDs[0], su.PhoneNumberIDs[1]
	register := func(id, pin string) answer {
		return business.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", pin)
	}
	register(one, "111111").ok()
	register(one, "111111").ok()
	register(one, "222222").fails(400, 133005, 0)
	require.NoError(t, c.sim.SetPIN(one, ""))
	register(one, "333333").ok()
	require.NoError(t, c.sim.SetPIN(one, ""))
	require.NoError(t, c.sim.DelayName(two, 1))
	register(two, "444444").fails(400, 100, 2388001)
	c.share(su.WABAIDs[0], "USD").ok()
	business.post("/"+su.WABAIDs[0]+"/subscribed_apps", "override_callback_uri", "https://bsp.example/hook", "verify_token", "x").ok()

	after := c.sim.Summary()
	require.Equal(t, map[string]graphsim.Registered{one: {Times: 3, PINs: 2}}, after.Registered)
	require.Equal(t, 1, after.Allocations[pair])
	require.Equal(t, map[string][]graphsim.Subscription{su.WABAIDs[0]: {{AppID: c.world.AppID, OverrideCallbackURI: "https://bsp.example/hook"}}}, after.Subscriptions)
	require.Contains(t, c.sim.Secrets(), "111111", "a PIN that was replaced is still a secret")
	require.Contains(t, c.sim.Secrets(), "333333")

	for _, a := range c.sim.Allocations() {
		if a.ReceivingBusinessID == su.BusinessID {
			c.delete("/" + a.ID).ok()
		}
	}
	business.delete("/" + su.WABAIDs[0] + "/subscribed_apps").ok()
	require.NoError(t, c.sim.DeleteNumber(one))
	end := c.sim.Summary()
	require.NotContains(t, end.Allocations, pair)
	require.Empty(t, end.Subscriptions)
	require.Empty(t, end.Registered)
}
