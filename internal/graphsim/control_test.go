package graphsim_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

func jsonText(v any) (string, error) {
	b := bytes.Buffer{}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.String(), err
}

// over serves the simulator on a loopback socket.
func (c client) over(t *testing.T, h http.Handler) client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c.t, c.rt, c.host = t, srv.Client().Transport, srv.URL
	return c
}

func TestControlAPI(t *testing.T) {
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

func TestLinksStayOnTheRequestsHost(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts?limit=1"
	socket := c.over(t, c.sim)
	next := socket.get(edge).ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, socket.host+"/v25.0/"), next)

	mounted := c.over(t, http.StripPrefix("/graph", c.sim))
	mounted.host += "/graph"
	next = mounted.get(edge).ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, mounted.host+"/v25.0/"), next)

	public := start(t, graphsim.Config{PublicURL: "https://proxy.example/base"})
	public.host = "https://proxy.example/base"
	next = public.get("/"+public.world.BusinessID+"/client_whatsapp_business_accounts?limit=1").ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, "https://proxy.example/base/v25.0/"), next)

	req := httptest.NewRequest(http.MethodGet, "/v21.0"+edge, http.NoBody)
	req.Host = "tls.example"
	req.Header.Set("X-Forwarded-Proto", "https")
	req.Header.Set("Authorization", "OAuth "+c.token)
	rec := httptest.NewRecorder()
	c.sim.ServeHTTP(rec, req)
	require.Contains(t, rec.Body.String(), `"next":"https:\/\/tls.example\/v21.0\/`)
}

func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, graphsim.Config{Quota: true})
		su, business := c.signup(graphsim.SignupSpec{})
		waba, number := su.WABAIDs[0], su.PhoneNumberIDs[0]
		for i := range 200 {
			switch i % 4 {
			case 0:
				business.get("/" + waba).ok()
			case 1:
				business.get("/" + waba + "/phone_numbers").ok()
			case 2:
				business.get("/" + number).ok()
			case 3:
				business.batch(`[{"method":"GET","relative_url":"` + waba + `"}]`).ok().inner(0).ok()
			}
			time.Sleep(time.Second)
		}
		a := business.get("/"+waba).fails(400, 80008, 0)
		usage := map[string][]map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(a.header.Get("X-Business-Use-Case-Usage")), &usage))
		minutes := usage[waba][0]["estimated_time_to_regain_access"].(float64)
		require.InDelta(t, 57, minutes, 2)
		business.get("/"+number).fails(400, 80008, 0)
		c.get("/"+waba+"/assigned_users", "business", c.world.BusinessID).fails(400, 80008, 0)
		c.get("/" + c.world.ClientWABAs[0]).ok()
		business.get("/" + su.BusinessID).ok()

		time.Sleep(time.Hour)
		business.get("/" + waba).ok()
		business.post("/"+number+"/register", "messaging_product", "whatsapp", "pin", "123456").ok()
		for range 400 {
			business.get("/" + waba).ok()
		}
		require.Contains(t, business.get("/"+waba).ok().header.Get("X-Business-Use-Case-Usage"), `"call_count":8,`)
	})
}
