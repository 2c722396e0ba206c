package graphsim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestBusinessToken_FetchAndNarrow(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, err := c.sim.Signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})
	require.NoError(t, err)
	path := "/" + su.BusinessID + "/system_user_access_tokens"
	proof := proofOf(c.world.AppSecret, c.token)
	c.post(path, "fetch_only", "true").fails(400, 100, 0)
	first := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	again := c.post(path, "fetch_only", "true", "appsecret_proof", proof).ok().text("access_token")
	require.Equal(t, first, again, "fetch_only returns the same token")
	require.Equal(t, su.BusinessID, c.as(first).get("/me", "fields", "client_business_id").ok().text("client_business_id"))
	c.as(first).get("/" + su.WABAIDs[0]).ok()

	narrow := c.post(path, "appsecret_proof", proof, "scope", "whatsapp_business_messaging", "asset", su.WABAIDs[0]).ok().text("access_token")
	require.NotEqual(t, first, narrow)
	c.as(narrow).post("/"+su.WABAIDs[0]+"/subscribed_apps").fails(403, 200, 0)
	c.post(path, "appsecret_proof", proof, "scope", "ads_read").fails(400, 3962, 0)
	employee := c.as(c.world.EmployeeToken)
	employee.post(path, "fetch_only", "true", "appsecret_proof", proofOf(c.world.AppSecret, employee.token)).fails(403, 200, 0)
}

// fetch asks for the business token of a client with fetch_only.
func (c client) fetch(business string) answer {
	c.t.Helper()
	return c.post("/"+business+"/system_user_access_tokens", "fetch_only", "true", "appsecret_proof", proofOf(c.world.AppSecret, c.token))
}

func TestFetchOnly_NeedsAnExchange(t *testing.T) {
	c := start(t, graphsim.Config{})
	exchange := func(code string, pairs ...string) answer {
		return c.as("").post("/oauth/access_token", append([]string{"client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", code}, pairs...)...)
	}
	signup := func(spec graphsim.SignupSpec) graphsim.Signup {
		su, err := c.sim.Signup(spec)
		require.NoError(t, err)
		return su
	}

	su := signup(graphsim.SignupSpec{RedirectURI: "https://bsp.example/done"})
	c.fetch(su.BusinessID).fails(403, 200, 0)
	c.post("/"+su.BusinessID+"/system_user_access_tokens", "appsecret_proof", proofOf(c.world.AppSecret, c.token)).fails(403, 200, 0)
	exchange(su.Code).fails(400, 100, 36008)
	c.fetch(su.BusinessID).fails(403, 200, 0)
	token := exchange(su.Code, "redirect_uri", "https://bsp.example/done").ok().text("access_token")
	require.Equal(t, token, c.fetch(su.BusinessID).ok().text("access_token"))

	// A second signup of a client whose first code was exchanged: its own code is not.
	again := signup(graphsim.SignupSpec{BusinessID: su.BusinessID})
	require.Equal(t, token, c.fetch(again.BusinessID).ok().text("access_token"))
	// A client without an exchange has none after the second signup either.
	never := signup(graphsim.SignupSpec{})
	signup(graphsim.SignupSpec{BusinessID: never.BusinessID})
	c.fetch(never.BusinessID).fails(403, 200, 0)

	expired := signup(graphsim.SignupSpec{})
	c.sim.Advance(31 * time.Second)
	exchange(expired.Code).fails(400, 100, 36007)
	c.fetch(expired.BusinessID).fails(403, 200, 0)
}

func TestFetchOnly_LostExchange(t *testing.T) {
	for name, test := range map[string]struct {
		fault   graphsim.Fault
		fetched bool
	}{
		"the answer was lost":            {graphsim.Fault{LoseReply: true}, true},
		"an error replaced the answer":   {graphsim.Fault{After: true, Status: 500, Code: 2}, true},
		"the connection was reset first": {graphsim.Fault{ResetBefore: true}, false},
		"the exchange was refused":       {graphsim.Fault{Code: 4}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, graphsim.Config{})
			su, err := c.sim.Signup(graphsim.SignupSpec{})
			require.NoError(t, err)
			remove := c.always("POST /oauth/access_token", test.fault)
			path := "/oauth/access_token?" + values([]string{"client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", su.Code}).Encode()
			resp, _, err := c.raw(t.Context(), "POST", path)
			require.True(t, err != nil || resp.StatusCode != http.StatusOK)
			remove()
			if !test.fetched {
				c.fetch(su.BusinessID).fails(403, 200, 0)
				return
			}
			token := c.fetch(su.BusinessID).ok().text("access_token")
			c.as(token).get("/" + su.WABAIDs[0]).ok()
		})
	}
}

func TestFetchOnly_WithoutACode(t *testing.T) {
	c := start(t, graphsim.Config{WABAs: 2})
	c.fetch(must(c.sim.Signup(graphsim.SignupSpec{Variant: graphsim.VariantHosted})).BusinessID).ok()
	for _, id := range c.world.ClientBusinesses {
		c.fetch(id).ok()
	}
	bulk := c.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts", "fields", "owner_business_info", "limit", "100").ok()
	list := bulk.at("data").([]any)
	c.fetch(list[len(list)-1].(map[string]any)["owner_business_info"].(map[string]any)["id"].(string)).ok()

	adopted := must(c.sim.Signup(graphsim.SignupSpec{})).BusinessID
	token := must(c.sim.BusinessToken(adopted))
	require.Equal(t, token, c.fetch(adopted).ok().text("access_token"))

	// Who removed the app has to exchange a new code.
	require.NoError(t, c.sim.DisconnectApp(adopted))
	must(c.sim.Signup(graphsim.SignupSpec{BusinessID: adopted}))
	c.fetch(adopted).fails(403, 200, 0)
}
