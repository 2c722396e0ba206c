package nodesdk_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// onTheWire asserts that the SDK sends the unusual requests that doc.go lists, and
// that the simulator answers them. If a later SDK stops sending them, the other
// tests prove less than doc.go says.
func (p program) onTheWire(t *testing.T) {
	sim := serve(t)
	waba := sim.world.ClientWABAs[0]
	var changed struct {
		Before, After string
		Updated       success
	}
	p.run(t, sim, "update.js", input{"waba_id": waba, "name": "Tamarind Kitchens"}, &changed)
	require.Equal(t, []string{"Tamarind Foods", "Tamarind Kitchens"}, []string{changed.Before, changed.After})
	require.True(t, changed.Updated.Success)
	var assigned assignment
	p.run(t, sim, "users.js", input{"waba_id": waba}, &assigned)

	byMethod := map[string][]graphtest.Call{}
	for _, call := range sim.Calls() {
		require.Equal(t, http.StatusOK, call.Status)
		require.True(t, call.Query.Has("access_token"), "the token is in the URL")
		require.Empty(t, call.Header.Get("Authorization"))
		require.Equal(t, "application/json", call.Header.Get("Content-Type"))
		byMethod[call.Method] = append(byMethod[call.Method], call)
	}
	require.Len(t, byMethod, 3)
	for _, call := range append(byMethod[http.MethodGet], byMethod[http.MethodDelete]...) {
		require.Equal(t, "2", call.Header.Get("Content-Length"), "a body of {}")
		require.Empty(t, call.Form)
	}
	for _, call := range byMethod[http.MethodPost] {
		require.Equal(t, string(waba), call.Form.Get("id"), "an object sends its own id")
	}
	require.Equal(t, `["MANAGE_PHONE","DEVELOP"]`, byMethod[http.MethodPost][1].Form.Get("tasks"), "a real list")
	for _, call := range byMethod[http.MethodDelete] {
		require.Equal(t, string(waba), call.Query.Get("id"))
	}
}
