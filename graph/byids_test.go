package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const routeByIDs = "GET /"

func getOps(ids ...graph.WABAID) []graph.Op[waba.Account] {
	var ops []graph.Op[waba.Account]
	for _, id := range ids {
		ops = append(ops, waba.GetOp(id))
	}
	return ops
}

// Fifty objects a request, and the results in the order of the ops.
func TestSendByIDs_ReadsFiftyAtATime(t *testing.T) {
	for _, opts := range [][]graphtest.Option{nil, {graphtest.WithNumericIDs()}} {
		server := graphtest.New(t, append(opts, graphtest.WithClients(120, 0))...)
		accounts, err := all(t.Context(), clientsOf(server, waba.Query{}))
		require.NoError(t, err)
		slices.Reverse(accounts)
		before := len(server.Calls())
		results := graph.SendByIDs(t.Context(), server.Client(), getOps(ids(accounts)...))
		require.Len(t, results, 124)
		for i, r := range results {
			require.NoError(t, r.Err)
			require.Equal(t, accounts[i], r.Value)
		}
		made := server.Calls()[before:]
		require.Len(t, made, 3)
		for i, want := range []int{50, 50, 24} {
			require.Equal(t, "/v25.0/", made[i].Path)
			require.Len(t, strings.Split(made[i].Query.Get("ids"), ","), want)
			require.Equal(t, waba.DefaultFields().String(), made[i].Query.Get("fields"))
		}
	}
	require.Empty(t, graph.SendByIDs(t.Context(), graphtest.New(t).Client(), getOps()))
}

// An id that is asked for twice is read once; both results have it.
func TestSendByIDs_Duplicates(t *testing.T) {
	server := graphtest.New(t)
	w := server.World()
	a, b := w.ClientWABAs[0], w.ClientWABAs[1]
	results := graph.SendByIDs(t.Context(), server.Client(), getOps(a, b, a, a))
	for i, id := range []graph.WABAID{a, b, a, a} {
		require.NoError(t, results[i].Err)
		require.Equal(t, id, results[i].Value.ID)
	}
	require.Len(t, server.Calls(), 1)
	require.Equal(t, string(a)+","+string(b), server.Calls()[0].Query.Get("ids"))

	results = graph.SendByIDs(t.Context(), server.Client(), getOps(a, "999999999999999", a, "999999999999999"))
	require.NoError(t, results[0].Err)
	require.Equal(t, results[0], results[2])
	require.ErrorIs(t, results[3].Err, graph.ErrNotFound)
	require.Len(t, server.Calls(), 1+1+1+2, "each id once more, in a batch")
}

// One id that is gone, hidden, of another type or too large makes Meta refuse
// all. The others are read nevertheless.
func TestSendByIDs_OneBadID(t *testing.T) {
	for name, tt := range map[string]struct {
		bad   func(*graphtest.Server) graph.WABAID
		fault *graphtest.Fault
		want  graph.Kind
	}{
		"gone": {func(s *graphtest.Server) graph.WABAID { return "999999999999999" }, nil, graph.ErrNotFound},
		"hidden": {func(s *graphtest.Server) graph.WABAID {
			id := s.World().ClientWABAs[2]
			require.NoError(t, s.Unshare(id))
			return id
		}, nil, graph.ErrNotFound},
		"of another type":  {func(s *graphtest.Server) graph.WABAID { return graph.WABAID(s.World().Business) }, nil, graph.ErrInvalid},
		"refused as well":  {func(s *graphtest.Server) graph.WABAID { return "999999999999999" }, &graphtest.Fault{Code: 200}, graph.ErrNotFound},
		"too large":        {func(s *graphtest.Server) graph.WABAID { return "999999999999999" }, &graphtest.Fault{Code: 1, Message: "Please reduce the amount of data"}, graph.ErrNotFound},
		"of another shape": {func(s *graphtest.Server) graph.WABAID { return "999999999999999" }, &graphtest.Fault{Body: []byte(`{"999999999999999":{"id":[]}}`)}, graph.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			server := graphtest.New(t)
			bad := tt.bad(server)
			if tt.fault != nil {
				server.Once(routeByIDs, *tt.fault)
			}
			good := server.World().ClientWABAs
			results := graph.SendByIDs(t.Context(), server.Client(), getOps(good[0], bad, good[1]))
			for i, id := range []graph.WABAID{good[0], "", good[1]} {
				if id != "" {
					require.NoError(t, results[i].Err)
					require.Equal(t, id, results[i].Value.ID)
				}
			}
			e := graphErrorOf(t, results[1].Err)
			require.Equal(t, tt.want, e.Kind)
			require.Equal(t, "/"+string(bad), e.Path())
			require.Zero(t, results[1].Value)
			require.Equal(t, 1, batches(server))
		})
	}
}

