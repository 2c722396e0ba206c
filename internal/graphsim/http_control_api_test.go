package graphsim_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestControlAPI_WorldSignupFaultsClock(t *testing.T) {
	c := start(t, graphsim.Config{ControlAPI: true})
	c = c.over(t, c.sim)
	sim := func(method, path, body string) answer {
		return c.as("").send(method, "/__sim/"+path, map[string][]string{"Content-Type": {"application/json"}}, body)
	}
	world := sim("GET", "world", "").ok()
	require.Equal(t, c.world.AdminToken, world.text("token"))
	require.Equal(t, c.world.BusinessID, world.text("business_id"))

	su := sim("POST", "signup", "").ok()
	for _, key := range []string{"code", "access_token", "business_id"} {
		require.NotEmpty(t, su.text(key), key)
	}
	waba := su.text("waba_ids", "0")
	require.NotEmpty(t, su.text("phone_number_ids", "0"))
	c.get("/" + waba).ok()
	two := sim("POST", "signup", `{"business_id":"`+su.text("business_id")+`","wabas":2,"token_lifetime":"1440h","variant":"only_waba"}`).ok()
	require.Len(t, two.at("waba_ids"), 2)
	require.Empty(t, two.at("phone_number_ids"))
	for _, bad := range []string{`{"business_id":"1"}`, `{"wbas":1}`, `{`} {
		require.Equal(t, 400, sim("POST", "signup", bad).status)
	}

	sim("POST", "faults", `{"route":"GET /{waba-id}","times":1,"code":4,"message":"slow down","regain_after":"3m"}`).ok()
	c.get("/"+waba).fails(400, 4, 0)
	c.get("/" + waba).ok()
	sim("POST", "faults", `{"route":"","status":500,"body":"<html>","content_type":"text/html","header":{"x-a":"b"}}`).ok()
	require.Equal(t, 500, c.get("/"+waba).status)
	sim("DELETE", "faults", "").ok()
	c.get("/" + waba).ok()
	require.Equal(t, 400, sim("POST", "faults", `{"route":"GET /{nothing}"}`).status)

	sim("POST", "clock", `{"advance":"31s"}`).ok()
	c.as("").post("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", su.text("code")).fails(400, 100, 36007)
	require.Equal(t, 400, sim("POST", "clock", `{"advance":"soon"}`).status)
	require.Contains(t, sim("GET", "state", "").ok().raw, waba)
	require.Contains(t, sim("GET", "calls", "").ok().raw, `"route":"/oauth/access_token"`)
	require.Equal(t, 404, sim("GET", "nothing", "").status)

	off := start(t, graphsim.Config{})
	require.Equal(t, 400, off.as("").send("GET", "/__sim/world", map[string][]string{}, "").status)
}

// TestControlAPI_RefusesWrongInput checks that a wrong value is answered with 400 and a reason,
// and changes nothing.
func TestControlAPI_RefusesWrongInput(t *testing.T) {
	c := start(t, graphsim.Config{ControlAPI: true})
	c = c.over(t, c.sim)
	control := func(path, body string) answer {
		return c.as("").send("POST", "/__sim/"+path, map[string][]string{"Content-Type": {"application/json"}}, body)
	}
	control("clock", `{"advance":"800000h"}`).ok() // 91 years, so less than 100 years are left
	now := c.sim.Now()
	for _, test := range []struct{ path, body, why string }{
		{"faults", `{"status":99}`, "200 to 599, got 99"},
		{"faults", `{"status":199}`, "200 to 599, got 199"},
		{"faults", `{"status":-1}`, "got -1"},
		{"faults", `{"status":1000}`, "got 1000"},
		{"faults", `{"code":4,"status":12}`, "got 12"},
		{"faults", ``, "does nothing"},
		{"faults", `{}`, "does nothing"},
		{"faults", `{"route":"GET /{waba-id}","times":3,"after":true}`, "does nothing"},
		{"faults", `{"status":500,"times":-1}`, "times"},
		{"faults", `{"delay":"-1s"}`, "negative"},
		{"faults", `{"code":4,"regain_after":"-1m"}`, "negative"},
		{"faults", `{"cut_body":-5}`, "negative"},
		{"clock", `{"advance":"-1000h"}`, "does not go back"},
		{"clock", `{"advance":"0s"}`, "go ahead"},
		{"clock", ``, "go ahead"},
		{"clock", `{"advance":"2540000h"}`, "100 years"},
		{"clock", `{"advance":"99999999h"}`, "invalid duration"},
		{"signup", `{"wabas":-1}`, "0 to 1000"},
		{"signup", `{"numbers":1000000000}`, "0 to 1000"},
		{"signup", `{"token_lifetime":"-1h"}`, "token_lifetime"},
		{"signup", `{"variant":"fax"}`, "no variant"},
		{"signup", `{"drift":"north"}`, "no drift"},
	} {
		refused := control(test.path, test.body)
		require.Equal(t, http.StatusBadRequest, refused.status, test.body)
		require.Contains(t, refused.text("error"), test.why, test.body)
	}
	require.Less(t, c.sim.Now().Sub(now).Hours(), 1.0)
	c.get("/" + c.world.ClientWABAs[0]).ok() // no fault was installed
}
