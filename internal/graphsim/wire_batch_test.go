package graphsim_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestBatch_Forms(t *testing.T) {
	c := start(t, graphsim.Config{})
	ops := fmt.Sprintf(`[{"method":"GET","relative_url":"%s?fields=id"},{"method":"get","relative_url":"/v24.0/me"},{"method":"GET","relative_url":"nonsense"}]`, c.world.ClientWABAs[0])
	multipart := "--x\r\nContent-Disposition: form-data; name=\"batch\"\r\n\r\n" + ops + "\r\n--x--\r\n"
	for name, form := range map[string][2]string{
		"form":      {"application/x-www-form-urlencoded", "batch=" + url.QueryEscape(ops)},
		"multipart": {"multipart/form-data; boundary=x", multipart},
		"json":      {"application/json", `{"batch":` + ops + `}`},
		"json text": {"application/json", `{"batch":` + string(must(json.Marshal(ops))) + `}`},
		"list":      {"application/json", ops},
	} {
		for _, path := range []string{"/", "/v25.0", "/v25.0/", ""} {
			t.Run(name+" "+path, func(t *testing.T) {
				c.t = t
				a := c.send("POST", path, map[string][]string{"Content-Type": {form[0]}}, form[1]).ok()
				require.Equal(t, c.world.ClientWABAs[0], a.inner(0).ok().text("id"))
				require.Equal(t, c.world.AdminID, a.inner(1).ok().text("id"))
				a.inner(2).fails(400, 100, 33)
				require.Contains(t, a.raw, `"name":"Facebook-Api-Version","value":"v24.0"`)
			})
		}
	}
	lean := c.call("POST", "/", url.Values{"batch": {ops}, "include_headers": {"false"}}).ok()
	require.NotContains(t, lean.raw, `"headers"`)
}

func TestBatch_References(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := c.world.BusinessID + "/client_whatsapp_business_accounts?limit=2&fields=id"
	a := c.batch(`[{"method":"GET","name":"list","relative_url":"` + edge + `"},
		{"method":"GET","relative_url":"?ids={result=list:$.data.*.id}&fields=id,name"},
		{"method":"GET","relative_url":"{result=list:$.data[1].id}/phone_numbers"},
		{"method":"GET","relative_url":"` + url.QueryEscape("{result=list:$.data.0.id}") + `"}]`).ok()
	require.Nil(t, a.at("0"), "a referenced operation is left out when it succeeded")
	require.Len(t, a.inner(1).ok().body, 2)
	require.NotEmpty(t, a.inner(2).ok().ids())
	require.Equal(t, c.world.ClientWABAs[0], a.inner(3).ok().text("id"))

	kept := c.batch(`[{"method":"GET","name":"list","omit_response_on_success":false,"relative_url":"` + edge + `"},
		{"method":"GET","depends_on":"list","relative_url":"me"}]`).ok()
	require.Len(t, kept.inner(0).ok().ids(), 2)
	kept.inner(1).ok()

	failed := c.batch(`[{"method":"GET","name":"x","relative_url":"1"},{"method":"GET","depends_on":"x","relative_url":"me"},{"method":"GET","relative_url":"me"}]`).ok()
	failed.inner(0).fails(400, 100, 33)
	failed.inner(1).fails(400, 100, 0)
	failed.inner(2).ok()

	for _, ops := range []string{
		`[{"method":"GET","name":"a","depends_on":"b","relative_url":"me"},{"method":"GET","name":"b","depends_on":"a","relative_url":"me"}]`,
		`[{"method":"GET","name":"a","depends_on":"a","relative_url":"me"}]`,
		`[{"method":"GET","depends_on":"missing","relative_url":"me"}]`,
		`[{"method":"GET","name":"a","relative_url":"me"},{"method":"GET","relative_url":"{result=a:$.nothing}"}]`,
	} {
		got := c.batch(ops).ok()
		last := len(got.body.([]any)) - 1
		got.inner(last).fails(400, 100, 0)
	}
}

func TestBatch_Writes(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	waba := su.WABAIDs[0]
	a := c.batch(`[{"method":"POST","relative_url":"` + waba + `/assigned_users","body":"user=` + c.world.EmployeeID + `&tasks=%5B%22MANAGE%22%5D"},
		{"method":"POST","relative_url":"` + waba + `/subscribed_apps","body":{"override_callback_uri":"https://a.example/h","verify_token":"v"}},
		{"method":"GET","relative_url":"me?access_token=` + business.token + `&fields=client_business_id"},
		{"method":"GET","relative_url":"me?fields=client_business_id","headers":["Authorization: Bearer ` + business.token + `"]},
		{"method":"DELETE","relative_url":"` + waba + `/subscribed_apps"}]`).ok()
	for i := range 5 {
		a.inner(i).ok()
	}
	require.Equal(t, su.BusinessID, a.inner(2).text("client_business_id"))
	require.Equal(t, su.BusinessID, a.inner(3).text("client_business_id"))
	require.Equal(t, []string{"MANAGE"}, c.sim.AssignedUsers(waba)[c.world.EmployeeID])
	require.Empty(t, c.sim.Subscriptions(waba))

	many := "[" + strings.TrimSuffix(strings.Repeat(`{"method":"GET","relative_url":"me"},`, 51), ",") + "]"
	require.Equal(t, "GraphBatchException", c.batch(many).fails(400, -3, 0).text("error", "type"))
	c.batch("{").fails(400, 100, 0)
	c.batch("").fails(400, 100, 0)
	c.batch(`[{"relative_url":"me"}]`).fails(400, 100, 0)
	c.as("").batch(`[{"method":"GET","relative_url":"me?access_token=`+c.token+`"}]`).fails(400, 104, 0)
	c.as("EAAdead").batch(`[]`).fails(401, 190, 0)

	proof := start(t, graphsim.Config{RequireProof: true})
	ops := `[{"method":"GET","relative_url":"me"}]`
	proof.batch(ops).fails(400, 100, 0)
	proof.batch(ops, "appsecret_proof", proofOf(proof.world.AppSecret, proof.token)).ok().inner(0).ok()
}

func TestBatch_NullOperation(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, _ := c.signup(graphsim.SignupSpec{})
	waba := su.WABAIDs[0]
	ops := `[{"method":"GET","relative_url":"me"},{"method":"POST","relative_url":"` + waba + `/subscribed_apps"}]`
	for _, after := range []bool{false, true} {
		remove := c.sim.Control("POST /{waba-id}/subscribed_apps", func(call *graphsim.Call) *graphsim.Fault {
			require.True(t, call.Batch)
			return &graphsim.Fault{NullOp: true, After: after}
		})
		a := c.batch(ops).ok()
		a.inner(0).ok()
		require.Nil(t, a.at("1"))
		require.Equal(t, after, len(c.sim.Subscriptions(waba)) == 1)
		remove()
	}
}
