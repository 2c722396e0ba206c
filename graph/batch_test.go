package graph_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const routeBatch = "POST /"

// A longer batch is sent in as many requests as it needs, 50 ops each, and every
// op gets its own answer.
func TestBatch_SendsFiftyAtATime(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(120, 0))
	accounts, err := all(t.Context(), clientsOf(server, waba.Query{}))
	require.NoError(t, err)
	batch := graph.NewBatch(server.Client())
	var results []*graph.Result[waba.Account]
	for _, a := range accounts {
		results = append(results, graph.Add(batch, waba.GetOp(a.ID)))
	}
	require.Equal(t, 124, batch.Len())
	require.Error(t, results[0].Err, "nothing is known before Send")
	require.NoError(t, batch.Send(t.Context()))
	for i, r := range results {
		require.NoError(t, r.Err)
		require.Equal(t, accounts[i], r.Value)
	}

	var sizes []int
	for _, call := range server.Calls()[2:] {
		switch {
		case call.Method+" "+call.Route == routeBatch:
			require.False(t, call.Batch)
			sizes = append(sizes, 0)
		default:
			require.True(t, call.Batch)
			sizes[len(sizes)-1]++
		}
	}
	require.Equal(t, []int{50, 50, 24}, sizes)
}

// A batch takes ops of any kind: each has its own type, effect and error.
func TestBatch_MixedOps(t *testing.T) {
	server := graphtest.New(t)
	w := server.World()
	id := w.ClientWABAs[0]
	batch := graph.NewBatch(server.Client())
	account := graph.Add(batch, waba.GetOp(id))
	number := graph.Add(batch, phonenumbers.GetOp(w.Certified, "id", "status"))
	subscribed := graph.Add(batch, waba.SubscribeOp(id))
	assigned := graph.Add(batch, waba.AssignOp(id, w.Employee.ID, waba.TaskDevelop, waba.TaskViewCost))
	gone := graph.Add(batch, waba.GetOp("999999999999999"))
	refused := graph.Add(batch, waba.AssignOp(id, w.Employee.ID, "NO_SUCH_TASK"))
	wrongID := graph.Add(batch, waba.GetOp("12x"))
	wrongTask := graph.Add(batch, waba.AssignOp(id, w.Employee.ID))
	require.NoError(t, batch.Send(t.Context()))

	require.NoError(t, account.Err)
	require.Equal(t, id, account.Value.ID)
	require.NoError(t, number.Err)
	require.Equal(t, phonenumbers.Number{ID: w.Certified, Status: phonenumbers.StatusConnected}, number.Value)
	require.NoError(t, subscribed.Err)
	require.Contains(t, server.Subscribers(id), w.App)
	require.NoError(t, assigned.Err)
	require.Equal(t, []string{"DEVELOP", "VIEW_COST"}, server.Assigned(id)[w.Employee.ID])

	e := graphErrorOf(t, gone.Err)
	require.Equal(t, graph.ErrNotFound, e.Kind)
	require.Equal(t, "/999999999999999", e.Path())
	require.Equal(t, 1, e.Attempts)
	require.NotEmpty(t, e.TraceID)
	require.Zero(t, gone.Value)
	e = graphErrorOf(t, refused.Err)
	require.Equal(t, graph.ErrInvalid, e.Kind)
	require.Equal(t, http.MethodPost, e.Method)
	requireInput(t, "waba-id", wrongID.Err)
	requireInput(t, "tasks", wrongTask.Err)
	require.Len(t, server.Calls(), 1+6, "what is wrong is not sent, and keeps nothing else from being sent")
}

// Each invalid op is refused by itself.
func TestBatch_RefusesInvalidOps(t *testing.T) {
	server := graphtest.New(t)
	batch := graph.NewBatch(server.Client())
	bad := map[string]graph.Request{
		"request":         {Method: http.MethodPost, Route: "/{waba-id}", IDs: []string{wabaID}, JSON: map[string]any{"a": 1}},
		"access_token":    {Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{wabaID}, Query: url.Values{"access_token": {"x"}}},
		"appsecret_proof": {Method: http.MethodPost, Route: "/{waba-id}", IDs: []string{wabaID}, Form: url.Values{"appsecret_proof": {"x"}}},
		"method":          {Method: "PATCH", Route: "/{waba-id}", IDs: []string{wabaID}},
		"route":           {Method: http.MethodGet, Route: "/{waba-id}?a=b", IDs: []string{wabaID}},
		"ids":             {Method: http.MethodGet, Route: "/me", IDs: []string{wabaID}},
	}
	results := map[string]*graph.Result[row]{}
	for field, req := range bad {
		results[field] = graph.Add(batch, graph.Op[row]{Request: req})
	}
	require.NoError(t, batch.Send(t.Context()))
	for field, r := range results {
		requireInput(t, field, r.Err)
	}
	require.Empty(t, server.Calls(), "there was nothing left to send")
}

