package graph_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// These tests hold that a nil or zero value works or answers with an InputError
// that says what makes the value: it never panics.

// noContext is a nil context that linters and vet do not see.
func noContext() context.Context {
	var ctx context.Context
	return ctx
}

func requireSays(t *testing.T, err error, text string) {
	t.Helper()
	var input *graph.InputError
	require.ErrorAs(t, err, &input)
	require.ErrorContains(t, err, text)
	require.Equal(t, graph.ErrInput, graph.KindOf(err))
}

func firstError[T any](ctx context.Context, list *graph.List[T]) error {
	for _, err := range list.All(ctx) {
		return err
	}
	return nil
}

func TestClient_NilAndZero(t *testing.T) {
	get := graph.Request{Method: http.MethodGet, Route: "/me"}
	for name, client := range map[string]*graph.Client{"nil": nil, "zero": new(graph.Client)} {
		t.Run(name, func(t *testing.T) {
			const made = "client is nil or empty: graph.New makes one"
			requireSays(t, client.Do(t.Context(), get, nil), made)
			requireSays(t, client.As(graph.StaticToken("x")).Do(t.Context(), get, nil), made)
			_, err := client.With(graph.WithVersion("v24.0"))
			requireSays(t, err, made)
			require.Empty(t, client.Version())
			client.CloseIdleConnections()

			_, err = graph.Send(t.Context(), client, graph.NewOp[struct{}](get))
			requireSays(t, err, made)
			_, err = waba.New(client).Get(t.Context(), wabaID)
			requireSays(t, err, "graph.New")
			requireSays(t, firstError(t.Context(), waba.New(client).Owned("1", waba.Query{})), "graph.New")
			results := graph.SendByIDs(t.Context(), client, []graph.Op[waba.Account]{waba.GetOp(wabaID)})
			requireSays(t, results[0].Err, made)
			batch := graph.NewBatch(client)
			result := graph.Add(batch, waba.GetOp(wabaID))
			requireSays(t, batch.Send(t.Context()), made)
			requireSays(t, result.Err, made)
		})
	}
}

func TestClient_NilContext(t *testing.T) {
	server := graphtest.New(t)
	client := server.Client()
	const isNil = "context is nil"
	requireSays(t, client.Do(noContext(), read(graph.RepeatAuto), nil), isNil)
	_, err := graph.Send(noContext(), client, waba.GetOp(wabaID))
	requireSays(t, err, isNil)
	requireSays(t, firstError(noContext(), waba.New(client).Owned("1", waba.Query{})), isNil)
	requireSays(t, firstError(noContext(), waba.New(client).Owned("1", waba.Query{Prefetch: true})), isNil)
	results := graph.SendByIDs(noContext(), client, []graph.Op[waba.Account]{waba.GetOp(wabaID)})
	requireSays(t, results[0].Err, isNil)
	batch := graph.NewBatch(client)
	result := graph.Add(batch, waba.GetOp(wabaID))
	requireSays(t, batch.Send(noContext()), isNil)
	requireSays(t, result.Err, isNil)
	require.Empty(t, server.Calls())
}

func TestClient_NilOptionsAndSources(t *testing.T) {
	_, err := graph.New(nil)
	requireSays(t, err, "token source is nil")
	_, err = graph.New(graph.StaticToken(token), nil)
	requireSays(t, err, "option is nil")
	client := newClient(t, newWire(reply(http.StatusOK, "{}")), graph.WithTracer(nil), graph.WithPacer(nil))
	require.NoError(t, client.Do(t.Context(), read(graph.RepeatAuto), nil), "no tracer and no pacer")
	for says, source := range map[string]graph.TokenSource{
		"token source is nil; Anonymous": nil, "token source is nil: FromOAuth2": graph.FromOAuth2(nil),
		"token is empty": graph.SecretToken(graph.Secret{}),
	} {
		requireSays(t, client.As(source).Do(t.Context(), read(graph.RepeatAuto), nil), says)
	}
	graph.Slog(nil).TraceEnd(t.Context(), graph.TraceEnd{})
}

