package graphsim_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestListAccounts_OwnedAndClients(t *testing.T) {
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

	require.Empty(t, c.as(c.world.EmployeeToken).get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts").ok().ids(), "the employee is not assigned yet")
	_, business := c.signup(graphsim.SignupSpec{})
	business.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts").fails(400, 100, 33)
	c.get("/123456789012345/client_whatsapp_business_accounts").fails(400, 100, 33)
	c.get("/"+c.world.UnsharedBusinessID+"/owned_whatsapp_business_accounts").fails(403, 200, 0)
	tasks := c.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts", "fields", "permitted_tasks", "limit", "1").ok()
	require.Contains(t, tasks.at("data", "0", "permitted_tasks"), "MANAGE_BILLING")
	c.get("/"+c.world.ClientWABAs[0], "fields", "permitted_tasks").fails(400, 100, 0)
}

func TestListAccounts_FilteringAndSort(t *testing.T) {
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
