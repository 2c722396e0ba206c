package graphsim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func TestRoutesAreATable(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range graphsim.Routes() {
		key := r.Method + " " + r.Template
		require.False(t, seen[key], key)
		seen[key] = true
		require.True(t, strings.HasPrefix(r.Template, "/"), key)
		for _, p := range r.Params {
			require.Contains(t, []string{"string", "int", "unsigned int", "bool", "map", "list<string>", "csv"}, p.Type, key+" "+p.Name)
		}
	}
	for _, want := range []string{"GET /oauth/access_token", "POST /oauth/access_token", "GET /oauth/revoke", "GET /debug_token", "GET /me", "GET /me/businesses", "GET /", "POST /",
		"GET /{business-id}", "GET /{business-id}/owned_whatsapp_business_accounts", "GET /{business-id}/client_whatsapp_business_accounts",
		"GET /{business-id}/system_users", "POST /{business-id}/system_users", "GET /{business-id}/extendedcredits", "POST /{business-id}/system_user_access_tokens",
		"POST /{business-id}/add_phone_numbers", "GET /{business-id}/preverified_numbers", "POST /{business-id}/share_preverified_numbers",
		"GET /{system-user-id}", "POST /{system-user-id}", "POST /{system-user-id}/applications", "POST /{system-user-id}/access_tokens",
		"GET /{system-user-id}/assigned_whatsapp_business_accounts", "GET /{waba-id}", "POST /{waba-id}", "GET /{waba-id}/phone_numbers", "POST /{waba-id}/phone_numbers",
		"GET /{waba-id}/assigned_users", "POST /{waba-id}/assigned_users", "DELETE /{waba-id}/assigned_users", "GET /{waba-id}/subscribed_apps", "POST /{waba-id}/subscribed_apps",
		"DELETE /{waba-id}/subscribed_apps", "GET /{waba-id}/message_templates", "POST /{waba-id}/message_templates", "DELETE /{waba-id}/message_templates", "POST /{template-id}",
		"GET /{waba-id}/solutions", "GET /{waba-id}/activities", "GET /{phone-number-id}", "POST /{phone-number-id}", "POST /{phone-number-id}/request_code",
		"POST /{phone-number-id}/verify_code", "POST /{phone-number-id}/register", "POST /{phone-number-id}/deregister", "GET /{phone-number-id}/settings",
		"POST /{phone-number-id}/settings", "GET /{phone-number-id}/whatsapp_business_profile", "POST /{phone-number-id}/whatsapp_business_profile",
		"POST /{phone-number-id}/smb_app_data", "GET /{extended-credit-id}", "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach",
		"POST /{extended-credit-id}/whatsapp_credit_sharing", "POST /{extended-credit-id}/whatsapp_credit_attach", "GET /{extended-credit-id}/owning_credit_allocation_configs",
		"GET /{allocation-config-id}", "DELETE /{allocation-config-id}", "GET /{app-id}/subscriptions", "POST /{app-id}/subscriptions", "DELETE /{app-id}/subscriptions",
		"GET /{app-id}/connected_client_businesses", "DELETE /{preverified-id}", "GET /{preverified-id}/partners"} {
		require.True(t, seen[want], want)
	}
}

func TestEveryFieldAnswers(t *testing.T) {
	c := start(t, graphsim.Config{})
	template := c.post("/"+c.world.OwnedWABAs[0]+"/message_templates", "name", "a", "language", "en", "category", "UTILITY", "components", `[{"type":"BODY","text":"x"}]`).ok().text("id")
	nodes := map[string]string{"Business": c.world.SharedBusinessID, "WhatsAppBusinessAccount": c.world.ClientWABAs[3], "WhatsAppBusinessPhoneNumber": c.world.RenamedNumberID,
		"SystemUser": c.world.AdminID, "Application": c.world.AppID, "ExtendedCredit": c.world.CreditLineID, "ExtendedCreditAllocationConfig": c.world.AllocationID,
		"WhatsAppBusinessPreVerifiedPhoneNumber": c.world.PreVerifiedNumberID, "WhatsAppBusinessHSM": template}
	checked := 0
	for _, nt := range graphsim.NodeTypes() {
		id, ok := nodes[nt.Name]
		if !ok {
			continue
		}
		var names []string
		for _, f := range nt.Fields {
			require.NotEmpty(t, f.Type, f.Name)
			names = append(names, f.Name)
			a := c.get("/v26.0/"+id, "fields", f.Name)
			a.ok()
			require.NotContains(t, a.raw, "null", f.Name)
		}
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names), nt.Name)
		if nt.Name != "ExtendedCredit" || checked > 0 {
			c.get("/v26.0/"+id, "fields", strings.Join(names, ",")).ok()
		}
		checked++
	}
	require.GreaterOrEqual(t, checked, len(nodes))
}

func TestWorldsAreEqual(t *testing.T) {
	a, b := graphsim.New(graphsim.Config{}), graphsim.New(graphsim.Config{})
	require.Equal(t, a.World(), b.World())
	one := must(a.Signup(graphsim.SignupSpec{}))
	require.Equal(t, one, must(b.Signup(graphsim.SignupSpec{})))
	require.NotEqual(t, a.World().AdminToken, graphsim.New(graphsim.Config{Seed: 2}).World().AdminToken)
}
