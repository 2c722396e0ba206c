package credit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// After every fault there is at most one allocation, each account is attached
// once, and a call that Meta may have processed is not sent again.
func TestClient_ShareThroughFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		posts int
		want  credit.Action
	}{
		"the answer is lost":       {postShare, graphtest.Fault{LoseReply: true}, 1, credit.ActionRecovered},
		"the answer is cut off":    {postShare, graphtest.Fault{CutBody: 9}, 1, credit.ActionRecovered},
		"a gateway's 502":          {postShare, graphtest.Fault{After: true, Status: 502, Body: []byte("<html>")}, 1, credit.ActionRecovered},
		"Meta's code 1":            {postShare, graphtest.Fault{After: true, Code: 1}, 1, credit.ActionRecovered},
		"Meta's code 2":            {postShare, graphtest.Fault{After: true, Code: 2, Transient: true}, 1, credit.ActionRecovered},
		"no JSON":                  {postShare, graphtest.Fault{After: true, Body: []byte("OK")}, 1, credit.ActionRecovered},
		"nothing":                  {postShare, graphtest.Fault{After: true, Body: []byte(" ")}, 1, credit.ActionRecovered},
		"a throttle":               {postShare, graphtest.Fault{Code: 80008}, 2, credit.ActionShared},
		"a read that is lost":      {getAllocations, graphtest.Fault{LoseReply: true}, 1, credit.ActionShared},
		"a read that is cut off":   {getAccount, graphtest.Fault{CutBody: 4}, 1, credit.ActionShared},
		"a read that is refused":   {getAccount, graphtest.Fault{Code: 2}, 1, credit.ActionShared},
		"a read that is HTML":      {getAllocations, graphtest.Fault{Status: 503, Body: []byte("<html>")}, 1, credit.ActionShared},
		"a read that is throttled": {getAllocations, graphtest.Fault{Code: 4}, 1, credit.ActionShared},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := sdktest.Start(t, credit.New)
				server.Once(tt.route, tt.fault)
				share, err := lines.Share(t.Context(), harbour(w))
				require.NoError(t, err)
				require.Equal(t, tt.want, share.Action)
				require.Equal(t, tt.posts, posts(server))
				require.Len(t, live(server, w.WithoutCredit), 1)
				require.Equal(t, []graph.WABAID{w.ClientWABAs[1]}, live(server, w.WithoutCredit)[0].WABAs)
			})
		})
	}
}

// A call that was cut off and took no effect has an unknown outcome. It is not sent
// a second time. The next share reads that nothing happened, and shares.
func TestClient_ShareThatDidNotHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		server.Once(postShare, graphtest.Fault{ResetBefore: true})
		start := time.Now()
		_, err := lines.Share(t.Context(), harbour(w))
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(err))
		require.Equal(t, 7*time.Second, time.Since(start), "it read several times")
		require.Equal(t, 1, posts(server))
		require.Empty(t, live(server, w.WithoutCredit))

		share, err := lines.Share(t.Context(), harbour(w))
		require.NoError(t, err)
		require.Equal(t, credit.ActionShared, share.Action)
		require.Len(t, live(server, w.WithoutCredit), 1)
	})
}

// The end of the context is an error at every point.
func TestClient_ShareWhenTheContextEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		kind  graph.Kind
	}{
		"while looking":    {getAccount, graphtest.Fault{Delay: time.Minute}, graph.ErrInterrupted},
		"while sharing":    {postShare, graphtest.Fault{Delay: time.Minute, After: true}, graph.ErrOutcomeUnknown},
		"while confirming": {postShare, graphtest.Fault{LoseReply: true, Delay: 4 * time.Second, After: true}, graph.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := sdktest.Start(t, credit.New)
				server.Once(tt.route, tt.fault)
				if name == "while confirming" {
					server.Control(getAllocations, func(graphtest.Call) *graphtest.Fault {
						if posts(server) == 0 {
							return nil
						}
						return &graphtest.Fault{Body: []byte(`{"data":[]}`)}
					})
				}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				_, err := lines.Share(ctx, harbour(w))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.ErrorIs(t, err, tt.kind)
				require.LessOrEqual(t, posts(server), 1)
			})
		})
	}
}