// A failure of all ids is not repeated one by one. Each result has it, with its own
// id.
func TestSendByIDs_FailsForAll(t *testing.T) {
	for name, tt := range map[string]struct {
		fault graphtest.Fault
		want  graph.Kind
	}{
		"an expired token": {graphtest.Fault{Code: 190, Subcode: 460}, graph.ErrAuth},
		"a throttle":       {graphtest.Fault{Code: 4}, graph.ErrThrottled},
		"Meta is down":     {graphtest.Fault{Code: 2}, graph.ErrTransient},
		"a lost line":      {graphtest.Fault{ResetBefore: true}, graph.ErrTransient},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				good := server.World().ClientWABAs
				server.Times(routeByIDs, 9, tt.fault)
				results := graph.SendByIDs(t.Context(), server.Client(), getOps(good[0], good[1]))
				for i, r := range results {
					e := graphErrorOf(t, r.Err)
					require.Equal(t, tt.want, e.Kind)
					require.Equal(t, "/{waba-id}", e.Route)
					require.Equal(t, []string{string(good[i])}, e.IDs)
				}
				require.Zero(t, batches(server))
			})
		})
	}
}

// A single id is not read again as a batch, and an answer that leaves an id out is
// an error, not an empty account.
func TestSendByIDs_Answers(t *testing.T) {
	server := graphtest.New(t)
	results := graph.SendByIDs(t.Context(), server.Client(), getOps("999999999999999"))
	require.ErrorIs(t, results[0].Err, graph.ErrNotFound)
	require.Len(t, server.Calls(), 1)

	for name, body := range map[string]string{"left out": `{"1":{"id":"1"}}`, "null": `{"1":{"id":"1"},"2":null}`} {
		w := newWire(reply(http.StatusOK, body))
		results := graph.SendByIDs(t.Context(), newClient(t, w), getOps("1", "2"))
		require.NoError(t, results[0].Err, name)
		e := graphErrorOf(t, results[1].Err)
		require.Equal(t, graph.ErrNotFound, e.Kind)
		require.Equal(t, "/2", e.Path())
		require.ErrorContains(t, e, "leaves this id out")
	}
}

// An edge can be read by ids as well.
func TestSendByIDs_OfAnEdge(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(3, 4))
	want := truth(t, server)
	var accounts []graph.WABAID
	var ops []graph.Op[graph.Edge[phonenumbers.Number]]
	for id := range want {
		accounts = append(accounts, id)
		ops = append(ops, graph.Op[graph.Edge[phonenumbers.Number]]{Request: graph.Request{
			Method: http.MethodGet, Route: "/{waba-id}/phone_numbers", IDs: []string{string(id)},
			Query: url.Values{"fields": {phonenumbers.DefaultFields().String()}, "limit": {"3"}},
		}})
	}
	before := len(server.Calls())
	for i, r := range graph.SendByIDs(t.Context(), server.Client(), ops) {
		require.NoError(t, r.Err)
		numbers := want[accounts[i]]
		require.Equal(t, numbers[:min(3, len(numbers))], r.Value.Data)
		require.Equal(t, len(numbers) > 3, r.Value.More())
	}
	require.Len(t, server.Calls(), before+1)
	require.Equal(t, "/v25.0/phone_numbers", server.Calls()[before].Path)

	ops[1].Request.IDs[0] = "999999999999999"
	results := graph.SendByIDs(t.Context(), server.Client(), ops)
	require.ErrorIs(t, results[1].Err, graph.ErrNotFound)
	require.NoError(t, results[0].Err)
	require.Len(t, results[0].Value.Data, min(3, len(want[accounts[0]])))
}

