package graphsim_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSubscribe_WithAndWithoutOverride(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	edge := "/" + su.WABAIDs[0] + "/subscribed_apps"
	require.NotContains(t, business.get(edge).ok().raw, "paging")
	business.post(edge).ok()
	business.post(edge, "override_callback_uri", "https://a.example/hook").fails(400, 100, 0)
	business.post(edge, "override_callback_uri", "http://a.example/hook", "verify_token", "v").fails(400, 100, 0)
	c.sim.Advance(time.Second)
	c.as(business.token).send("POST", "/v25.0"+edge, map[string][]string{"Content-Type": {"application/json"}}, `{"override_callback_uri":"https://a.example/hook","verify_token":"v"}`).ok()
	a := business.get(edge).ok()
	require.Equal(t, "https://a.example/hook", a.text("data", "0", "override_callback_uri"))
	require.Equal(t, c.world.AppID, a.text("data", "0", "whatsapp_business_api_data", "id"))
	require.Equal(t, "https://a.example/hook", business.get("/"+su.PhoneNumberIDs[0], "fields", "webhook_configuration").ok().text("webhook_configuration", "whatsapp_business_account"))
	business.post(edge).ok()
	require.Empty(t, c.sim.Subscriptions(su.WABAIDs[0])[0].OverrideCallbackURI, "repeating without the override removes it")
	business.delete(edge).ok()
	require.Empty(t, c.sim.Subscriptions(su.WABAIDs[0]))
}

func TestSubscribe_VerifiesOverride(t *testing.T) {
	var asked []string
	c := start(t, graphsim.Config{VerifyCallback: func(callback, token string) error {
		asked = append(asked, callback, token)
		if strings.Contains(callback, "bad") {
			return errors.New("HTTP 404")
		}
		return nil
	}})
	waba := c.world.ClientWABAs[0]
	c.post("/"+waba+"/subscribed_apps", "override_callback_uri", "https://bad.example/", "verify_token", "v").fails(400, 2200, 0)
	require.Empty(t, c.sim.Subscriptions(waba))
	c.post("/"+waba+"/subscribed_apps", "override_callback_uri", "https://good.example/", "verify_token", "v").ok()
	require.Equal(t, []string{"https://bad.example/", "v", "https://good.example/", "v"}, asked)
}
