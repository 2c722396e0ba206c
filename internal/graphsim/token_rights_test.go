package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestRights_EachTokenSeesItsOwn(t *testing.T) {
	c := start(t, graphsim.Config{})
	one, first := c.signup(graphsim.SignupSpec{})
	two, second := c.signup(graphsim.SignupSpec{})
	first.get("/" + one.WABAIDs[0]).ok()
	first.get("/"+two.WABAIDs[0]).fails(400, 100, 33)
	second.get("/"+one.PhoneNumberIDs[0]).fails(400, 100, 33)
	first.get("/" + one.BusinessID).ok()
	first.get("/"+two.BusinessID).fails(400, 100, 33)
	require.Equal(t, one.BusinessID, first.get("/me", "fields", "client_business_id").ok().text("client_business_id"))
	c.get("/" + two.BusinessID).ok()

	older := c.as(one.AccessToken)
	older.get("/" + one.WABAIDs[0]).ok()
	require.Equal(t, []string{one.BusinessID}, older.get("/me/businesses").ok().ids())
	app := c.as(c.world.AppToken)
	app.get("/"+one.WABAIDs[0]).fails(400, 100, 33)
	require.Equal(t, c.world.AppID, app.get("/me").ok().text("id"))

	// A later sign-up of the same client carries all of its accounts, newest first.
	again, third := c.signup(graphsim.SignupSpec{BusinessID: one.BusinessID})
	d := c.get("/debug_token", "input_token", third.token).ok()
	require.Equal(t, []any{again.WABAIDs[0], one.WABAIDs[0]}, d.at("data", "granular_scopes", "1", "target_ids"))
	first.get("/"+again.WABAIDs[0]).fails(400, 100, 33)
	numbers, _ := c.signup(graphsim.SignupSpec{BusinessID: one.BusinessID, WABAID: one.WABAIDs[0]})
	require.Equal(t, one.WABAIDs[0], numbers.WABAIDs[0])
	require.Equal(t, []string{numbers.PhoneNumberIDs[0], one.PhoneNumberIDs[0]}, first.get("/"+one.WABAIDs[0]+"/phone_numbers").ok().ids())

	require.NoError(t, c.sim.DisconnectApp(two.BusinessID))
	second.get("/me").fails(401, 190, 458)
	require.Error(t, justError(c.sim.BusinessToken(two.BusinessID)))
	c.post("/"+two.BusinessID+"/system_user_access_tokens", "fetch_only", "true", "appsecret_proof", proofOf(c.world.AppSecret, c.token)).fails(403, 200, 0)
	c.get("/" + two.WABAIDs[0]).ok()
	_, back := c.signup(graphsim.SignupSpec{BusinessID: two.BusinessID})
	back.get("/" + two.WABAIDs[0]).ok()

	require.NoError(t, c.sim.Unshare(one.WABAIDs[0]))
	first.get("/"+one.WABAIDs[0]).fails(400, 100, 33)
	require.NoError(t, c.sim.Reshare(one.WABAIDs[0]))
	first.get("/" + one.WABAIDs[0]).ok()
}

func TestRights_Employee(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, _ := c.signup(graphsim.SignupSpec{})
	employee := c.as(c.world.EmployeeToken)
	waba := su.WABAIDs[0]
	employee.get("/"+waba).fails(400, 100, 33)
	employee.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks", `["MANAGE"]`).fails(400, 100, 33)
	c.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks", `["VIEW_PHONE_ASSETS"]`).ok()
	employee.get("/" + waba).ok()
	employee.post("/"+waba+"/subscribed_apps").fails(403, 200, 0)
	employee.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks", `["MANAGE"]`).fails(403, 200, 0)
	c.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks", "['MANAGE']").ok()
	employee.post("/" + waba + "/subscribed_apps").ok()
	require.Equal(t, []string{"MANAGE"}, c.sim.AssignedUsers(waba)[c.world.EmployeeID])
	require.Equal(t, []string{waba}, c.get("/"+c.world.EmployeeID+"/assigned_whatsapp_business_accounts").ok().ids())
	require.Equal(t, []string{waba}, employee.get("/me/assigned_whatsapp_business_accounts").ok().ids())
	require.Equal(t, []string{waba}, employee.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts").ok().ids())

	c.get("/"+waba+"/assigned_users").fails(400, 100, 0)
	c.get("/"+waba+"/assigned_users", "business", waba).fails(400, 100, 0)
	list := c.get("/"+waba+"/assigned_users", "business", c.world.BusinessID, "fields", "id,user_type,business{name},tasks").ok()
	require.Equal(t, "SYSTEM_USER", list.text("data", "0", "user_type"))
	require.Equal(t, c.world.BusinessName, list.text("data", "0", "business", "name"))
	for _, bad := range []string{"MANAGE", `["FLY"]`, ""} {
		c.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks", bad).fails(400, 100, 0)
	}
	c.post("/"+waba+"/assigned_users", "user", "999", "tasks", `["MANAGE"]`).fails(400, 100, 0)
	c.post("/"+waba+"/assigned_users", "user", c.world.EmployeeID, "tasks[0]", "MESSAGING", "tasks[1]", "MANAGE_PHONE").ok()
	c.delete("/"+waba+"/assigned_users", "user", c.world.EmployeeID).ok()
	c.delete("/"+waba+"/assigned_users", "user", c.world.EmployeeID).fails(400, 100, 0)
	employee.get("/"+waba).fails(400, 100, 33)
}
