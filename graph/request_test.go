package graph_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func countNew(n *atomic.Int32) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
}

func TestRequest_WrongOnesAreNotSent(t *testing.T) {
	get, post := http.MethodGet, http.MethodPost
	for name, c := range map[string]struct {
		field string
		req   graph.Request
	}{
		"no method":         {"method", graph.Request{Route: "/me"}},
		"small method":      {"method", graph.Request{Method: "get", Route: "/me"}},
		"other method":      {"method", graph.Request{Method: http.MethodPut, Route: "/me"}},
		"no route":          {"route", graph.Request{Method: get}},
		"no slash":          {"route", graph.Request{Method: get, Route: "me"}},
		"a query":           {"route", graph.Request{Method: get, Route: "/me?fields=id"}},
		"a fragment":        {"route", graph.Request{Method: get, Route: "/me#x"}},
		"dots":              {"route", graph.Request{Method: get, Route: "/../v1.0/me"}},
		"an escape":         {"route", graph.Request{Method: get, Route: "/%2e%2e/me"}},
		"a blank":           {"route", graph.Request{Method: get, Route: "/me /x"}},
		"an open brace":     {"route", graph.Request{Method: get, Route: "/{waba-id", IDs: []string{wabaID}}},
		"no id":             {"waba-id", graph.Request{Method: get, Route: "/{waba-id}"}},
		"an empty id":       {"waba-id", graph.Request{Method: get, Route: "/{waba-id}", IDs: []string{""}}},
		"a path for an id":  {"waba-id", graph.Request{Method: get, Route: "/{waba-id}", IDs: []string{"1/../2"}}},
		"a query for an id": {"waba-id", graph.Request{Method: get, Route: "/{waba-id}", IDs: []string{"1?access_token=x"}}},
		"a second id":       {"phone-number-id", graph.Request{Method: get, Route: "/{waba-id}/x/{phone-number-id}", IDs: []string{wabaID, "x"}}},
		"too many ids":      {"ids", graph.Request{Method: get, Route: "/{waba-id}", IDs: []string{wabaID, wabaID}}},
		"a wrong name":      {"name", graph.Request{Method: get, Route: "/{name}", IDs: []string{"a/b"}}},
		"an empty name":     {"name", graph.Request{Method: get, Route: "/{name}", IDs: []string{""}}},
		"two bodies":        {"request", graph.Request{Method: post, Route: "/me", Form: url.Values{}, JSON: 1}},
		"a body of a read":  {"request", graph.Request{Method: get, Route: "/me", Form: url.Values{}}},
		"JSON of a read":    {"request", graph.Request{Method: get, Route: "/me", JSON: 1}},
		"no struct":         {"query", graph.Request{Method: get, Route: "/me", Query: 5}},
		"no struct, form":   {"form", graph.Request{Method: post, Route: "/me", Form: "a=b"}},
		"no JSON":           {"JSON body", graph.Request{Method: post, Route: "/me", JSON: func() {}}},
		"a secret in JSON":  {"JSON body", graph.Request{Method: post, Route: "/me", JSON: map[string]any{"pin": graph.NewSecret(pin)}}},
		"a token":           {"access_token", graph.Request{Method: get, Route: "/me", Query: url.Values{"access_token": {token}}}},
		"a token, form":     {"access_token", graph.Request{Method: post, Route: "/me", Form: url.Values{"access_token": {token}}}},
		"a proof":           {"appsecret_proof", graph.Request{Method: get, Route: "/me", Query: url.Values{"appsecret_proof": {proof}}}},
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

// rotating returns another token each time that it is asked.
type rotating struct{ asked atomic.Int64 }

func (r *rotating) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: []string{"EAAone", "EAAtwo"}[r.asked.Add(1)%2]}, nil
}

func TestRequest_TokenInJSONIsRefused(t *testing.T) {
	server := graphtest.New(t)
	err := server.Client().Do(t.Context(), graph.Request{
		Method: http.MethodPost, Route: "/{waba-id}/subscribed_apps", IDs: []string{"1"}, JSON: map[string]string{"access_token": "x"},
	}, nil)
	require.ErrorIs(t, err, graph.ErrInput)
	require.Empty(t, server.Calls())
}
