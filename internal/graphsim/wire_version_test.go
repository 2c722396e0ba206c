package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestVersion_OfAPath(t *testing.T) {
	c := start(t, graphsim.Config{})
	for path, want := range map[string]string{"/v21.0/me": "v21.0", "/v26.0/me": "v26.0", "/v18.0/me": "v21.0", "/me": "v21.0"} {
		require.Equal(t, want, c.send("GET", path, map[string][]string{}, "").ok().header.Get("Facebook-Api-Version"), path)
	}
	a := c.send("GET", "/v99.0/me", map[string][]string{}, "").fails(400, 2500, 0)
	require.Contains(t, a.text("error", "message"), "Unknown path components")
	waba := c.world.ClientWABAs[0]
	c.get("/v23.0/"+waba, "fields", "whatsapp_business_manager_messaging_limit").fails(400, 100, 0)
	c.get("/v24.0/"+waba, "fields", "whatsapp_business_manager_messaging_limit").ok()
	c.get("/"+waba+"/nonsense").fails(400, 2500, 0)
	c.delete("/"+waba).fails(400, 100, 33)
	h := c.get("/" + waba).ok().header
	for _, name := range []string{"X-Fb-Trace-Id", "X-Fb-Request-Id", "X-Fb-Rev", "X-Fb-Debug", "X-App-Usage", "X-Business-Use-Case-Usage", "Etag"} {
		require.NotEmpty(t, h.Get(name), name)
	}
	same := c.as("").send("GET", "/v25.0/"+waba, map[string][]string{"If-None-Match": {h.Get("Etag")}, "Authorization": {"Bearer " + c.token}}, "")
	require.Equal(t, 304, same.status)
	require.Empty(t, same.raw)
}