// Ops that are not alike are refused. Those that are like the first valid one are
// read.
func TestSendByIDs_RefusesUnlikeOps(t *testing.T) {
	server := graphtest.New(t)
	good := server.World().ClientWABAs
	broken := graph.NewOp[waba.Account](waba.GetOp(good[0]).Request, &graph.InputError{Field: "mine", Reason: "is wrong"})
	write := waba.GetOp(good[0])
	write.Request.Method = http.MethodPost
	query := func(name, value string) graph.Op[waba.Account] {
		op := waba.GetOp(good[0])
		op.Request.Query = url.Values{name: {value}}
		return op
	}
	at := func(route string, ids ...string) graph.Op[waba.Account] {
		op := waba.GetOp("")
		op.Request.Route, op.Request.IDs = route, ids
		return op
	}
	unreadable := waba.GetOp(good[0])
	unreadable.Request.Query = 7
	once := waba.GetOp(good[0])
	once.Request.Repeat = graph.RepeatOnce
	tests := []struct {
		op    graph.Op[waba.Account]
		field string
	}{
		{broken, "mine"},
		{write, "ops"},
		{waba.GetOp("not-an-id"), "waba-id"},
		{waba.GetOp(""), "waba-id"},
		{at("/me"), "ops"},
		{at("/a/{waba-id}", wabaID), "ops"},
		{at("/{waba-id}/{other-id}", wabaID, wabaID), "ops"},
		{waba.GetOp(good[0]), ""},
		{waba.GetOp(good[1], "id"), "ops"},
		{query("access_token", "x"), "access_token"},
		{query("fields", "id,name"), "ops"},
		{unreadable, "query"},
		{at("/{waba-id}/phone_numbers", wabaID), "ops"},
		{once, "ops"},
		{waba.GetOp(good[1]), ""},
	}
	var ops []graph.Op[waba.Account]
	for _, tt := range tests {
		ops = append(ops, tt.op)
	}
	results := graph.SendByIDs(t.Context(), server.Client(), ops)
	for i, tt := range tests {
		if tt.field == "" {
			require.NoError(t, results[i].Err)
			require.NotZero(t, results[i].Value)
			continue
		}
		requireInput(t, tt.field, results[i].Err)
	}
	require.Len(t, server.Calls(), 1)
	require.Equal(t, fmt.Sprintf("%s,%s", good[0], good[1]), server.Calls()[0].Query.Get("ids"))
}

// Each id counts as a call for Meta, so the pacer is asked for each and may hold back
// a single one.
func TestSendByIDs_IsPacedByID(t *testing.T) {
	server := graphtest.New(t)
	good := server.World().ClientWABAs
	w := &watcher{keepBack: []string{string(good[1])}}
	client := server.Client(graph.WithPacer(w), graph.WithTracer(w))
	results := graph.SendByIDs(t.Context(), client, getOps(good[0], good[1], good[2], good[0], good[1]))
	require.NoError(t, results[0].Err)
	require.NoError(t, results[2].Err)
	require.NoError(t, results[3].Err)
	for _, i := range []int{1, 4} {
		require.ErrorIs(t, results[i].Err, errKeptBack)
		require.Equal(t, graph.ErrTransient, graph.KindOf(results[i].Err))
		require.Equal(t, []string{string(good[1])}, graphErrorOf(t, results[i].Err).IDs)
	}
	require.Len(t, w.asked, 3)
	require.Equal(t, string(good[0])+","+string(good[2]), server.Calls()[0].Query.Get("ids"))
	w.balanced(t)

	// Read again in a batch, they count again.
	w.keepBack, w.asked = nil, nil
	results = graph.SendByIDs(t.Context(), client, getOps(good[0], "999999999999999"))
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, graph.ErrNotFound)
	require.Len(t, w.asked, 4)
	w.balanced(t)
}

// A failure that may pass is repeated, and the end of the context is an error of
// every op.
func TestSendByIDs_ThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		good := server.World().ClientWABAs
		for _, fault := range []graphtest.Fault{{LoseReply: true}, {CutBody: 30}, {Code: 4}, {Code: 2}} {
			server.Times(routeByIDs, 2, fault)
			for i, r := range graph.SendByIDs(t.Context(), server.Client(), getOps(good...)) {
				require.NoError(t, r.Err)
				require.Equal(t, good[i], r.Value.ID)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		before := len(server.Calls())
		for i, r := range graph.SendByIDs(ctx, server.Client(), getOps(good...)) {
			require.ErrorIs(t, r.Err, context.Canceled)
			require.Equal(t, []string{string(good[i])}, graphErrorOf(t, r.Err).IDs)
		}
		require.Len(t, server.Calls(), before)
	})
}