// A batch is sent once. The result of an op added later says that it was not sent.
func TestBatch_IsUsedOnce(t *testing.T) {
	server := graphtest.New(t)
	batch := graph.NewBatch(server.Client())
	require.NoError(t, batch.Send(t.Context()), "an empty one has nothing to do")
	late := graph.Add(batch, waba.GetOp(server.World().ClientWABAs[0]))
	requireInput(t, "batch", batch.Send(t.Context()))
	require.ErrorContains(t, late.Err, "has not been sent")
	require.Empty(t, server.Calls())
}

// Without a token nothing can be sent, and Send says so.
func TestBatch_WithoutToken(t *testing.T) {
	server := graphtest.New(t)
	batch := graph.NewBatch(server.Client().As(graph.SecretToken(graph.Secret{})))
	r := graph.Add(batch, waba.GetOp(server.World().ClientWABAs[0]))
	requireInput(t, "token", batch.Send(t.Context()))
	require.Error(t, r.Err)
	require.Empty(t, server.Calls())
}

// An op has the same value, and the same error, as the call alone.
func TestBatch_OpsEqualSingleCalls(t *testing.T) {
	run := func(t *testing.T, token func(graphtest.World) graph.Secret, setUp func(*graphtest.Server)) {
		t.Helper()
		single, batched := graphtest.New(t), graphtest.New(t)
		for _, server := range []*graphtest.Server{single, batched} {
			if setUp != nil {
				setUp(server)
			}
		}
		w := single.World()
		ops := []graph.Op[waba.Account]{
			waba.GetOp(w.ClientWABAs[0]), waba.GetOp(w.OwnedWABAs[0]), waba.GetOp("100000000000001"),
			waba.GetOp(w.ClientWABAs[1], "no_such_field"), waba.GetOp(graph.WABAID(w.App)),
		}
		client := func(s *graphtest.Server) *graph.Client { return s.ClientFor(graph.SecretToken(token(s.World()))) }
		batch := graph.NewBatch(client(batched))
		var results []*graph.Result[waba.Account]
		for _, op := range ops {
			results = append(results, graph.Add(batch, op))
		}
		require.NoError(t, batch.Send(t.Context()))
		for i, op := range ops {
			value, err := graph.Send(t.Context(), client(single), op)
			require.Equal(t, value, results[i].Value)
			require.Equal(t, err == nil, results[i].Err == nil, "%v, %v", err, results[i].Err)
			if err != nil {
				alone, together := *graphErrorOf(t, err), *graphErrorOf(t, results[i].Err)
				alone.TraceID, together.TraceID = "", ""
				require.Equal(t, alone, together)
			}
		}
	}
	admin := func(w graphtest.World) graph.Secret { return w.Admin.Token }
	t.Run("an admin", func(t *testing.T) { run(t, admin, nil) })
	t.Run("an employee", func(t *testing.T) {
		run(t, func(w graphtest.World) graph.Secret { return w.Employee.Token }, nil)
	})
	t.Run("an expired token", func(t *testing.T) {
		run(t, admin, func(s *graphtest.Server) { require.NoError(t, s.RevokeToken(s.World().Admin.Token, 460)) })
	})
	t.Run("an unshared account", func(t *testing.T) {
		run(t, admin, func(s *graphtest.Server) { require.NoError(t, s.Unshare(s.World().ClientWABAs[0])) })
	})
}

// If the context has ended before, nothing is sent and every op has the reason.
func TestBatch_EndedContext(t *testing.T) {
	server := graphtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	batch := graph.NewBatch(server.Client())
	read := graph.Add(batch, waba.GetOp(server.World().ClientWABAs[0]))
	write := graph.Add(batch, waba.SubscribeOp(server.World().ClientWABAs[1]))
	require.NoError(t, batch.Send(ctx))
	for _, err := range []error{read.Err, write.Err} {
		require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "Nothing was sent")
	}
	require.Equal(t, []string{string(server.World().ClientWABAs[1])}, graphErrorOf(t, write.Err).IDs)
	require.Empty(t, server.Calls())
}
