package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestEncode_EscapesLikePHP(t *testing.T) {
	c := start(t, graphsim.Config{})
	a := c.get("/"+c.world.RenamedNumberID, "fields", "verified_name,new_display_name").ok()
	require.Contains(t, a.raw, `Nordwind F\u00e4hren`)
	require.Equal(t, "Nordwind Fähren", a.text("verified_name"))
	waba := c.world.ClientWABAs[0]
	c.post("/"+waba, "name", "Zwei \"☕🚢\" / \\ \n\x01").ok()
	b := c.get("/"+waba, "fields", "name").ok()
	require.Contains(t, b.raw, `\u2615\ud83d\udea2`)
	require.Contains(t, b.raw, `\/`)
	require.Equal(t, "Zwei \"☕🚢\" / \\ \n\x01", b.text("name"))
}
