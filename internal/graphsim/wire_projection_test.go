package graphsim_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestProjection_FieldExpansion(t *testing.T) {
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
	require.Equal(t, map[string]any{"id": a.ids()[0]}, empty.body, "an empty value is left out")
	require.Equal(t, a.ids()[0], c.get("/"+a.ids()[0], "fields", " id , name ").ok().text("id"))
	require.NotEmpty(t, c.get("/"+a.ids()[0], "fields", "name.as(title)").ok().text("title"))
	sub := c.get("/"+a.ids()[0], "fields", "owner_business_info{name}").ok()
	require.NotContains(t, sub.at("owner_business_info"), "id")
	filtered := c.get("/"+a.ids()[0], "fields", `phone_numbers.filtering([{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]){id}`).ok()
	require.Nil(t, filtered.at("phone_numbers"))
}
