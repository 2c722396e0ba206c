package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// TestHooks_FaultsOfOneRouteHappenInOrder checks that several faults of one route happen one after
// another, the newest first, and none is lost.
func TestHooks_FaultsOfOneRouteHappenInOrder(t *testing.T) {
	c := start(t, graphsim.Config{ControlAPI: true})
	for _, body := range []string{`{"route":"GET /{waba-id}","times":1,"code":4}`, `{"route":"GET /{waba-id}","times":2,"code":80008,"message":"Slow down"}`} {
		c.as("").send("POST", "/__sim/faults", map[string][]string{}, body).ok()
	}
	waba := "/" + c.world.ClientWABAs[0]
	require.Equal(t, "(#80008) Slow down", c.get(waba).fails(400, 80008, 0).text("error", "message"))
	c.get(waba).fails(400, 80008, 0)
	require.Equal(t, "(#4) Simulated failure", c.get(waba).fails(400, 4, 0).text("error", "message"))
	c.get(waba).ok()
}

func TestControl_HookMayUseTheSimulator(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.ClientWABAs[0]
	seen := 0
	remove := c.sim.Control("GET /{waba-id}", func(call *graphsim.Call) *graphsim.Fault {
		seen++
		require.Equal(t, []string{waba}, call.IDs)
		require.Equal(t, "id", call.Param("fields"))
		require.Equal(t, "system_user", call.TokenKind)
		require.NoError(t, c.sim.Unshare(waba))
		return nil
	})
	c.get("/"+waba, "fields", "id").fails(400, 100, 33)
	remove()
	require.NoError(t, c.sim.Reshare(waba))
	c.get("/"+waba, "fields", "id").ok()
	require.Equal(t, 1, seen)
}

// TestControl_ImpossibleFaultPanics checks that a fault that cannot happen is a mistake in the
// test.
func TestControl_ImpossibleFaultPanics(t *testing.T) {
	c := start(t, graphsim.Config{})
	c.sim.Control("GET /{waba-id}", func(*graphsim.Call) *graphsim.Fault { return &graphsim.Fault{Status: 99} })
	require.PanicsWithValue(t, "graphsim: the status of a fault is 200 to 599, got 99", func() { c.get("/" + c.world.ClientWABAs[0]) })
}
