package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestDebugToken_KindsAndStates(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{WABAs: 2})
	inspect := func(token string, more ...string) answer {
		return c.get("/debug_token", append([]string{"input_token", token}, more...)...).ok()
	}
	a := inspect(business.token)
	require.Equal(t, "SYSTEM_USER", a.text("data", "type"))
	require.Equal(t, c.world.AppID, a.text("data", "app_id"))
	require.Equal(t, "0", a.text("data", "expires_at"))
	require.Equal(t, su.WABAIDs[0], a.text("data", "granular_scopes", "1", "target_ids", "0"), "newest first")
	require.Equal(t, su.WABAIDs[1], a.text("data", "granular_scopes", "1", "target_ids", "1"))
	require.Equal(t, su.BusinessID, a.text("data", "granular_scopes", "0", "target_ids", "0"))

	picked := inspect(business.token, "fields", "is_valid,granular_scopes")
	require.Equal(t, map[string]any{"is_valid": true, "granular_scopes": picked.at("data", "granular_scopes")}, picked.at("data"))
	c.get("/debug_token", "input_token", business.token, "fields", "nope").fails(400, 100, 0)

	user := inspect(su.AccessToken)
	require.Equal(t, "USER", user.text("data", "type"))
	require.NotEqual(t, "0", user.text("data", "data_access_expires_at"))
	require.Equal(t, "APP", inspect(c.world.AppToken).text("data", "type"))

	require.NoError(t, c.sim.RevokeToken(business.token, 0))
	dead := inspect(business.token)
	require.Equal(t, "false", dead.text("data", "is_valid"))
	require.Equal(t, "190", dead.text("data", "error", "code"))
	require.Equal(t, "458", dead.text("data", "error", "subcode"))
	require.Equal(t, "false", inspect("gibberish").text("data", "is_valid"))

	c.as("gibberish").get("/debug_token", "input_token", business.token).fails(401, 190, 0)
	c.as("").get("/debug_token", "input_token", business.token).fails(400, 104, 0)
	_, other := c.signup(graphsim.SignupSpec{})
	other.get("/debug_token", "input_token", c.world.AdminToken).fails(400, 100, 0)
	c.get("/debug_token").fails(400, 100, 0)
}

func TestDebugToken_ScopeDrift(t *testing.T) {
	c := start(t, graphsim.Config{})
	for drift, want := range map[graphsim.Drift]struct {
		scope   string
		targets any
		writes  bool
	}{
		graphsim.DriftNone:          {"whatsapp_business_management", 1, true},
		graphsim.DriftManageEvents:  {"whatsapp_business_manage_events", 1, true},
		graphsim.DriftNoTargets:     {"whatsapp_business_management", nil, true},
		graphsim.DriftEmptyTargets:  {"whatsapp_business_management", 0, true},
		graphsim.DriftMessagingOnly: {"whatsapp_business_messaging", 1, false},
	} {
		t.Run("drift "+string(drift), func(t *testing.T) {
			su, business := c.signup(graphsim.SignupSpec{Drift: drift})
			a := c.get("/debug_token", "input_token", business.token).ok()
			found := false
			for _, g := range a.at("data", "granular_scopes").([]any) {
				g := g.(map[string]any)
				if g["scope"] == want.scope {
					found = true
					list, ok := g["target_ids"].([]any)
					require.Equal(t, want.targets != nil, ok)
					if ok {
						require.Len(t, list, want.targets.(int))
					}
				}
			}
			require.True(t, found, a.raw)
			business.get("/" + su.WABAIDs[0] + "/phone_numbers").ok()
			if want.writes {
				business.post("/" + su.WABAIDs[0] + "/subscribed_apps").ok()
			} else {
				business.post("/"+su.WABAIDs[0]+"/subscribed_apps").fails(403, 200, 0)
			}
		})
	}
}
