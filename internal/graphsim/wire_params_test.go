package graphsim_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestParams_QueryFormMultipartJSON(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.ClientWABAs[0]
	jsonType := func() map[string][]string { return map[string][]string{"Content-Type": {"application/json"}} }
	for _, body := range []string{"{}", "", "null"} {
		if body == "null" {
			continue
		}
		c.send("GET", "/v25.0/"+waba+"?fields=id", jsonType(), body).ok()
	}
	c.send("GET", "/v25.0/"+waba, jsonType(), `{"fields":"id,status"}`).ok()
	require.Equal(t, "ACTIVE", c.send("GET", "/v25.0/"+waba, jsonType(), `{"fields":"id,status"}`).ok().text("status"))
	c.send("POST", "/v25.0/"+waba+"/assigned_users", jsonType(), `{"id":"`+waba+`","user":`+c.world.EmployeeID+`,"tasks":["MANAGE"],"nothing":null}`).ok()
	require.Len(t, c.sim.AssignedUsers(waba), 1)
	c.send("DELETE", "/v25.0/"+waba+"/assigned_users?user="+c.world.EmployeeID, jsonType(), `{}`).ok()
	c.send("POST", "/v25.0/"+waba+"/assigned_users?user="+c.world.EmployeeID+"&tasks="+url.QueryEscape(`["MANAGE"]`), map[string][]string{}, "").ok()
	c.send("POST", "/v25.0/"+waba+"/assigned_users?method=delete", map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}, "user="+c.world.EmployeeID).ok()
	require.Empty(t, c.sim.AssignedUsers(waba))
	require.Equal(t, "ACTIVE", c.post("/"+waba, "method", "get", "fields", "status").ok().text("status"))
	multipart := "--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n" + c.world.EmployeeID + "\r\n--x\r\nContent-Disposition: form-data; name=\"tasks\"\r\n\r\n[\"MANAGE\"]\r\n--x--\r\n"
	c.send("POST", "/v25.0/"+waba+"/assigned_users", map[string][]string{"Content-Type": {"multipart/form-data; boundary=x"}}, multipart).ok()
	require.Len(t, c.sim.AssignedUsers(waba), 1)

	c.send("POST", "/v25.0/"+waba, jsonType(), `{`).fails(400, 100, 0)
	c.send("POST", "/v25.0/"+waba, map[string][]string{"Content-Type": {"multipart/form-data; boundary=x"}}, "--y").fails(400, 100, 0)
	c.send("POST", "/v25.0/"+waba, map[string][]string{}, "a=%zz").fails(400, 100, 0)
	pretty := c.get("/"+waba, "fields", "id", "pretty", "1").ok()
	require.Contains(t, pretty.raw, "\n  \"id\"")
}
