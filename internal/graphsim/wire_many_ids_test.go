package graphsim_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestReadMany_NodesAndEdges(t *testing.T) {
	c := start(t, graphsim.Config{})
	ids := c.world.ClientWABAs[0] + "," + c.world.OwnedWABAs[0]
	for _, path := range []string{"/", "/v25.0/", "/v25.0", ""} {
		a := c.send("GET", path+"?fields=id,name&ids="+ids, map[string][]string{}, "").ok()
		require.Equal(t, c.world.OwnedWABAs[0], a.text(c.world.OwnedWABAs[0], "id"))
		require.Len(t, a.body, 2)
	}
	edges := c.get("/phone_numbers", "ids", ids, "limit", "1").ok()
	require.Len(t, edges.ids(c.world.ClientWABAs[0]), 1)
	next := edges.text(c.world.ClientWABAs[0], "paging", "next")
	require.Contains(t, next, "/v25.0/"+c.world.ClientWABAs[0]+"/phone_numbers?")
	u := must(url.Parse(next))
	require.Len(t, c.as("").send("GET", u.RequestURI(), map[string][]string{}, "").ok().ids(), 1)

	c.get("/", "ids", ids+",1").fails(404, 803, 0)
	c.get("/", "ids", ids, "fields", "nope").fails(400, 100, 0)
	c.get("/", "ids", strings.Repeat("1,", 51)).fails(400, 100, 0)
	c.get("/", "ids", "").fails(400, 100, 0)
	c.get("/").fails(400, 2500, 0)
}
