package graph_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestOption_WrongOnesAreNamed(t *testing.T) {
	wrong := map[string][]graph.Option{
		"version":     nil,
		"base URL":    nil,
		"http client": {graph.WithHTTPClient(nil)},
		"app secret":  {graph.WithAppSecret(graph.Secret{})},
		"user agent":  {graph.WithUserAgent(""), graph.WithUserAgent("a\r\nX-Evil: 1"), graph.WithUserAgent("a\x00b")},
		"max body":    {graph.WithMaxBody(0), graph.WithMaxBody(-1)},
		"option":      {nil},
	}
	for _, v := range []string{"", "25.0", "v25", "v25.", "v.0", "vv25.0", "v25.0/", "v25.0\n", "v250000.0", "latest", "V25.0"} {
		wrong["version"] = append(wrong["version"], graph.WithVersion(v))
	}
	for _, u := range []string{
		"", "graph.facebook.com", "//graph.facebook.com", "ftp://graph.facebook.com", "https://", "https://:443", "https:///v25.0",
		"https://user:pass@graph.facebook.com", "https://graph.facebook.com?x=1", "https://graph.facebook.com?", "https://graph.facebook.com#f",
		"https://graph.facebook.com/v25.0", "https://graph.facebook.com/a/v25.0/", "http://graph.facebook.com", "http://10.0.0.1",
		"http://localhost.example.com", "http://127.0.0.1.example.com", "http://[::2]", "https://graph face", "%zz",
	} {
		wrong["base URL"] = append(wrong["base URL"], graph.WithBaseURL(u))
	}
	good, err := graph.New(graph.StaticToken(token))
	require.NoError(t, err)
	for field, opts := range wrong {
		for i, opt := range opts {
			_, err := graph.New(graph.StaticToken(token), opt)
			require.Error(t, err, "%s %d", field, i)
			requireInput(t, field, err)
			_, err = good.With(opt)
			requireInput(t, field, err)
		}
	}
	_, err = graph.New(nil)
	requireInput(t, "token source", err)
}

func TestWithBaseURL_Accepts(t *testing.T) {
	for base, want := range map[string]string{
		"https://graph.facebook.com":         "https://graph.facebook.com/v26.0/" + wabaID,
		"https://graph.facebook.com/":        "https://graph.facebook.com/v26.0/" + wabaID,
		"https://gateway.example.com/meta/":  "https://gateway.example.com/meta/v26.0/" + wabaID,
		"https://gateway.example.com:8443/a": "https://gateway.example.com:8443/a/v26.0/" + wabaID,
		"http://localhost:8080":              "http://localhost:8080/v26.0/" + wabaID,
		"http://127.0.0.1:8080/sim":          "http://127.0.0.1:8080/sim/v26.0/" + wabaID,
		"http://[::1]:8080":                  "http://[::1]:8080/v26.0/" + wabaID,
	} {
		w := newWire(reply(200, `{}`))
		c, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: w}),
			graph.WithBaseURL(base), graph.WithVersion("v26.0"), graph.WithUserAgent("acme-bsp/1.4"))
		require.NoError(t, err)
		require.Equal(t, "v26.0", c.Version())
		require.NoError(t, c.Do(t.Context(), read(graph.RepeatAuto), nil))
		require.Equal(t, want, w.Sent()[0].URL.String())
		require.Equal(t, "acme-bsp/1.4 wagraph", w.Sent()[0].Header.Get("User-Agent"))
	}
}

func TestWithHTTPClient_ClientIsNotChanged(t *testing.T) {
	w := newWire(reply(302, "", "Location: https://example.com"))
	jar := &jarThatKeeps{}
	given := &http.Client{Transport: w, Timeout: time.Minute, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		t.Error("its redirect policy was asked")
		return nil
	}}
	before := *given
	c, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(given))
	require.NoError(t, err)
	require.Error(t, c.Do(t.Context(), read(graph.RepeatAuto), nil))
	require.Same(t, before.Transport, given.Transport)
	require.Equal(t, before.Timeout, given.Timeout)
	require.NotNil(t, given.CheckRedirect)
	require.Zero(t, jar.Load())
}

// jarThatKeeps counts its calls.
type jarThatKeeps struct {
	http.CookieJar
	atomic.Int32
}

// roundTrip is a round tripper that cannot be compared with another.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWithBaseURL_Refuses(t *testing.T) {
	for _, base := range []string{
		"https://h:99999", "https://h:0", "https://graph.facebook.com/v25.0/x", "https://h/../x", "https://h/a%2fb", "https://h//x",
	} {
		_, err := graph.New(graph.StaticToken("t"), graph.WithBaseURL(base))
		require.ErrorIs(t, err, graph.ErrInput, base)
	}
	_, err := graph.New(graph.StaticToken("t"), graph.WithBaseURL("http://LOCALHOST:8025/graph/"))
	require.NoError(t, err)
	for _, version := range []string{"v025.0", "v25.00", "v0.0", "25.0", "v25", "v2500.0"} {
		_, err := graph.New(graph.StaticToken("t"), graph.WithVersion(version))
		require.ErrorIs(t, err, graph.ErrInput, version)
	}
}
