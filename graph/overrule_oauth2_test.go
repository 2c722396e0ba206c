package graph_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestOverrule_CodeIsPostedOnce(t *testing.T) {
	var posts atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		posts.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"This authorization code has been used.","code":100,"error_subcode":36009}}`)
	}))
	t.Cleanup(s.Close)

	byDefault := oauth2.Config{ClientID: "1", ClientSecret: appSecret, Endpoint: oauth2.Endpoint{TokenURL: s.URL}}
	_, err := byDefault.Exchange(t.Context(), code)
	require.Error(t, err)
	require.EqualValues(t, 2, posts.Swap(0), "the library's default: a refused code is posted twice")

	for _, method := range []string{http.MethodPost, http.MethodGet} {
		c, err := graph.New(graph.Anonymous(), graph.WithBaseURL(s.URL))
		require.NoError(t, err)
		req := graph.Request{Method: method, Route: "/oauth/access_token", Repeat: graph.RepeatOnce}
		params := url.Values{"client_secret": {appSecret}, "code": {code}}
		if method == http.MethodPost {
			req.Form = params
		} else {
			req.Query = params
		}
		err = c.Do(t.Context(), req, nil)
		require.ErrorIs(t, err, graph.Code(36009))
		require.EqualValues(t, 1, posts.Swap(0), method)
		requireNoSecret(t, err.Error())
		c.CloseIdleConnections()
	}
}

func TestOverrule_RedirectGetsNoToken(t *testing.T) {
	var stolen atomic.Value
	var strangers atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		strangers.Add(1)
		stolen.Store(r.Header.Get("Authorization"))
	}))
	t.Cleanup(stranger.Close)
	s := httptest.NewServer(http.RedirectHandler(stranger.URL, http.StatusFound))
	t.Cleanup(s.Close)

	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	byDefault := oauth2.NewClient(t.Context(), source)
	resp, err := byDefault.Get(s.URL)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, "Bearer "+token, stolen.Load(), "the library's default: the token goes to the host that the redirect names")
	require.EqualValues(t, 1, strangers.Swap(0))

	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		c, err := graph.New(graph.FromOAuth2(source), graph.WithBaseURL(s.URL))
		require.NoError(t, err)
		err = c.Do(t.Context(), graph.Request{Method: method, Route: "/{waba-id}", IDs: []string{wabaID}}, nil)
		require.ErrorIs(t, err, graph.ErrBadResponse)
		require.ErrorContains(t, err, "redirect")
		require.NotContains(t, err.Error(), stranger.URL)
		require.Equal(t, 1, graphErrorOf(t, err).Attempts)
		require.Zero(t, strangers.Load())
		c.CloseIdleConnections()
	}
}
