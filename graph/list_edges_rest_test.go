package graph_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// crowded lists accounts of which 20 of 24 have more numbers than fit into the
// answer.
func crowded(server *graphtest.Server) *graph.List[accountWithNumbers] {
	return graph.ListAs[accountWithNumbers](waba.New(server.Client()).Clients(server.World().Business, waba.Query{}))
}

// The rests of eight edges are read at once: never more, and fewer only at the end.
func TestEdge_EightRestsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithClients(20, 3))
		server.Control(routeNumbers, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
		start := time.Now()
		got, err := all(t.Context(), crowded(server))
		require.NoError(t, err)
		require.Len(t, got, 24)
		require.Equal(t, 3*time.Second, time.Since(start), "20 by 8")
		at := map[time.Duration]int{}
		for _, call := range callsOf(server, routeNumbers) {
			at[call.Time.Sub(start)]++
		}
		require.Equal(t, map[time.Duration]int{0: 8, time.Second: 8, 2 * time.Second: 4}, at)
	})
}

// Three levels deep the limit is still eight.
func TestEdge_EightNestedRestsAtOnce(t *testing.T) {
	type account struct {
		row
		Numbers graph.Edge[modelNumber] `json:"phone_numbers" graph:"limit(1){}"`
	}
	type business struct {
		ID      graph.BusinessID    `json:"id"`
		Clients graph.Edge[account] `json:"client_whatsapp_business_accounts" graph:"limit(20){}"`
	}
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithClients(40, 2))
		var mu sync.Mutex
		open, most := 0, 0
		count := roundTrips(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			open++
			most = max(most, open)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			open--
			mu.Unlock()
			return server.RoundTripper().RoundTrip(req)
		})
		client := server.Client(graph.WithHTTPClient(&http.Client{Transport: count}))
		got, err := all(t.Context(), graph.NewList[business](client, graph.Request{Route: "/me/businesses"},
			graph.ListOptions{Fields: graph.FieldsOf[business]()}))
		require.NoError(t, err)
		require.Len(t, got[0].Clients.Data, 44)
		for _, a := range got[0].Clients.Data {
			require.False(t, a.Numbers.More())
		}
		require.Equal(t, 8, most)
	})
}

type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A page is whole, or it is an error: after the first failure no further edge is
// read.
func TestEdge_RestCannotBeRead(t *testing.T) {
	for _, prefetch := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server := graphtest.New(t, graphtest.WithClients(20, 3))
			var reads atomic.Int64
			server.Control(routeNumbers, func(graphtest.Call) *graphtest.Fault {
				if reads.Add(1) == 3 {
					return &graphtest.Fault{Code: 190, Subcode: 463, Message: "Error validating access token"}
				}
				return &graphtest.Fault{Delay: time.Second} // still under way when the third one fails
			})
			list := graph.ListAs[accountWithNumbers](waba.New(server.Client()).Clients(server.World().Business, waba.Query{Prefetch: prefetch}))
			got, err := all(t.Context(), list)
			require.Empty(t, got)
			e := graphErrorOf(t, err)
			require.Equal(t, graph.ErrAuth, e.Kind)
			require.Equal(t, "/{object-id}/phone_numbers", e.Route)
			require.True(t, strings.HasPrefix(e.Path(), "/3100"), e.Path())
			require.LessOrEqual(t, reads.Load(), int64(8), "no read begins after the failure")
		})
	}
}

// If the context ends while rests are read, the result is an error and not a shorter
// list.
func TestEdge_ContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{500 * time.Millisecond, time.Second, 1500 * time.Millisecond} {
			server := graphtest.New(t, graphtest.WithClients(20, 3))
			server.Control(routeNumbers, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
			ctx, cancel := context.WithTimeout(t.Context(), after)
			got, err := all(ctx, crowded(server))
			cancel()
			require.Empty(t, got)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
		}
	})
}

