package graphsim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func TestExchange(t *testing.T) {
	c := start(t, graphsim.Config{})
	exchange := func(method, code string) answer {
		pairs := []string{"client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", code}
		if method == "GET" {
			return c.as("").get("/oauth/access_token", pairs...)
		}
		return c.as("").post("/oauth/access_token", pairs...)
	}
	signup := func(spec graphsim.SignupSpec) graphsim.Signup {
		su, err := c.sim.Signup(spec)
		require.NoError(t, err)
		return su
	}

	for _, method := range []string{"GET", "POST"} {
		su := signup(graphsim.SignupSpec{})
		a := exchange(method, su.Code).ok()
		require.True(t, strings.HasPrefix(a.text("access_token"), "EAA"))
		require.Equal(t, "bearer", a.text("token_type"))
		require.Nil(t, a.at("expires_in"), "a token that never expires has no expires_in")

		exchange(method, su.Code).fails(400, 100, 36009)
		require.Equal(t, 2, c.sim.Exchanges(su.Code))
	}

	su := signup(graphsim.SignupSpec{TokenLifetime: 60 * 24 * time.Hour})
	c.sim.Advance(29 * time.Second)
	require.InDelta(t, 60*24*3600, exchange("POST", su.Code).ok().int("expires_in"), 31)

	su = signup(graphsim.SignupSpec{})
	c.sim.Advance(31 * time.Second)
	exchange("POST", su.Code).fails(400, 100, 36007)

	su = signup(graphsim.SignupSpec{RedirectURI: "https://bsp.example/done"})
	exchange("POST", su.Code).fails(400, 100, 36008)
	c.as("").post("/oauth/access_token", "client_id", c.world.AppID, "client_secret", "wrong", "code", su.Code).fails(400, 101, 0)
	c.as("").post("/oauth/access_token", "client_id", "1", "client_secret", c.world.AppSecret, "code", su.Code).fails(400, 101, 0)
	exchange("POST", "AQBnothing").fails(400, 100, 0)

	hosted := signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})
	require.Empty(t, hosted.Code)
	require.Empty(t, hosted.AccessToken)
	require.NotEmpty(t, hosted.WABAIDs)
}

func TestAppTokenAndRefresh(t *testing.T) {
	c := start(t, graphsim.Config{})
	a := c.as("").get("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "grant_type", "client_credentials").ok()
	require.Equal(t, c.world.AppToken, a.text("access_token"))

	_, business := c.signup(graphsim.SignupSpec{TokenLifetime: 60 * 24 * time.Hour})
	refresh := func(token string) answer {
		return c.as("").get("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "grant_type", "fb_exchange_token",
			"set_token_expires_in_60_days", "true", "fb_exchange_token", token)
	}
	c.sim.Advance(59 * 24 * time.Hour)
	fresh := refresh(business.token).ok().text("access_token")
	require.NotEqual(t, business.token, fresh)
	business.get("/me").ok()
	c.sim.Advance(2 * 24 * time.Hour)
	business.get("/me").fails(401, 190, 463)
	business.as(fresh).get("/me").ok()
	refresh(business.token).fails(401, 190, 463)

	revoked := c.get("/oauth/revoke", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "revoke_token", fresh).ok()
	require.Equal(t, "true", revoked.at("success"), "documented as a string")
	business.as(fresh).get("/me").fails(401, 190, 466)
}

func TestDebugToken(t *testing.T) {
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

func TestScopeDrift(t *testing.T) {
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

func proofOf(secret, message string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestProof(t *testing.T) {
	c := start(t, graphsim.Config{RequireProof: true})
	secret := c.world.AppSecret
	missing := c.get("/me").fails(400, 100, 0)
	require.Equal(t, "GraphMethodException", missing.text("error", "type"))
	c.get("/me", "appsecret_proof", proofOf(secret, c.token)).ok()
	c.get("/me", "appsecret_proof", proofOf("other", c.token)).fails(400, 100, 0)
	c.get("/me", "appsecret_proof", proofOf(secret, c.world.EmployeeToken)).fails(400, 100, 0)

	stamp := func(age time.Duration) []string {
		text := strconv.FormatInt(c.sim.Now().Add(-age).Unix(), 10)
		return []string{"appsecret_proof", proofOf(secret, c.token+"|"+text), "appsecret_time", text}
	}
	c.get("/me", stamp(4*time.Minute)...).ok()
	c.get("/me", stamp(6*time.Minute)...).fails(400, 100, 0)
	c.as(c.world.AppToken).get("/" + c.world.AppID).ok()

	lax := start(t, graphsim.Config{})
	lax.get("/me").ok()
	lax.get("/me", "appsecret_proof", "0000").fails(400, 100, 0)
}

func TestTokenTransport(t *testing.T) {
	c := start(t, graphsim.Config{})
	for _, scheme := range []string{"Bearer ", "bearer ", "OAuth "} {
		c.as("").send("GET", "/v25.0/me", map[string][]string{"Authorization": {scheme + c.token}}, "").ok()
	}
	c.as("").get("/me", "access_token", c.token).ok()
	c.as("").post("/"+c.world.AdminID, "access_token", c.token, "name", "relay-admin-2").ok()
	a := c.as("EAAunknown").get("/me").fails(401, 190, 0)
	require.Contains(t, a.header.Get("Www-Authenticate"), `OAuth "Facebook Platform" "invalid_token"`)
	c.as("1|2").get("/me").fails(401, 190, 0)
}

func TestFetchOnly(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, err := c.sim.Signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})
	require.NoError(t, err)
	path := "/" + su.BusinessID + "/system_user_access_tokens"
	proof := proofOf(c.world.AppSecret, c.token)
	c.post(path, "fetch_only", "true").fails(400, 100, 0)
	first := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	again := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	require.Equal(t, first, again, "fetching reads, it does not create")
	require.Equal(t, su.BusinessID, c.as(first).get("/me", "fields", "client_business_id").ok().text("client_business_id"))
	c.as(first).get("/" + su.WABAIDs[0]).ok()

	narrow := c.post(path, "appsecret_proof", proof, "scope", "whatsapp_business_messaging", "asset", su.WABAIDs[0]).ok().text("access_token")
	require.NotEqual(t, first, narrow)
	c.as(narrow).post("/"+su.WABAIDs[0]+"/subscribed_apps").fails(403, 200, 0)
	c.post(path, "appsecret_proof", proof, "scope", "ads_read").fails(400, 3962, 0)
	employee := c.as(c.world.EmployeeToken)
	employee.post(path, "fetch_only", "true", "appsecret_proof", proofOf(c.world.AppSecret, employee.token)).fails(403, 200, 0)
}
