package graph_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestClient_With_KeepsConnections(t *testing.T) {
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }))
	s.Config.ConnState = countNew(&conns)
	s.Start()
	t.Cleanup(s.Close)
	c, err := graph.New(graph.StaticToken(token), graph.WithBaseURL(s.URL))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	call := func(c *graph.Client) { require.NoError(t, c.Do(t.Context(), read(graph.RepeatAuto), nil)) }
	call(c)
	for _, opt := range []graph.Option{
		graph.WithVersion("v24.0"), graph.WithMaxBody(1000), graph.WithRetry(graph.RetryPolicy{AttemptTimeout: time.Second}),
		graph.WithAppSecret(graph.NewSecret(appSecret)), graph.WithTracer(&recorder{}), graph.WithUserAgent("x"), graph.WithBaseURL(s.URL + "/path"),
	} {
		other, err := c.With(opt)
		require.NoError(t, err)
		call(other)
		call(other.As(graph.StaticToken("another")))
	}
	require.EqualValues(t, 1, conns.Load(), "one connection carries them all")
	require.Equal(t, graph.DefaultVersion, c.Version(), "and the first client is what it was")
}

func TestClient_With_RoundTripperFunctions(t *testing.T) {
	first := roundTrip(reply(200, `{"name":"first"}`))
	second := roundTrip(reply(200, `{"name":"second"}`))
	c, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: first}))
	require.NoError(t, err)
	same, err := c.With(graph.WithVersion("v24.0"))
	require.NoError(t, err)
	other, err := c.With(graph.WithHTTPClient(&http.Client{Transport: second}))
	require.NoError(t, err)
	for want, client := range map[string]*graph.Client{"first": same, "second": other} {
		var out struct{ Name string }
		require.NoError(t, client.Do(t.Context(), read(graph.RepeatAuto), &out))
		require.Equal(t, want, out.Name)
	}
}