// If reading does not confirm the share, the error has what Meta said to the post: its
// refusal, or the answer with which it accepted the share.
func TestClient_ShareKeepsMetasAnswer(t *testing.T) {
	lost := graphtest.Fault{ResetBefore: true}
	readBack := graphtest.Fault{Status: 500, Body: []byte(`{"error":{"code":100,"message":"read failed","fbtrace_id":"Aread"},"original_response":{"id":"1"}}`)}
	shared := graphtest.Fault{Code: 4000, Message: "(#4000) exists"}
	accepted := graphtest.Fault{Body: []byte(`{"allocation_config_id":"58501441721238"}`)}
	for name, tt := range map[string]struct {
		post, attach graphtest.Fault
		client       bool
		kind         graph.Kind
		says         []string
	}{
		"lost":                           {post: lost, kind: graph.ErrOutcomeUnknown, says: []string{"outcome unknown"}},
		"not read back":                  {post: readBack, kind: graph.ErrReadAfterWrite, says: []string{"code 100", "read failed", "Aread"}},
		"shared before":                  {post: shared, kind: graph.ErrInvalid, says: []string{"code 4000", "(#4000) exists"}},
		"accepted":                       {post: accepted, kind: graph.ErrReadAfterWrite, says: []string{"Meta accepted the share"}},
		"shared before, attached":        {post: shared, attach: graphtest.Fault{Body: []byte(`{"success":true}`)}, client: true, kind: graph.ErrReadAfterWrite, says: []string{"code 4000", "(#4000) exists"}},
		"shared before, attach is lost":  {post: shared, attach: lost, client: true, kind: graph.ErrOutcomeUnknown, says: []string{"outcome unknown", "code 4000"}},
		"shared before, attach is wrong": {post: shared, attach: graphtest.Fault{Code: 200, Message: "no role"}, client: true, kind: graph.ErrPermission, says: []string{"no role", "code 4000"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := sdktest.Start(t, credit.New)
				server.Times(postShare, 5, tt.post)
				server.Times("POST /{extended-credit-id}/whatsapp_credit_attach", 5, tt.attach)
				request := harbour(w)
				if tt.client {
					request.ClientToken = graph.SecretToken(sdktest.BusinessToken(t, server, w.WithoutCredit))
				}
				share, err := lines.Share(t.Context(), request)
				require.ErrorIs(t, err, credit.ErrNotAttached)
				require.Equal(t, tt.kind, graph.KindOf(err), "%v", err)
				sdktest.RequireOneKind(t, err)
				for _, text := range append(tt.says, "the line is not attached to the WABA") {
					require.ErrorContains(t, err, text)
				}
				e, ok := errors.AsType[*graph.Error](err)
				require.True(t, ok)
				require.Contains(t, e.Route, "whatsapp_credit_")
				if name != "lost" && !tt.client {
					require.NotEmpty(t, e.TraceID)
				}
				if name == "accepted" {
					require.JSONEq(t, `{"allocation_config_id":"58501441721238"}`, string(e.OriginalResponse))
					require.EqualValues(t, "58501441721238", share.Allocation.ID)
				}
				require.Equal(t, strings.Contains(name, "shared before"), errors.Is(err, graph.Code(4000)))
				require.False(t, share.Attached)

				// The same if the confirmation fails, or the context ends before it.
				ctx, cancel := context.WithCancel(t.Context())
				server.Control(getAllocations, func(graphtest.Call) *graphtest.Fault {
					if posts(server) > 1 {
						cancel()
					}
					return nil
				})
				_, err = lines.Share(ctx, request)
				sdktest.RequireOneKind(t, err)
				for _, text := range tt.says {
					require.ErrorContains(t, err, text)
				}
				require.ErrorIs(t, err, context.Canceled)
			})
		})
	}
}

// A revocation that was cut off, and whose confirmation was interrupted, has one kind.
func TestClient_RevokeHasOneKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		ctx, cancel := context.WithCancel(t.Context())
		server.Control(deleteAllocation, func(graphtest.Call) *graphtest.Fault {
			cancel()
			return &graphtest.Fault{Delay: time.Second}
		})
		err := lines.Revoke(ctx, everything(w.Allocation))
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(err))
		sdktest.RequireOneKind(t, err)
		require.ErrorIs(t, err, context.Canceled)
	})
}
