package graphsim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
	"github.com/stretchr/testify/require"
)

// follow gets a paging link as it stands, with nothing but what is in it.
func (c client) follow(link string) answer {
	c.t.Helper()
	u, err := url.Parse(link)
	require.NoError(c.t, err)
	return c.as("").send("GET", u.RequestURI(), map[string][]string{}, "")
}

// TestEmptyFieldsAskForNothing: clients that always send the parameter leave it empty.
func TestEmptyFieldsAskForNothing(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.ClientWABAs[0] + "/subscribed_apps"
	require.JSONEq(t, `{"success":true}`, c.post(edge, "fields", "").ok().raw)
	require.JSONEq(t, `{"success":true}`, c.call("POST", edge+"?fields=", nil).ok().raw)
	require.Equal(t, "Tamarind Foods", c.post(edge, "fields[0]", "name").ok().text("name"))
}

// TestLinksSufficeThemselves: a link brings the proof of its token, on nested edges
// too, and belongs to the edge of one node.
func TestLinksSufficeThemselves(t *testing.T) {
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

// TestFaultsWaitInLine: what is set one after another happens one after another, the
// newest first, and none is lost.
func TestFaultsWaitInLine(t *testing.T) {
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
