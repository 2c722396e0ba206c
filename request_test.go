package wagraph_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph"
)

func countNew(n *atomic.Int32) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
}

func TestWrongRequestsAreNotSent(t *testing.T) {
	get, post := http.MethodGet, http.MethodPost
	for name, c := range map[string]struct {
		field string
		req   wagraph.Request
	}{
		"no method":         {"method", wagraph.Request{Route: "/me"}},
		"small method":      {"method", wagraph.Request{Method: "get", Route: "/me"}},
		"other method":      {"method", wagraph.Request{Method: http.MethodPut, Route: "/me"}},
		"no route":          {"route", wagraph.Request{Method: get}},
		"no slash":          {"route", wagraph.Request{Method: get, Route: "me"}},
		"a query":           {"route", wagraph.Request{Method: get, Route: "/me?fields=id"}},
		"a fragment":        {"route", wagraph.Request{Method: get, Route: "/me#x"}},
		"dots":              {"route", wagraph.Request{Method: get, Route: "/../v1.0/me"}},
		"an escape":         {"route", wagraph.Request{Method: get, Route: "/%2e%2e/me"}},
		"a blank":           {"route", wagraph.Request{Method: get, Route: "/me /x"}},
		"an open brace":     {"route", wagraph.Request{Method: get, Route: "/{waba-id", IDs: []string{wabaID}}},
		"no id":             {"waba-id", wagraph.Request{Method: get, Route: "/{waba-id}"}},
		"an empty id":       {"waba-id", wagraph.Request{Method: get, Route: "/{waba-id}", IDs: []string{""}}},
		"a path for an id":  {"waba-id", wagraph.Request{Method: get, Route: "/{waba-id}", IDs: []string{"1/../2"}}},
		"a query for an id": {"waba-id", wagraph.Request{Method: get, Route: "/{waba-id}", IDs: []string{"1?access_token=x"}}},
		"a second id":       {"phone-number-id", wagraph.Request{Method: get, Route: "/{waba-id}/x/{phone-number-id}", IDs: []string{wabaID, "x"}}},
		"too many ids":      {"ids", wagraph.Request{Method: get, Route: "/{waba-id}", IDs: []string{wabaID, wabaID}}},
		"a wrong name":      {"name", wagraph.Request{Method: get, Route: "/{name}", IDs: []string{"a/b"}}},
		"an empty name":     {"name", wagraph.Request{Method: get, Route: "/{name}", IDs: []string{""}}},
		"two bodies":        {"request", wagraph.Request{Method: post, Route: "/me", Form: url.Values{}, JSON: 1}},
		"a body of a read":  {"request", wagraph.Request{Method: get, Route: "/me", Form: url.Values{}}},
		"JSON of a read":    {"request", wagraph.Request{Method: get, Route: "/me", JSON: 1}},
		"no struct":         {"query", wagraph.Request{Method: get, Route: "/me", Query: 5}},
		"no struct, form":   {"form", wagraph.Request{Method: post, Route: "/me", Form: "a=b"}},
		"no JSON":           {"JSON body", wagraph.Request{Method: post, Route: "/me", JSON: func() {}}},
		"a secret in JSON":  {"JSON body", wagraph.Request{Method: post, Route: "/me", JSON: map[string]any{"pin": wagraph.NewSecret(pin)}}},
		"a token":           {"access_token", wagraph.Request{Method: get, Route: "/me", Query: url.Values{"access_token": {token}}}},
		"a token, form":     {"access_token", wagraph.Request{Method: post, Route: "/me", Form: url.Values{"access_token": {token}}}},
		"a proof":           {"appsecret_proof", wagraph.Request{Method: get, Route: "/me", Query: url.Values{"appsecret_proof": {proof}}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(reply(200, `{}`))
			err := newClient(t, w).Do(t.Context(), c.req, nil)
			requireInput(t, c.field, err)
			requireNoSecret(t, err.Error())
			require.Zero(t, w.count())
		})
	}
}

func TestWrongTokensAreNotSent(t *testing.T) {
	w := newWire(reply(200, `{}`))
	c := newClient(t, w)
	for _, bad := range []string{"", "a b", "a\r\nX-Evil: 1", "a\x00", "a\x7f"} {
		requireInput(t, "token", c.As(wagraph.StaticToken(bad)).Do(t.Context(), read(wagraph.RepeatAuto), nil))
	}
	requireInput(t, "token source", c.As(nil).Do(t.Context(), read(wagraph.RepeatAuto), nil))
	require.Zero(t, w.count())
}

