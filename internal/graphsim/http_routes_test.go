package graphsim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestRoutes_CompleteAndUnique(t *testing.T) {
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
