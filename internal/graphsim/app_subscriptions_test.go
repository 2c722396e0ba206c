package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestAppSubscriptions_WriteReadDelete(t *testing.T) {
	c := start(t, graphsim.Config{})
	app := c.as(c.world.AppToken)
	edge := "/" + c.world.AppID + "/subscriptions"
	c.get(edge).fails(400, 15, 0)
	app.post(edge, "object", "whatsapp_business_account").fails(400, 100, 0)
	app.post(edge, "object", "page", "callback_url", "https://a.example/h", "verify_token", "v").fails(400, 100, 0)
	app.post(edge, "object", "whatsapp_business_account", "callback_url", "https://a.example/h", "verify_token", "v", "fields", "messages,account_update", "include_values", "true").ok()
	got := app.get(edge).ok()
	require.Equal(t, "https://a.example/h", got.text("data", "0", "callback_url"))
	require.Equal(t, "account_update", got.text("data", "0", "fields", "1", "name"))
	app.delete(edge, "object", "whatsapp_business_account", "fields", "messages").ok()
	require.Equal(t, "account_update", app.get(edge).ok().text("data", "0", "fields", "0", "name"))
	app.delete(edge, "object", "whatsapp_business_account").ok()
	require.Empty(t, app.get(edge).ok().at("data"))
	app.delete(edge, "object", "whatsapp_business_account").fails(400, 100, 0)
	require.ElementsMatch(t, c.world.ClientBusinesses, app.get("/"+c.world.AppID+"/connected_client_businesses").ok().ids())
}
