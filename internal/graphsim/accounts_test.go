package graphsim_test

import (
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func TestAccountLists(t *testing.T) {
	c := start(t, graphsim.Config{})
	owned := c.get("/" + c.world.BusinessID + "/owned_whatsapp_business_accounts").ok()
	require.Equal(t, c.world.OwnedWABAs, owned.ids())
	require.GreaterOrEqual(t, len(c.world.OwnedWABAs), 3)
	for _, field := range []string{"id", "name", "currency", "timezone_id", "message_template_namespace"} {
		require.IsType(t, "", owned.at("data", "0", field), field)
	}
	clients := c.get("/" + c.world.BusinessID + "/client_whatsapp_business_accounts").ok()
	require.Equal(t, c.world.ClientWABAs, clients.ids())
	require.GreaterOrEqual(t, len(c.world.ClientWABAs), 3)
	for _, id := range append(owned.ids(), clients.ids()...) {
		require.GreaterOrEqual(t, len(id), 15)
		require.LessOrEqual(t, len(id), 17)
	}

	require.Empty(t, c.as(c.world.EmployeeToken).get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts").ok().ids(), "nobody assigned the employee yet")
	_, business := c.signup(graphsim.SignupSpec{})
	business.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts").fails(400, 100, 33)
	c.get("/123456789012345/client_whatsapp_business_accounts").fails(400, 100, 33)
	c.get("/"+c.world.UnsharedBusinessID+"/owned_whatsapp_business_accounts").fails(403, 200, 0)
	tasks := c.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts", "fields", "permitted_tasks", "limit", "1").ok()
	require.Contains(t, tasks.at("data", "0", "permitted_tasks"), "MANAGE_BILLING")
	c.get("/"+c.world.ClientWABAs[0], "fields", "permitted_tasks").fails(400, 100, 0)
}

func TestAccountFilters(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	middle := c.get("/"+c.world.ClientWABAs[1], "fields", "creation_time").ok().int("creation_time")
	filter := func(op string, value string) string {
		return `[{"field":"creation_time","operator":"` + op + `","value":` + value + `}]`
	}
	quoted := `"` + strconv.Itoa(middle) + `"`
	all := c.world.ClientWABAs
	for _, tc := range []struct {
		name, filter, sort string
		want               []string
	}{
		{"newer", filter("GREATER_THAN", quoted), "", all[:1]},
		{"older", filter("LESS_THAN", quoted), "", all[2:]},
		{"number instead of string", filter("LESS_THAN", strconv.Itoa(middle)), "", all[2:]},
		{"range", filter("IN_RANGE", `[`+quoted+`,`+quoted+`]`), "", all[1:2]},
		{"partners", `[{"field":"partners","operator":"ALL","value":["` + c.world.BusinessID + `"]}]`, "", all},
		{"ownership", `[{"field":"ownership_type","operator":"IN","value":["SELF"]}]`, "", []string{}},
		{"descending", "", "creation_time_descending", all},
		{"ascending and filtered", filter("GREATER_THAN", quoted), "creation_time_ascending", all[:1]},
		{"ascending", "", "creation_time_ascending", reversed(all)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var pairs []string
			if tc.filter != "" {
				pairs = append(pairs, "filtering", tc.filter)
			}
			if tc.sort != "" {
				pairs = append(pairs, "sort", tc.sort)
			}
			require.Equal(t, tc.want, c.get(edge, pairs...).ok().ids())
		})
	}
	for _, bad := range []string{"x", `{}`, `[{"field":"name","operator":"EQUAL","value":"a"}]`, filter("GREATER_THAN", `"soon"`), filter("NEAR", "1"), filter("IN_RANGE", "[1]")} {
		c.get(edge, "filtering", bad).fails(400, 100, 0)
	}
	c.get(edge, "sort", "name").fails(400, 100, 0)
}

func reversed(list []string) []string {
	out := []string{}
	for _, v := range slices.Backward(list) {
		out = append(out, v)
	}
	return out
}

func TestPaging(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	var seen []string
	next := c.host + "/v25.0" + edge + "?limit=1&fields=id"
	pages := 0
	for next != "" {
		u, err := url.Parse(next)
		require.NoError(t, err)
		require.Equal(t, "graph.facebook.com", u.Host)
		a := c.as(tokenIn(c, u, pages)).send("GET", u.RequestURI(), map[string][]string{}, "").ok()
		seen = append(seen, a.ids()...)
		pages++
		next = a.text("paging", "next")
		require.NotEmpty(t, a.text("paging", "cursors", "after"), "the last page has cursors too")
		require.Equal(t, pages > 1, a.text("paging", "previous") != "")
		if next != "" {
			n, _ := url.Parse(next)
			require.Equal(t, c.token, n.Query().Get("access_token"), "always in next, though the request had a header")
			require.Equal(t, "id", n.Query().Get("fields"))
		}
	}
	require.Equal(t, c.world.ClientWABAs, seen)
	require.Equal(t, len(seen), pages)

	last := c.get(edge, "limit", "100").ok()
	require.Empty(t, last.text("paging", "next"))
	require.Empty(t, c.get(edge, "after", last.text("paging", "cursors", "after")).ok().ids(), "following the last cursor finds nothing")
	back := c.get(edge, "before", last.text("paging", "cursors", "after"), "limit", "2").ok()
	require.Equal(t, c.world.ClientWABAs[len(seen)-3:len(seen)-1], back.ids())

	c.get(edge, "after", "nonsense").fails(400, 100, 0)
	other := c.get("/"+c.world.BusinessID+"/owned_whatsapp_business_accounts").ok().text("paging", "cursors", "after")
	c.get(edge, "after", other).fails(400, 100, 0)
	for _, limit := range []string{"0", "-1", "ten", "101"} {
		c.get(edge, "limit", limit).fails(400, 100, 0)
	}
	total := c.get(edge, "summary", "total_count", "limit", "1").ok()
	require.Equal(t, len(seen), total.int("summary", "total_count"))
}

// tokenIn leaves the header out once the link carries the token.
func tokenIn(c client, u *url.URL, pages int) string {
	if pages == 0 {
		return c.token
	}
	require.NotEmpty(c.t, u.Query().Get("access_token"))
	return ""
}

func TestCursorDiesWithItsItem(t *testing.T) {
	for empty, cfg := range map[bool]graphsim.Config{false: {}, true: {EmptyOnDeadCursor: true}} {
		c := start(t, cfg)
		edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
		first := c.get(edge, "limit", "1").ok()
		require.NoError(t, c.sim.Unshare(first.ids()[0]))
		a := c.get(edge, "after", first.text("paging", "cursors", "after"))
		if empty {
			require.Empty(t, a.ok().ids())
		} else {
			a.fails(400, 100, 0)
		}
	}
}

func TestSwitches(t *testing.T) {
	numeric := start(t, graphsim.Config{NumericIDs: true})
	a := numeric.get("/" + numeric.world.BusinessID + "/owned_whatsapp_business_accounts").ok()
	require.Contains(t, a.raw, `"id":`+numeric.world.OwnedWABAs[0])
	require.Equal(t, numeric.world.OwnedWABAs, a.ids())

	clamped := start(t, graphsim.Config{ClampLimits: true})
	clamped.get("/"+clamped.world.BusinessID+"/owned_whatsapp_business_accounts", "limit", "5000").ok()

	thin := start(t, graphsim.Config{ThinPages: true})
	edge := "/" + thin.world.BusinessID + "/client_whatsapp_business_accounts"
	last := thin.world.ClientWABAs[len(thin.world.ClientWABAs)-1]
	thin.post("/"+last+"/assigned_users", "user", thin.world.EmployeeID, "tasks", `["MANAGE"]`).ok()
	page := thin.as(thin.world.EmployeeToken).get(edge, "limit", "1").ok()
	require.Empty(t, page.ids(), "an empty page")
	require.NotEmpty(t, page.text("paging", "next"), "that is not the last one")

	small := start(t, graphsim.Config{MaxCost: 100})
	big := small.get("/"+small.world.BusinessID+"/client_whatsapp_business_accounts", "limit", "10", "fields", "phone_numbers.limit(10){id}")
	big.fails(500, 1, 0)
	require.Contains(t, big.text("error", "message"), "reduce the amount of data")
	small.get("/"+small.world.BusinessID+"/client_whatsapp_business_accounts", "limit", "5", "fields", "phone_numbers.limit(10){id}").ok()
}

func TestAccountNode(t *testing.T) {
	c := start(t, graphsim.Config{})
	shared := c.world.ClientWABAs[3]
	a := c.get("/"+shared, "fields", "name,owner_business_info,owner_business{id,verification_status},primary_funding_id,account_review_status,"+
		"business_verification_status,ownership_type,status,country,creation_time,health_status").ok()
	require.Equal(t, c.world.SharedBusinessID, a.text("owner_business_info", "id"))
	require.Equal(t, "verified", a.text("owner_business", "verification_status"))
	require.Equal(t, "CLIENT_OWNED", a.text("ownership_type"))
	require.Equal(t, shared, a.text("id"), "the id is always there")
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

func TestVersions(t *testing.T) {
	c := start(t, graphsim.Config{})
	for path, want := range map[string]string{"/v21.0/me": "v21.0", "/v26.0/me": "v26.0", "/v18.0/me": "v21.0", "/me": "v21.0"} {
		require.Equal(t, want, c.send("GET", path, map[string][]string{}, "").ok().header.Get("Facebook-Api-Version"), path)
	}
	a := c.send("GET", "/v99.0/me", map[string][]string{}, "").fails(400, 2500, 0)
	require.Contains(t, a.text("error", "message"), "Unknown path components")
	waba := c.world.ClientWABAs[0]
	c.get("/v23.0/"+waba, "fields", "whatsapp_business_manager_messaging_limit").fails(400, 100, 0)
	c.get("/v24.0/"+waba, "fields", "whatsapp_business_manager_messaging_limit").ok()
	c.get("/"+waba+"/nonsense").fails(400, 2500, 0)
	c.delete("/"+waba).fails(400, 100, 33)
	h := c.get("/" + waba).ok().header
	for _, name := range []string{"X-Fb-Trace-Id", "X-Fb-Request-Id", "X-Fb-Rev", "X-Fb-Debug", "X-App-Usage", "X-Business-Use-Case-Usage", "Etag"} {
		require.NotEmpty(t, h.Get(name), name)
	}
	same := c.as("").send("GET", "/v25.0/"+waba, map[string][]string{"If-None-Match": {h.Get("Etag")}, "Authorization": {"Bearer " + c.token}}, "")
	require.Equal(t, 304, same.status)
	require.Empty(t, same.raw)
}

func TestEmployeeRights(t *testing.T) {
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

func TestSubscriptions(t *testing.T) {
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
