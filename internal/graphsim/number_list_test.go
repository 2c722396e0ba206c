package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestListNumbers_FilteringAndSort(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.OwnedWABAs[0]
	require.Len(t, c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]`).ok().ids(), 1)
	require.Empty(t, c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"LIVE"}]`).ok().ids())
	c.get("/"+waba+"/phone_numbers", "filtering", `[{"field":"account_mode","operator":"EQUAL","value":"MOON"}]`).fails(400, 100, 0)
	two := c.world.ClientWABAs[0]
	down := c.get("/" + two + "/phone_numbers").ok().ids()
	require.Equal(t, reversed(down), c.get("/"+two+"/phone_numbers", "sort", "['last_onboarded_time_ascending']").ok().ids())
	require.Equal(t, down, c.get("/"+two+"/phone_numbers", "sort", `["last_onboarded_time_descending"]`).ok().ids())
	c.get("/"+two+"/phone_numbers", "sort", "name").fails(400, 100, 0)
	first := c.get("/"+two+"/phone_numbers").ok().at("data", "0").(map[string]any)
	for _, field := range []string{"verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput", "last_onboarded_time", "id"} {
		require.Contains(t, first, field)
	}
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$`, first["last_onboarded_time"])
}
