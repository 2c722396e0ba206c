package graphsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestRename_TakesEffectAtRegistration(t *testing.T) {
	c := start(t, graphsim.Config{})
	id := c.world.CertifiedNumberID
	read := func() answer { return c.get("/"+id, "fields", nameFields).ok() }
	before := read()
	c.post("/"+id, "new_display_name", "Nordwind Touristik").ok()
	require.Equal(t, "PENDING_REVIEW", read().text("new_name_status"))
	require.NoError(t, c.sim.DeclineName(id))
	require.Equal(t, "DECLINED", read().text("new_name_status"))
	require.Empty(t, read().text("new_certificate"))
	c.post("/"+id, "new_display_name", "Nordwind Touristik").ok()
	require.NoError(t, c.sim.ApproveName(id))
	approved := read()
	require.Equal(t, before.text("certificate"), approved.text("certificate"))
	require.NotEmpty(t, approved.text("new_certificate"))
	require.Equal(t, before.text("verified_name"), approved.text("verified_name"))

	c.post("/"+id+"/register", "messaging_product", "whatsapp", "pin", graphsim.SeedPIN).ok()
	after := read()
	require.Equal(t, approved.text("new_certificate"), after.text("certificate"))
	require.Equal(t, "Nordwind Touristik", after.text("verified_name"))
	require.Empty(t, after.text("new_certificate"))
	require.Empty(t, after.text("new_name_status"))
	for range 8 {
		c.post("/"+id, "new_display_name", "Again").ok()
	}
	c.post("/"+id, "new_display_name", "Again").fails(400, 100, 0)
	c.sim.Advance(31 * 24 * time.Hour)
	c.post("/"+id, "new_display_name", "Again").ok()

	require.NotEmpty(t, c.get("/"+c.world.RenamedNumberID, "fields", nameFields).ok().text("new_certificate"))
}

func TestUpdateNumber_WebhookOverride(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	path := "/" + su.PhoneNumberIDs[0]
	business.post(path, "webhook_configuration", `{"override_callback_uri":"https://p.example/","verify_token":"v"}`).ok()
	require.Equal(t, "https://p.example/", business.get(path, "fields", "webhook_configuration").ok().text("webhook_configuration", "phone_number"))
	business.post(path, "webhook_configuration", `{"override_callback_uri":""}`).ok()
	require.Nil(t, business.get(path, "fields", "webhook_configuration").ok().at("webhook_configuration"))
	business.post(path, "nothing", "1").fails(400, 100, 0)
}
