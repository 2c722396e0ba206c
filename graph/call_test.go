package graph_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestClient_Do_RequestOnTheWire(t *testing.T) {
	w := newWire(reply(200, `{}`))
	c := newClient(t, w)
	type query struct {
		Fields string `url:"fields"`
	}
	for _, req := range []graph.Request{
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
		got := w.Sent()[i]
		require.Equal(t, "https://graph.facebook.com"+want.url, got.URL.String())
		require.Equal(t, "Bearer "+token, got.Header.Get("Authorization"))
		require.Equal(t, want.kind, got.Header.Get("Content-Type"))
		require.Equal(t, want.body, got.Body)
		require.Equal(t, "wagraph", got.Header.Get("User-Agent"))
	}
}

func TestClient_Do_RequestIsNotChanged(t *testing.T) {
	w := newWire(reply(200, `{"id":"`+wabaID+`"}`))
	params := url.Values{"fields": {"id"}}
	req := graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{wabaID}, Query: params}
	require.NoError(t, newClient(t, w).Do(t.Context(), req, nil))
	require.Equal(t, url.Values{"fields": {"id"}}, params)
}

func TestWithAppSecret_Proof(t *testing.T) {
	// Computed with: printf EAAtoken | openssl dgst -sha256 -hmac app-secret
	const want = "9f9f0867bc3df2d00cecd6aa6fb78e65b64c050401bd6ec5b84d98503d443d34"
	w := newWire(reply(200, `{}`))
	c := newClient(t, w, graph.WithAppSecret(graph.NewSecret("app-secret")))
	sentProof := func(source graph.TokenSource) string {
		require.NoError(t, c.As(source).Do(t.Context(), read(graph.RepeatAuto), nil))
		return w.Sent()[len(w.Sent())-1].URL.Query().Get("appsecret_proof")
	}
	require.Equal(t, want, sentProof(graph.StaticToken("EAAtoken")))
	require.NotEqual(t, want, sentProof(graph.StaticToken("EAAother")), "another token needs another proof")
	require.Empty(t, sentProof(graph.Anonymous()))
	require.Empty(t, w.Sent()[2].Header.Get("Authorization"))
}

func TestWithAppSecret_ProofFollowsTheToken(t *testing.T) {
	w := newWire(reply(200, `{}`))
	c := newClient(t, w).As(&rotating{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 10 {
				if err := c.Do(t.Context(), read(graph.RepeatAuto), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	proofs := map[string]string{}
	for _, s := range w.Sent() {
		auth, sent := s.Header.Get("Authorization"), s.URL.Query().Get("appsecret_proof")
		if known, ok := proofs[auth]; ok {
			require.Equal(t, known, sent)
		}
		proofs[auth] = sent
	}
	require.Len(t, proofs, 2)
	require.NotEqual(t, proofs["Bearer EAAone"], proofs["Bearer EAAtwo"])
}
