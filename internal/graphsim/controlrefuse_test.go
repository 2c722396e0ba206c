package graphsim_test

import (
	"net/http"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

// TestControlRefusesNonsense: what cannot be meant is a 400 that says why, and leaves
// the simulator as it was.
func TestControlRefusesNonsense(t *testing.T) {
	c := start(t, graphsim.Config{ControlAPI: true})
	c = c.over(t, c.sim)
	control := func(path, body string) answer {
		return c.as("").send("POST", "/__sim/"+path, map[string][]string{"Content-Type": {"application/json"}}, body)
	}
	control("clock", `{"advance":"800000h"}`).ok() // 91 years: what is left is less than a duration could add
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

// TestImpossibleFault: a hook that wants one is a test's own mistake.
func TestImpossibleFault(t *testing.T) {
	c := start(t, graphsim.Config{})
	c.sim.Control("GET /{waba-id}", func(*graphsim.Call) *graphsim.Fault { return &graphsim.Fault{Status: 99} })
	require.PanicsWithValue(t, "graphsim: the status of a fault is 200 to 599, got 99", func() { c.get("/" + c.world.ClientWABAs[0]) })
}
