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

func TestClient_With_KeepsConnections(t *testing.T) {
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

func TestClient_With_RoundTripperFunctions(t *testing.T) {
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
