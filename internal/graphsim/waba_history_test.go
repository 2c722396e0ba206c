package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestHistory_ActivitiesAndSolutions(t *testing.T) {
	c := start(t, graphsim.Config{})
	first := c.world.ClientWABAs[len(c.world.ClientWABAs)-1]
	solutions := c.get("/" + first + "/solutions").ok()
	require.Equal(t, "ACTIVE", solutions.text("data", "0", "status"))
	solution := c.get("/"+solutions.ids()[0], "fields", "name,owner_app{name},owner_permissions").ok()
	require.NotEmpty(t, solution.text("owner_app", "name"))
	require.Empty(t, c.get("/"+c.world.ClientWABAs[0]+"/solutions").ok().ids())
	a := c.get("/" + first + "/activities").ok()
	require.NotEmpty(t, a.ids())
	require.NotEmpty(t, a.text("data", "0", "activity_type"))
	c.get("/"+a.ids()[0]).fails(400, 100, 33)
}
