package graphsim_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestFault_Answers(t *testing.T) {
	c := start(t, graphsim.Config{})
	waba := c.world.ClientWABAs[0]
	path := "/" + waba + "/subscribed_apps"

	remove := c.always("POST /{waba-id}/subscribed_apps", graphsim.Fault{Code: 131031, Subcode: 7, Message: "Locked", UserTitle: "T", UserMessage: "M", Details: "D", Transient: true,
		Header: http.Header{"X-More": {"1"}}})
	a := c.post(path).fails(403, 131031, 7)
	require.Equal(t, "(#131031) Locked", a.text("error", "message"))
	require.Equal(t, []string{"T", "M", "D", "true"}, []string{a.text("error", "error_user_title"), a.text("error", "error_user_msg"), a.text("error", "error_data", "details"), a.text("error", "is_transient")})
	require.Equal(t, "1", a.header.Get("X-More"))
	require.Empty(t, c.sim.Subscriptions(waba), "the answer came before the effect")
	c.get(path).ok()
	remove()
	c.post(path).ok()
	c.delete(path).ok()

	remove = c.always("/{waba-id}/subscribed_apps", graphsim.Fault{Code: 2, Message: "Service temporarily unavailable", After: true})
	c.post(path).fails(503, 2, 0)
	require.Len(t, c.sim.Subscriptions(waba), 1, "the effect came before the answer")
	remove()

	remove = c.always("", graphsim.Fault{Code: 80008, Message: "too many calls", RegainAfter: 90 * time.Second})
	throttled := c.get("/"+waba).fails(400, 80008, 0)
	require.Contains(t, throttled.header.Get("X-Business-Use-Case-Usage"), `"`+waba+`":[{"type":"whatsapp_business_management","call_count":100`)
	require.Contains(t, throttled.header.Get("X-Business-Use-Case-Usage"), `"estimated_time_to_regain_access":2`)
	remove()

	remove = c.always("GET /{waba-id}", graphsim.Fault{Status: 502, Body: []byte("<html>"), ContentType: "text/html"})
	html := c.get("/" + waba)
	require.Equal(t, 502, html.status)
	require.Equal(t, "text/html", html.header.Get("Content-Type"))
	remove()
	remove = c.always("GET /{waba-id}", graphsim.Fault{Status: 503})
	require.Empty(t, c.get("/"+waba).raw)
	remove()
	remove = c.always("GET /{waba-id}", graphsim.Fault{Redirect: "https://evil.example/"})
	moved := c.get("/" + waba)
	require.Equal(t, 302, moved.status)
	require.Equal(t, "https://evil.example/", moved.header.Get("Location"))
	remove()

	require.Panics(t, func() { c.always("GET /{waba}/phone_number", graphsim.Fault{}) }, "a misspelt route")
	c.always("GET /{waba-id}", graphsim.Fault{NullOp: true})
	require.Equal(t, waba, c.get("/"+waba).ok().text("id"), "NullOp works only in a batch")
	c.always("GET /{allocation-id}", graphsim.Fault{Code: 1})
	c.get("/"+c.world.AllocationID).fails(500, 1, 0)
}

func TestFault_Connections(t *testing.T) {
	c := start(t, graphsim.Config{})
	srv := httptest.NewServer(c.sim)
	defer srv.Close()
	socket := c
	socket.rt, socket.host = srv.Client().Transport, srv.URL
	waba := c.world.ClientWABAs[0]
	path := "/" + waba + "/subscribed_apps"
	for name, client := range map[string]client{"in process": c, "over a socket": socket} {
		t.Run(name, func(t *testing.T) {
			undo := func() { c.as(c.token).delete(path) }

			remove := c.always("POST /{waba-id}/subscribed_apps", graphsim.Fault{ResetBefore: true})
			_, _, err := client.raw(t.Context(), "POST", path)
			require.Error(t, err)
			require.Empty(t, c.sim.Subscriptions(waba))
			remove()

			remove = c.always("POST /{waba-id}/subscribed_apps", graphsim.Fault{LoseReply: true})
			_, _, err = client.raw(t.Context(), "POST", path)
			require.Error(t, err)
			if name == "in process" {
				require.ErrorIs(t, err, syscall.ECONNRESET)
			}
			require.Len(t, c.sim.Subscriptions(waba), 1)
			remove()
			undo()

			remove = c.always("POST /{waba-id}/subscribed_apps", graphsim.Fault{CutBody: 5})
			resp, body, err := client.raw(t.Context(), "POST", path)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Equal(t, 200, resp.StatusCode)
			require.Equal(t, `{"suc`, string(body))
			require.Len(t, c.sim.Subscriptions(waba), 1)
			remove()
			undo()
		})
	}
	outcomes := map[string]int{}
	for _, call := range c.sim.Calls() {
		outcomes[call.Outcome]++
	}
	require.Equal(t, map[string]int{"answered": 4, "lost": 2, "cut": 2, "reset": 2}, outcomes)
}

func TestFault_DelayTakesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, graphsim.Config{})
		waba := c.world.ClientWABAs[0]
		path := "/" + waba + "/subscribed_apps"
		for _, after := range []bool{false, true} {
			remove := c.always("POST /{waba-id}/subscribed_apps", graphsim.Fault{Delay: time.Hour, After: after})
			begin := time.Now()
			c.post(path).ok()
			require.Equal(t, time.Hour, time.Since(begin))
			c.delete(path).ok()

			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_, _, err := c.raw(ctx, "POST", path)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, after, len(c.sim.Subscriptions(waba)) == 1, "with After the effect comes before the delay")
			cancel()
			remove()
		}

		// The lock is free while a call is delayed.
		c.always("GET /{waba-id}", graphsim.Fault{Delay: time.Hour})
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, _, err := c.raw(t.Context(), "GET", "/"+waba); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		c.get("/me").ok()
		<-done
	})
}
