package wagraph_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

// requireInput checks that an error is an InputError about a field.
func requireInput(t *testing.T, field string, err error) {
	t.Helper()
	var input *wagraph.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, field, input.Field)
	require.ErrorIs(t, err, wagraph.ErrInput)
	require.NotEmpty(t, input.Reason)
}

func TestWrongOptionsAreNamed(t *testing.T) {
	wrong := map[string][]wagraph.Option{
		"version":     nil,
		"base URL":    nil,
		"http client": {wagraph.WithHTTPClient(nil)},
		"app secret":  {wagraph.WithAppSecret(wagraph.Secret{})},
		"user agent":  {wagraph.WithUserAgent(""), wagraph.WithUserAgent("a\r\nX-Evil: 1"), wagraph.WithUserAgent("a\x00b")},
		"max body":    {wagraph.WithMaxBody(0), wagraph.WithMaxBody(-1)},
		"option":      {nil},
	}
	for _, v := range []string{"", "25.0", "v25", "v25.", "v.0", "vv25.0", "v25.0/", "v25.0\n", "v250000.0", "latest", "V25.0"} {
		wrong["version"] = append(wrong["version"], wagraph.WithVersion(v))
	}
	for _, u := range []string{
		"", "graph.facebook.com", "//graph.facebook.com", "ftp://graph.facebook.com", "https://", "https://:443", "https:///v25.0",
		"https://user:pass@graph.facebook.com", "https://graph.facebook.com?x=1", "https://graph.facebook.com?", "https://graph.facebook.com#f",
		"https://graph.facebook.com/v25.0", "https://graph.facebook.com/a/v25.0/", "http://graph.facebook.com", "http://10.0.0.1",
		"http://localhost.example.com", "http://127.0.0.1.example.com", "http://[::2]", "https://graph face", "%zz",
	} {
		wrong["base URL"] = append(wrong["base URL"], wagraph.WithBaseURL(u))
	}
	good, err := wagraph.New(wagraph.StaticToken(token))
	require.NoError(t, err)
	for field, opts := range wrong {
		for i, opt := range opts {
			_, err := wagraph.New(wagraph.StaticToken(token), opt)
			require.Error(t, err, "%s %d", field, i)
			requireInput(t, field, err)
			_, err = good.With(opt)
			requireInput(t, field, err)
		}
	}
	_, err = wagraph.New(nil)
	requireInput(t, "token source", err)
}

func TestGoodAddresses(t *testing.T) {
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
		c, err := wagraph.New(wagraph.StaticToken(token), wagraph.WithHTTPClient(&http.Client{Transport: w}),
			wagraph.WithBaseURL(base), wagraph.WithVersion("v26.0"), wagraph.WithUserAgent("acme-bsp/1.4"))
		require.NoError(t, err)
		require.Equal(t, "v26.0", c.Version())
		require.NoError(t, c.Do(t.Context(), read(wagraph.RepeatAuto), nil))
		require.Equal(t, want, w.sent[0].URL.String())
		require.Equal(t, "acme-bsp/1.4 wagraph", w.sent[0].Header.Get("User-Agent"))
	}
}

func TestTheCallersClientIsNotChanged(t *testing.T) {
	w := newWire(reply(302, "", "Location: https://example.com"))
	jar := &jarThatKeeps{}
	theirs := &http.Client{Transport: w, Timeout: time.Minute, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		t.Error("their redirect policy was asked")
		return nil
	}}
	before := *theirs
	c, err := wagraph.New(wagraph.StaticToken(token), wagraph.WithHTTPClient(theirs))
	require.NoError(t, err)
	require.Error(t, c.Do(t.Context(), read(wagraph.RepeatAuto), nil))
	require.Same(t, before.Transport, theirs.Transport)
	require.Equal(t, before.Timeout, theirs.Timeout)
	require.NotNil(t, theirs.CheckRedirect)
	require.Zero(t, jar.Load())
}

// jarThatKeeps counts how often it is asked.
type jarThatKeeps struct {
	http.CookieJar
	atomic.Int32
}

func TestWithKeepsThePool(t *testing.T) {
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }))
	s.Config.ConnState = countNew(&conns)
	s.Start()
	t.Cleanup(s.Close)
	c, err := wagraph.New(wagraph.StaticToken(token), wagraph.WithBaseURL(s.URL))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	call := func(c *wagraph.Client) { require.NoError(t, c.Do(t.Context(), read(wagraph.RepeatAuto), nil)) }
	call(c)
	for _, opt := range []wagraph.Option{
		wagraph.WithVersion("v24.0"), wagraph.WithMaxBody(1000), wagraph.WithRetry(wagraph.RetryPolicy{AttemptTimeout: time.Second}),
		wagraph.WithAppSecret(wagraph.NewSecret(appSecret)), wagraph.WithTracer(&recorder{}), wagraph.WithUserAgent("x"), wagraph.WithBaseURL(s.URL + "/path"),
	} {
		other, err := c.With(opt)
		require.NoError(t, err)
		call(other)
		call(other.As(wagraph.StaticToken("another")))
	}
	require.EqualValues(t, 1, conns.Load(), "one connection carries them all")
	require.Equal(t, wagraph.DefaultVersion, c.Version(), "and the first client is what it was")
}

// roundTrip is a round tripper that cannot be compared with another.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWithTakesRoundTrippersThatAreFunctions(t *testing.T) {
	first := roundTrip(reply(200, `{"id":"1"}`))
	second := roundTrip(reply(200, `{"id":"2"}`))
	c, err := wagraph.New(wagraph.StaticToken(token), wagraph.WithHTTPClient(&http.Client{Transport: first}))
	require.NoError(t, err)
	same, err := c.With(wagraph.WithVersion("v24.0"))
	require.NoError(t, err)
	other, err := c.With(wagraph.WithHTTPClient(&http.Client{Transport: second}))
	require.NoError(t, err)
	for want, client := range map[string]*wagraph.Client{"1": same, "2": other} {
		var out struct{ ID wagraph.WABAID }
		require.NoError(t, client.Do(t.Context(), read(wagraph.RepeatAuto), &out))
		require.EqualValues(t, want, out.ID)
	}
}
