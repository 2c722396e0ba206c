package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// TestFields_EmptyParameterSelectsNothing checks that some clients always send the parameter, and
// leave it empty.
func TestFields_EmptyParameterSelectsNothing(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.ClientWABAs[0] + "/subscribed_apps"
	require.JSONEq(t, `{"success":true}`, c.post(edge, "fields", "").ok().raw)
	require.JSONEq(t, `{"success":true}`, c.call("POST", edge+"?fields=", nil).ok().raw)
	require.Equal(t, "Tamarind Foods", c.post(edge, "fields[0]", "name").ok().text("name"))
}