func TestClient_Do_RefusesOutThatIsNotAPointer(t *testing.T) {
	w := newWire(reply(http.StatusOK, "{}"))
	client := newClient(t, w)
	var account *waba.Account
	for _, out := range []any{account, waba.Account{}, map[string]any{}, 7} {
		requireSays(t, client.Do(t.Context(), write(graph.RepeatAuto), out), "out must be a pointer that is not nil")
	}
	require.Zero(t, w.count())
	require.NoError(t, client.Do(t.Context(), write(graph.RepeatAuto), nil))
}

func TestRequest_Zero(t *testing.T) {
	client := newClient(t, newWire(reply(http.StatusOK, "{}")))
	requireSays(t, client.Do(t.Context(), graph.Request{}, nil), "method must be GET, POST or DELETE")
}

func TestOp_Zero(t *testing.T) {
	client := newClient(t, newWire(reply(http.StatusOK, "{}")))
	const made = "op is empty: NewOp makes one"
	_, err := graph.Send(t.Context(), client, graph.Op[waba.Account]{})
	requireSays(t, err, made)
	batch := graph.NewBatch(client)
	requireSays(t, graph.Add(batch, graph.Op[waba.Account]{}).Err, made)
	require.NoError(t, batch.Send(t.Context()))
	requireSays(t, graph.SendByIDs(t.Context(), client, make([]graph.Op[waba.Account], 1))[0].Err, made)
	require.Empty(t, graph.SendByIDs[waba.Account](t.Context(), client, nil))
}

func TestNewOp_FirstCheckCounts(t *testing.T) {
	client := newClient(t, newWire(reply(http.StatusOK, "{}")))
	first, second := &graph.InputError{Field: "first"}, &graph.InputError{Field: "second"}
	_, err := graph.Send(t.Context(), client, graph.NewOp[struct{}](read(graph.RepeatAuto), nil, first, second))
	require.Same(t, first, err)
}

func TestBatch_NilAndZero(t *testing.T) {
	var none *graph.Batch
	require.Zero(t, none.Len())
	requireSays(t, none.Send(t.Context()), "batch is nil: NewBatch makes one")
	requireSays(t, graph.Add(none, waba.GetOp(wabaID)).Err, "batch is nil: NewBatch makes one")

	zero := new(graph.Batch)
	requireSays(t, zero.Send(t.Context()), "client is nil or empty")
	requireSays(t, zero.Send(t.Context()), "was sent before")
	zero = new(graph.Batch)
	result := graph.Add(zero, waba.GetOp(wabaID))
	require.Equal(t, 1, zero.Len())
	requireSays(t, result.Err, "has not been sent")
	requireSays(t, zero.Send(t.Context()), "client is nil or empty")
	requireSays(t, result.Err, "client is nil or empty")
}

func TestList_NilAndZero(t *testing.T) {
	var none *graph.List[waba.Account]
	requireSays(t, firstError(t.Context(), none), "list is nil: NewList makes one")
	requireSays(t, firstError(t.Context(), new(graph.List[waba.Account])), "list is empty: NewList makes one")
	requireSays(t, firstError(t.Context(), graph.ListAs[struct{}](none)), "list is empty: NewList makes one")
	for _, err := range none.Pages(t.Context(), "") {
		requireSays(t, err, "list is nil: NewList makes one")
	}
	_, err := graph.Collect[waba.Account](nil, 0)
	requireSays(t, err, "sequence is nil")
}

func TestEdge_Zero(t *testing.T) {
	var edge graph.Edge[waba.Account]
	require.False(t, edge.More())
	text, err := edge.MarshalJSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"data":[]}`, string(text))
}

func TestError_Nil(t *testing.T) {
	var failed *graph.Error
	require.Equal(t, "wagraph: no error", failed.Error())
	require.Empty(t, failed.Path())
	require.Empty(t, failed.Unwrap())
	require.False(t, failed.Is(graph.Code(1)))
	require.Equal(t, "<nil>", failed.LogValue().String())
	var input *graph.InputError
	require.Equal(t, "wagraph: no error", input.Error())
	require.Equal(t, graph.ErrInput, input.Unwrap())
	require.Empty(t, graph.KindOf(nil))
	require.Empty(t, graph.KindOf(errors.New("of other code")))
}
