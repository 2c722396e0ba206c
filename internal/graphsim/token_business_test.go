package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestBusinessToken_FetchAndNarrow(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, err := c.sim.Signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})
	require.NoError(t, err)
	path := "/" + su.BusinessID + "/system_user_access_tokens"
	proof := proofOf(c.world.AppSecret, c.token)
	c.post(path, "fetch_only", "true").fails(400, 100, 0)
	first := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	again := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	require.Equal(t, first, again, "fetch_only returns the same token")
	require.Equal(t, su.BusinessID, c.as(first).get("/me", "fields", "client_business_id").ok().text("client_business_id"))
	c.as(first).get("/" + su.WABAIDs[0]).ok()

	narrow := c.post(path, "appsecret_proof", proof, "scope", "whatsapp_business_messaging", "asset", su.WABAIDs[0]).ok().text("access_token")
	require.NotEqual(t, first, narrow)
	c.as(narrow).post("/"+su.WABAIDs[0]+"/subscribed_apps").fails(403, 200, 0)
	c.post(path, "appsecret_proof", proof, "scope", "ads_read").fails(400, 3962, 0)
	employee := c.as(c.world.EmployeeToken)
	employee.post(path, "fetch_only", "true", "appsecret_proof", proofOf(c.world.AppSecret, employee.token)).fails(403, 200, 0)
}