// Failures that may pass are repeated for rests like for any read.
func TestEdge_RestThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithClients(10, 5))
		want := truth(t, server)
		for _, fault := range []graphtest.Fault{{LoseReply: true}, {CutBody: 40}, {Code: 2, Transient: true}, {Code: 80008}, {Status: 502, Body: []byte("<html>")}} {
			server.Times(routeNumbers, 3, fault)
			got, err := all(t.Context(), crowded(server))
			require.NoError(t, err)
			for _, a := range got {
				require.Equal(t, want[a.ID], a.Numbers.Data)
			}
		}
	})
}

// A cursor may expire between the outer answer and the reading of the rest. The
// caller has not seen the edge yet, so it is read again from its beginning.
func TestEdge_ExpiredCursor(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{
		"error 100": nil, "empty page": {graphtest.WithEmptyOnDeadCursor()},
	} {
		t.Run(name, func(t *testing.T) {
			server := graphtest.New(t, append(opts, graphtest.WithClients(3, 5))...)
			var deleted graph.PhoneNumberID
			killer := roundTrips(func(req *http.Request) (*http.Response, error) {
				if deleted == "" && strings.HasSuffix(req.URL.Path, "/phone_numbers") {
					id := strings.Split(req.URL.Path, "/")[2]
					numbers := truth(t, server)[graph.WABAID(id)]
					deleted = numbers[1].ID // the one that the cursor names: two are in the outer answer
					require.NoError(t, server.DeleteNumber(deleted))
				}
				return server.RoundTripper().RoundTrip(req)
			})
			// One page of one item after another, so that one rest is read at a time.
			client := server.Client(graph.WithHTTPClient(&http.Client{Transport: killer}))
			list := graph.ListAs[accountWithNumbers](waba.New(client).Clients(server.World().Business, waba.Query{PageSize: 1}))
			got, err := all(t.Context(), list)
			require.NoError(t, err)
			require.NotEmpty(t, deleted)
			want := truth(t, server)
			for _, a := range got {
				require.Equal(t, want[a.ID], a.Numbers.Data)
			}
		})
	}
}

// A next with nothing behind it is the end of an inner edge too. The edge is read
// again from its beginning to make sure.
func TestEdge_NextBehindItsEnd(t *testing.T) {
	w := newWire(func(req *http.Request) (*http.Response, error) {
		switch after := req.URL.Query().Get("after"); {
		case strings.HasSuffix(req.URL.Path, "/x"):
			return reply(http.StatusOK, `{"data":[{"id":"7","phone_numbers":{"data":[{"id":"1"},{"id":"2"}],"paging":`+strings.Replace(onTo("at-2"), "/1/x", "/7/phone_numbers", 1)+`}}]}`)(req)
		case after == "at-2":
			return page("")(req)
		}
		return page(lastAt("at-2"), "1", "2")(req)
	})
	type outer struct {
		row
		Numbers graph.Edge[row] `json:"phone_numbers" graph:"{}"`
	}
	list := graph.NewList[outer](newClient(t, w), graph.Request{Route: "/{business-id}/x", IDs: []string{wabaID}}, graph.ListOptions{})
	got, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Equal(t, rows("1", "2"), got[0].Numbers.Data)
	require.Equal(t, 3, w.count())
}

// An inner edge whose cursors repeat is an error, like an outer one.
func TestEdge_CursorLoop(t *testing.T) {
	w := newWire(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/x") {
			return reply(http.StatusOK, `{"data":[{"id":"7","phone_numbers":{"data":[{"id":"1"}],"paging":`+onTo("A")+`}}]}`)(req)
		}
		return page(onTo("A"), "2")(req)
	})
	type outer struct {
		row
		Numbers graph.Edge[row] `json:"phone_numbers" graph:"{}"`
	}
	list := graph.NewList[outer](newClient(t, w), graph.Request{Route: "/{business-id}/x", IDs: []string{wabaID}}, graph.ListOptions{})
	got, err := all(t.Context(), list)
	require.ErrorIs(t, err, graph.ErrBadResponse)
	require.Empty(t, got)
}
