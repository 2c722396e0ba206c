package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestAccount_FieldsAndSettings(t *testing.T) {
	c := start(t, graphsim.Config{})
	shared := c.world.ClientWABAs[3]
	a := c.get("/"+shared, "fields", "name,owner_business_info,owner_business{id,verification_status},primary_funding_id,account_review_status,"+
		"business_verification_status,ownership_type,status,country,creation_time,health_status").ok()
	require.Equal(t, c.world.SharedBusinessID, a.text("owner_business_info", "id"))
	require.Equal(t, "verified", a.text("owner_business", "verification_status"))
	require.Equal(t, "CLIENT_OWNED", a.text("ownership_type"))
	require.Equal(t, shared, a.text("id"), "the id is always served")
	funding, currency := c.sim.Funding(shared)
	require.Equal(t, funding, a.text("primary_funding_id"))
	require.Equal(t, "EUR", currency)
	require.Equal(t, "AVAILABLE", a.text("health_status", "can_send_message"))

	c.post("/"+shared, "is_enabled_for_insights", "true").ok()
	c.post("/"+shared, "is_enabled_for_insights", "false").fails(400, 200006, 0)
	c.post("/"+shared, "timezone_id", "7").fails(400, 100, 0)
	read := c.call("POST", "/"+shared+"?fields=name,is_enabled_for_insights", values([]string{"name", "Renamed", "id", shared})).ok()
	require.Equal(t, "Renamed", read.text("name"))
	failed := c.call("POST", "/"+shared+"?fields=nope", values([]string{"name", "Renamed twice"})).fails(400, 100, 0)
	require.Equal(t, "true", failed.text("error", "original_response", "success"), "the write happened")
	require.Equal(t, "Renamed twice", c.get("/"+shared, "fields", "name").ok().text("name"))

	require.NoError(t, c.sim.SetReview(shared, "REJECTED", "DISABLED"))
	require.Equal(t, "BLOCKED", c.get("/"+shared, "fields", "health_status").ok().text("health_status", "can_send_message"))
	require.NoError(t, c.sim.Unshare(shared))
	c.get("/"+shared).fails(400, 100, 33)
	require.NotEmpty(t, c.get("/"+c.world.CreditLineID+"/owning_credit_allocation_configs", "receiving_business_id", c.world.SharedBusinessID).ok().ids(),
		"the allocation outlives the sharing")
}
