package graphsim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// follow requests a paging link, without any other header or parameter.
func (c client) follow(link string) answer {
	c.t.Helper()
	u, err := url.Parse(link)
	require.NoError(c.t, err)
	return c.as("").send("GET", u.RequestURI(), map[string][]string{}, "")
}

// TestPaging_LinksCarryTokenAndProof checks that a link carries the token with its proof, also on
// a nested edge, and leads to the edge of one node.
func TestPaging_LinksCarryTokenAndProof(t *testing.T) {
	c := start(t, graphsim.Config{RequireProof: true})
	mac := hmac.New(sha256.New, []byte(c.world.AppSecret))
	mac.Write([]byte(c.token))
	proof := hex.EncodeToString(mac.Sum(nil))

	page := c.get("/"+c.world.BusinessID+"/client_whatsapp_business_accounts", "limit", "1",
		"fields", "phone_numbers.limit(1){certificate}", "appsecret_proof", proof).ok()
	require.Len(t, c.follow(page.text("paging", "next")).ok().ids(), 1)
	nested := c.follow(page.text("data", "0", "phone_numbers", "paging", "next")).ok()
	require.Len(t, nested.ids(), 1)
	require.NotEqual(t, page.ids()[0], nested.ids()[0])

	two := strings.Join(c.world.ClientWABAs[:2], ",")
	many := c.get("/phone_numbers", "ids", two, "limit", "1", "appsecret_proof", proof).ok()
	link := many.text(c.world.ClientWABAs[0], "paging", "next")
	require.NotContains(t, link, "ids=")
	require.Len(t, c.follow(link).ok().ids(), 1)
}

func TestPaging_FollowsNextToTheEnd(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
	var seen []string
	next := c.host + "/v25.0" + edge + "?limit=1&fields=id"
	pages := 0
	for next != "" {
		u, err := url.Parse(next)
		require.NoError(t, err)
		require.Equal(t, "graph.facebook.com", u.Host)
		a := c.as(tokenIn(c, u, pages)).send("GET", u.RequestURI(), map[string][]string{}, "").ok()
		seen = append(seen, a.ids()...)
		pages++
		next = a.text("paging", "next")
		require.NotEmpty(t, a.text("paging", "cursors", "after"), "the last page has cursors too")
		require.Equal(t, pages > 1, a.text("paging", "previous") != "")
		if next != "" {
			n, _ := url.Parse(next)
			require.Equal(t, c.token, n.Query().Get("access_token"), "next carries the token, although the request had a header")
			require.Equal(t, "id", n.Query().Get("fields"))
		}
	}
	require.Equal(t, c.world.ClientWABAs, seen)
	require.Equal(t, len(seen), pages)

	last := c.get(edge, "limit", "100").ok()
	require.Empty(t, last.text("paging", "next"))
	require.Empty(t, c.get(edge, "after", last.text("paging", "cursors", "after")).ok().ids(), "after the last cursor there are no items")
	back := c.get(edge, "before", last.text("paging", "cursors", "after"), "limit", "2").ok()
	require.Equal(t, c.world.ClientWABAs[len(seen)-3:len(seen)-1], back.ids())

	c.get(edge, "after", "nonsense").fails(400, 100, 0)
	other := c.get("/"+c.world.BusinessID+"/owned_whatsapp_business_accounts").ok().text("paging", "cursors", "after")
	c.get(edge, "after", other).fails(400, 100, 0)
	for _, limit := range []string{"0", "-1", "ten", "101"} {
		c.get(edge, "limit", limit).fails(400, 100, 0)
	}
	total := c.get(edge, "summary", "total_count", "limit", "1").ok()
	require.Equal(t, len(seen), total.int("summary", "total_count"))
}

// tokenIn returns the token for the header: none once the link carries it.
func tokenIn(c client, u *url.URL, pages int) string {
	if pages == 0 {
		return c.token
	}
	require.NotEmpty(c.t, u.Query().Get("access_token"))
	return ""
}

func TestPaging_CursorOfDeletedItem(t *testing.T) {
	for empty, cfg := range map[bool]graphsim.Config{false: {}, true: {EmptyOnDeadCursor: true}} {
		c := start(t, cfg)
		edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts"
		first := c.get(edge, "limit", "1").ok()
		require.NoError(t, c.sim.Unshare(first.ids()[0]))
		a := c.get(edge, "after", first.text("paging", "cursors", "after"))
		if empty {
			require.Empty(t, a.ok().ids())
		} else {
			a.fails(400, 100, 0)
		}
	}
}
