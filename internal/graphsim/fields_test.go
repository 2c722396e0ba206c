package graphsim_test

import (
	"net/url"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func TestExpansion(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	a := c.get(edge, "fields", "id,phone_numbers.limit(1){id,display_phone_number},phone_numbers.limit(1).as(other){id},owner_business{name}", "limit", "1").ok()
	require.Len(t, a.ids("data", "0", "phone_numbers"), 1)
	require.Equal(t, a.ids("data", "0", "phone_numbers"), a.ids("data", "0", "other"))
	require.NotContains(t, a.at("data", "0"), "name")

	next := must(url.Parse(a.text("data", "0", "phone_numbers", "paging", "next")))
	require.Equal(t, "/v25.0/"+a.ids()[0]+"/phone_numbers", next.Path)
	require.Equal(t, c.token, next.Query().Get("access_token"))
	rest := c.as("").send("GET", next.RequestURI(), map[string][]string{}, "").ok()
	require.Len(t, rest.ids(), 1)
	require.NotEqual(t, a.ids("data", "0", "phone_numbers"), rest.ids())
	require.Contains(t, rest.at("data", "0"), "display_phone_number")
	require.Empty(t, rest.text("paging", "next"))

	cursor := a.text("data", "0", "phone_numbers", "paging", "cursors", "after")
	second := c.get("/"+a.ids()[0], "fields", "phone_numbers.limit(1).after("+cursor+"){id}").ok()
	require.Equal(t, rest.ids(), second.ids("phone_numbers"))

	for fields, want := range map[string]int{
		"nope": 100, "phone_numbers{nope}": 100, "phone_numbers.limit(1000)": 100, "owner_business{nope}": 100, "phone_numbers.after(x)": 100,
		"id,": 2500, "{": 2500, "id{": 2500, "id}": 2500, "phone_numbers.limit": 2500, "phone_numbers.limit(1": 2500, "a b": 2500, "id,,name": 2500,
	} {
		c.get("/"+a.ids()[0], "fields", fields).fails(400, want, 0)
	}
	c.get("/"+a.ids()[0]+"/subscribed_apps", "fields", "nope").fails(400, 100, 0)
	empty := c.get("/"+a.ids()[0], "fields", "id,message_templates{id},purchase_order_number").ok()
	require.Equal(t, map[string]any{"id": a.ids()[0]}, empty.body, "what is empty is absent")
	require.Equal(t, a.ids()[0], c.get("/"+a.ids()[0], "fields", " id , name ").ok().text("id"))
	require.NotEmpty(t, c.get("/"+a.ids()[0], "fields", "name.as(title)").ok().text("title"))
	sub := c.get("/"+a.ids()[0], "fields", "owner_business_info{name}").ok()
	require.NotContains(t, sub.at("owner_business_info"), "id")
	filtered := c.get("/"+a.ids()[0], "fields", `phone_numbers.filtering([{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]){id}`).ok()
	require.Nil(t, filtered.at("phone_numbers"))
}

func TestParametersFromAnywhere(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.ClientWABAs[0]
	jsonType := func() map[string][]string { return map[string][]string{"Content-Type": {"application/json"}} }
	for _, body := range []string{"{}", "", "null"} {
		if body == "null" {
			continue
		}
		c.send("GET", "/v25.0/"+waba+"?fields=id", jsonType(), body).ok()
	}
	c.send("GET", "/v25.0/"+waba, jsonType(), `{"fields":"id,status"}`).ok()
	require.Equal(t, "ACTIVE", c.send("GET", "/v25.0/"+waba, jsonType(), `{"fields":"id,status"}`).ok().text("status"))
	c.send("POST", "/v25.0/"+waba+"/assigned_users", jsonType(), `{"id":"`+waba+`","user":`+c.world.EmployeeID+`,"tasks":["MANAGE"],"nothing":null}`).ok()
	require.Len(t, c.sim.AssignedUsers(waba), 1)
	c.send("DELETE", "/v25.0/"+waba+"/assigned_users?user="+c.world.EmployeeID, jsonType(), `{}`).ok()
	c.send("POST", "/v25.0/"+waba+"/assigned_users?user="+c.world.EmployeeID+"&tasks="+url.QueryEscape(`["MANAGE"]`), map[string][]string{}, "").ok()
	c.send("POST", "/v25.0/"+waba+"/assigned_users?method=delete", map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}, "user="+c.world.EmployeeID).ok()
	require.Empty(t, c.sim.AssignedUsers(waba))
	require.Equal(t, "ACTIVE", c.post("/"+waba, "method", "get", "fields", "status").ok().text("status"))
	multipart := "--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n" + c.world.EmployeeID + "\r\n--x\r\nContent-Disposition: form-data; name=\"tasks\"\r\n\r\n[\"MANAGE\"]\r\n--x--\r\n"
	c.send("POST", "/v25.0/"+waba+"/assigned_users", map[string][]string{"Content-Type": {"multipart/form-data; boundary=x"}}, multipart).ok()
	require.Len(t, c.sim.AssignedUsers(waba), 1)

	c.send("POST", "/v25.0/"+waba, jsonType(), `{`).fails(400, 100, 0)
	c.send("POST", "/v25.0/"+waba, map[string][]string{"Content-Type": {"multipart/form-data; boundary=x"}}, "--y").fails(400, 100, 0)
	c.send("POST", "/v25.0/"+waba, map[string][]string{}, "a=%zz").fails(400, 100, 0)
	pretty := c.get("/"+waba, "fields", "id", "pretty", "1").ok()
	require.Contains(t, pretty.raw, "\n  \"id\"")
}

func TestEscapesLikePHP(t *testing.T) {
	c := start(t, graphsim.Config{})
	a := c.get("/"+c.world.RenamedNumberID, "fields", "verified_name,new_display_name").ok()
	require.Contains(t, a.raw, `Nordwind F\u00e4hren`)
	require.Equal(t, "Nordwind Fähren", a.text("verified_name"))
	waba := c.world.ClientWABAs[0]
	c.post("/"+waba, "name", "Zwei \"☕🚢\" / \\ \n\x01").ok()
	b := c.get("/"+waba, "fields", "name").ok()
	require.Contains(t, b.raw, `\u2615\ud83d\udea2`)
	require.Contains(t, b.raw, `\/`)
	require.Equal(t, "Zwei \"☕🚢\" / \\ \n\x01", b.text("name"))
}
