package graphsim_test

import (
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func TestSystemUsers(t *testing.T) {
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

func TestTokenViews(t *testing.T) {
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

func justError[T any](_ T, err error) error { return err }

func TestAppSubscriptions(t *testing.T) {
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

func TestTemplates(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	edge := "/" + su.WABAIDs[0] + "/message_templates"
	body := `[{"type":"BODY","text":"Hello {{1}}"}]`
	a := business.post(edge, "name", "hello", "language", "en_US", "category", "UTILITY", "components", body).ok()
	require.Equal(t, "PENDING", a.text("status"))
	business.post(edge, "name", "hello", "language", "en_US", "category", "UTILITY").fails(400, 100, 2388024)
	business.post(edge, "name", "hello", "language", "de", "category", "UTILITY").ok()
	for _, bad := range [][]string{{"name", "Hello"}, {"category", "SPAM"}, {"components", "x"}} {
		pairs := append([]string{"language", "fr"}, bad...)
		for name, v := range map[string]string{"name": "other", "category": "UTILITY"} {
			if bad[0] != name {
				pairs = append(pairs, name, v)
			}
		}
		business.post(edge, pairs...).fails(400, 100, 0)
	}
	require.Len(t, business.get(edge, "name", "hello").ok().ids(), 2)
	require.Empty(t, business.get(edge, "status", "approved").ok().ids())
	id := a.text("id")
	business.post("/"+id, "category", "MARKETING").fails(400, 100, 0)
	require.NoError(t, c.sim.ReviewTemplate(id, "APPROVED"))
	require.Len(t, business.get(edge, "status", "approved").ok().ids(), 1)
	business.post("/"+id, "category", "MARKETING").ok()
	require.Equal(t, "MARKETING", business.get("/"+id).ok().text("category"))
	business.delete(edge, "hsm_id", id, "name", "hello").ok()
	require.Len(t, business.get(edge).ok().ids(), 1)
	business.delete(edge, "name", "hello").ok()
	business.delete(edge, "name", "hello").fails(400, 100, 2593002)
	business.get("/"+id).fails(400, 100, 33)
}
