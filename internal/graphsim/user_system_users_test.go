package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestSystemUsers_CreateRenameToken(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/system_users"
	a := c.get(edge).ok()
	require.ElementsMatch(t, []string{c.world.AdminID, c.world.EmployeeID}, a.ids())
	require.Contains(t, []string{"ADMIN", "EMPLOYEE"}, a.text("data", "0", "role"))

	id := c.post(edge, "name", "relay-billing", "role", "FINANCE_EDITOR").ok().text("id")
	got := c.get("/"+id, "fields", "name,role,finance_permission,created_time").ok()
	require.Equal(t, []string{"relay-billing", "EMPLOYEE", "Editor"}, []string{got.text("name"), got.text("role"), got.text("finance_permission")})
	c.post(edge, "name", "Relay-Billing").fails(400, 1690089, 0)
	c.post(edge, "role", "ADMIN").fails(400, 100, 0)
	c.post(edge, "name", "x", "role", "KING").fails(400, 100, 0)
	require.Equal(t, id, c.post(edge, "name", "relay-money", "system_user_id", id).ok().text("id"))
	c.as(c.world.EmployeeToken).post(edge, "name", "y").fails(403, 200, 0)
	named := c.call("POST", edge+"?fields=name,role", values([]string{"name", "relay-read-back"})).ok()
	require.Equal(t, []string{"relay-read-back", "EMPLOYEE"}, []string{named.text("name"), named.text("role")})

	tokens := "/" + id + "/access_tokens"
	proof := proofOf(c.world.AppSecret, c.token)
	all := []string{"business_app", c.world.AppID, "scope", "whatsapp_business_management,business_management"}
	c.post(tokens, all...).fails(400, 100, 0)
	c.post(tokens, append(all, "appsecret_proof", proof)...).fails(400, 100, 0)
	c.post("/"+id+"/applications", "business_app", "1").fails(400, 100, 0)
	c.post("/"+id+"/applications", "business_app", c.world.AppID).ok()
	token := c.post(tokens, append(all, "appsecret_proof", proof)...).ok().text("access_token")
	me := c.as(token).get("/me", "fields", "id,name").ok()
	require.Equal(t, []string{id, "relay-money"}, []string{me.text("id"), me.text("name")})
	require.Equal(t, []string{c.world.BusinessID}, c.as(token).get("/me/businesses").ok().ids())
	require.Len(t, c.as(token).get("/"+c.world.BusinessID+"/extendedcredits").ok().ids(), 1)
	c.post(tokens, "business_app", c.world.AppID, "scope", "fly", "appsecret_proof", proof).fails(400, 100, 0)
}
