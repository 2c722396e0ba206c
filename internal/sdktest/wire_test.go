package sdktest_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

var post = graph.Request{Method: http.MethodPost, Route: "/{waba-id}/subscribed_apps", IDs: []string{"1"}, Form: url.Values{"a": {"b"}}, Repeat: graph.RepeatAlways}

var once = graph.RetryPolicy{MaxAttempts: -1}

func TestWire_KeepsRequestsAndRepeatsTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := sdktest.NewWire(sdktest.Fails(sdktest.ErrReset), sdktest.GraphError(400, `"code":80008`, sdktest.Regain(0)), sdktest.Reply(200, `{"success":true}`))
		client := wire.Client(t)
		require.NoError(t, client.Do(t.Context(), post, nil))
		require.NoError(t, client.Do(t.Context(), post, nil))
		sent := wire.Sent()
		require.Len(t, sent, 4)
		require.Equal(t, "/v25.0/1/subscribed_apps", sent[0].URL.Path)
		require.Equal(t, http.MethodPost, sent[3].Method)
		require.Equal(t, "a=b", sent[3].Body)
		require.Equal(t, "Bearer "+sdktest.Token, sent[3].Header.Get("Authorization"))
		require.True(t, sent[1].At.After(sent[0].At), "it waited before it sent the call again")
		require.Zero(t, wire.OpenBodies())

		wire.SetScript(sdktest.GraphError(400, `"code":100`), sdktest.Reply(200, `{"success":true}`))
		require.ErrorIs(t, client.Do(t.Context(), post, nil), graph.ErrInvalid)
		require.NoError(t, client.Do(t.Context(), post, nil))
		require.Len(t, wire.Sent(), 6)
	})
}

func TestAnswers_EachIsTheErrorThatItStandsFor(t *testing.T) {
	for name, tt := range map[string]struct {
		answer sdktest.Answer
		want   graph.Kind
	}{
		"a reset":        {sdktest.Fails(sdktest.ErrReset), graph.ErrTransient},
		"a refused dial": {sdktest.Fails(sdktest.ErrDial), graph.ErrTransient},
		"a Graph error":  {sdktest.GraphError(400, `"code":100`), graph.ErrInvalid},
		"a throttle":     {sdktest.GraphError(400, `"code":80008`, sdktest.Regain(5)), graph.ErrThrottled},
		"a redirect":     {sdktest.Redirect(302, "https://evil.example/"), graph.ErrBadResponse},
		"half a body":    {sdktest.WithBody(sdktest.Reply(200, `{"success":true}`), sdktest.CutBody), graph.ErrTransient},
		"a stalled body": {sdktest.WithBody(sdktest.Reply(200, `{"success":true}`), sdktest.StalledBody), graph.ErrInterrupted},
		"no answer":      {sdktest.Hang, graph.ErrInterrupted},
		"a late answer":  {sdktest.Delayed(time.Hour, sdktest.Reply(200, `{}`)), graph.ErrInterrupted},
		"in time":        {sdktest.Delayed(time.Second, sdktest.WithHeaders(sdktest.Reply(200, `{}`), http.Header{"Date": {"yesterday"}})), ""},
		"another body": {sdktest.WithBody(sdktest.Reply(200, `<html>`), func(*http.Request, []byte) io.Reader {
			return sdktest.FailingReader(io.EOF)
		}), graph.ErrBadResponse},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				client := sdktest.NewWire(tt.answer).Client(t, graph.WithRetry(once))
				err := client.Do(ctx, graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"1"}}, new(struct{}))
				require.Equal(t, tt.want, graph.KindOf(err), err)
			})
		})
	}
}

func TestAfterCall_TheCallTakesEffect(t *testing.T) {
	server := graphtest.New(t)
	id := server.World().ClientWABAs[0]
	request := post
	request.IDs, request.Form = []string{string(id)}, nil
	client := func(answer sdktest.Answer) *graph.Client {
		made, err := graph.New(graph.SecretToken(server.World().Admin.Token),
			graph.WithHTTPClient(&http.Client{Transport: sdktest.NewWire(answer)}), graph.WithRetry(once))
		require.NoError(t, err)
		return made
	}
	err := client(sdktest.AfterCall(server.RoundTripper(), sdktest.Fails(sdktest.ErrReset))).Do(t.Context(), request, nil)
	require.Error(t, err)
	require.Len(t, server.Subscribers(id), 1)
	require.NoError(t, client(sdktest.Through(server.RoundTripper())).Do(t.Context(), request, nil))
	require.ErrorContains(t, client(sdktest.AfterCall(&http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
		return nil, io.ErrNoProgress
	}}, sdktest.Hang)).Do(t.Context(), request, nil), io.ErrNoProgress.Error())
}