func TestWhatIsSent(t *testing.T) {
	w := newWire(reply(200, `{}`))
	c := newClient(t, w)
	type query struct {
		Fields string `url:"fields"`
	}
	for _, req := range []wagraph.Request{
		{Method: http.MethodGet, Route: "/{waba-id}/x/{name}", IDs: []string{wabaID, "a_b-1"}, Query: query{"id,name"}},
		{Method: http.MethodPost, Route: "/{waba-id}", IDs: []string{wabaID}, Form: url.Values{"pin": {pin}}},
		{Method: http.MethodPost, Route: "/", JSON: map[string]string{"pin": pin}},
		{Method: http.MethodDelete, Route: "/{waba-id}", IDs: []string{wabaID}},
	} {
		require.NoError(t, c.Do(t.Context(), req, nil))
	}
	proved := "appsecret_proof=" + proof
	for i, want := range []struct{ url, kind, body string }{
		{"/v25.0/" + wabaID + "/x/a_b-1?" + proved + "&fields=id%2Cname", "", ""},
		{"/v25.0/" + wabaID + "?" + proved, "application/x-www-form-urlencoded", "pin=" + pin},
		{"/v25.0/?" + proved, "application/json", `{"pin":"` + pin + `"}`},
		{"/v25.0/" + wabaID + "?" + proved, "", ""},
	} {
		got := w.sent[i]
		require.Equal(t, "https://graph.facebook.com"+want.url, got.URL.String())
		require.Equal(t, "Bearer "+token, got.Header.Get("Authorization"))
		require.Equal(t, want.kind, got.Header.Get("Content-Type"))
		require.Equal(t, want.body, got.Body)
		require.Equal(t, "wagraph", got.Header.Get("User-Agent"))
	}
}

func TestTheCallersRequestIsNotChanged(t *testing.T) {
	w := newWire(reply(200, `{}`))
	params := url.Values{"fields": {"id"}}
	req := wagraph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{wabaID}, Query: params}
	require.NoError(t, newClient(t, w).Do(t.Context(), req, nil))
	require.Equal(t, url.Values{"fields": {"id"}}, params)
}

func TestAppSecretProof(t *testing.T) {
	// Computed with: printf EAAtoken | openssl dgst -sha256 -hmac app-secret
	const want = "9f9f0867bc3df2d00cecd6aa6fb78e65b64c050401bd6ec5b84d98503d443d34"
	w := newWire(reply(200, `{}`))
	c := newClient(t, w, wagraph.WithAppSecret(wagraph.NewSecret("app-secret")))
	sentProof := func(source wagraph.TokenSource) string {
		require.NoError(t, c.As(source).Do(t.Context(), read(wagraph.RepeatAuto), nil))
		return w.sent[len(w.sent)-1].URL.Query().Get("appsecret_proof")
	}
	require.Equal(t, want, sentProof(wagraph.StaticToken("EAAtoken")))
	require.NotEqual(t, want, sentProof(wagraph.StaticToken("EAAother")), "another token needs another proof")
	require.Empty(t, sentProof(wagraph.Anonymous()))
	require.Empty(t, w.sent[2].Header.Get("Authorization"))
}

// rotating gives another token each time it is asked.
type rotating struct{ asked atomic.Int64 }

func (r *rotating) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: []string{"EAAone", "EAAtwo"}[r.asked.Add(1)%2]}, nil
}

func TestTheProofFollowsTheToken(t *testing.T) {
	w := newWire(reply(200, `{}`))
	c := newClient(t, w).As(&rotating{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 10 {
				if err := c.Do(t.Context(), read(wagraph.RepeatAuto), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	proofs := map[string]string{}
	for _, s := range w.sent {
		auth, sent := s.Header.Get("Authorization"), s.URL.Query().Get("appsecret_proof")
		if known, ok := proofs[auth]; ok {
			require.Equal(t, known, sent)
		}
		proofs[auth] = sent
	}
	require.Len(t, proofs, 2)
	require.NotEqual(t, proofs["Bearer EAAone"], proofs["Bearer EAAtwo"])
}
