package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const routeClients = "GET /{business-id}/client_whatsapp_business_accounts"

// accountWithNumbers is a user's struct: an account with its numbers, a few of them
// in the same answer.
type accountWithNumbers struct {
	waba.Account
	Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(2){}"`
}

// pagesAsked returns limit and cursor of every request for a page.
func pagesAsked(server *graphtest.Server) (limits, cursors []string) {
	for _, call := range server.Calls() {
		if call.Method+" "+call.Route == routeClients {
			limits, cursors = append(limits, call.Query.Get("limit")), append(cursors, call.Query.Get("after"))
		}
	}
	return limits, cursors
}

// "Reduce the amount of data" halves the page at the same cursor.
func TestList_HalvesLargePages(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(20, 1), graphtest.WithMaxCost(30))
	list := graph.ListAs[accountWithNumbers](waba.New(server.Client()).Clients(server.World().Business, waba.Query{}))
	got, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, got, 24)

	limits, cursors := pagesAsked(server)
	require.Equal(t, []string{"100", "50", "25", "12", "6", "6", "6", "6"}, limits[:8], "an item costs three")
	require.Equal(t, []string{"", "", "", "", ""}, cursors[:5])
	for i := 5; i < len(limits); i++ {
		require.Equal(t, "6", limits[i], "it stays with the size that fits")
	}
}

// A later page is halved at its cursor: no item is skipped, and none is read twice.
func TestList_HalvesPagesWhileReading(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(16, 0))
	want, err := all(t.Context(), waba.New(server.Client()).Clients(server.World().Business, waba.Query{}))
	require.NoError(t, err)

	for _, prefetch := range []bool{false, true} {
		server := graphtest.New(t, graphtest.WithClients(16, 0))
		n := 0
		server.Control(routeClients, func(graphtest.Call) *graphtest.Fault {
			if n++; n == 2 || n == 3 {
				return &graphtest.Fault{Code: 1, Message: "Please reduce the amount of data you're asking for, then retry your request"}
			}
			return nil
		})
		got, err := all(t.Context(), waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 8, Prefetch: prefetch}))
		require.NoError(t, err)
		require.Equal(t, ids(want), ids(got))
		limits, cursors := pagesAsked(server)
		require.Equal(t, []string{"8", "8", "4", "2", "2", "2", "2", "2", "2"}, limits)
		require.Equal(t, []string{"", cursors[1], cursors[1], cursors[1]}, cursors[:4])
		require.NotEmpty(t, cursors[1])
	}
}

// A page of one item cannot be halved.
func TestList_ItemsThatAreTooLarge(t *testing.T) {
	server := graphtest.New(t, graphtest.WithMaxCost(2))
	list := graph.ListAs[accountWithNumbers](waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 5}))
	got, err := all(t.Context(), list)
	require.ErrorIs(t, err, graph.ErrTooMuchData)
	require.Empty(t, got)
	limits, _ := pagesAsked(server)
	require.Equal(t, []string{"5", "2", "1"}, limits)
}

// A page size is sent as given. Without one the default is sent.
func TestList_PageSize(t *testing.T) {
	for name, tt := range map[string]struct {
		size int
		want string
	}{"default": {0, "100"}, "asked for": {7, "7"}} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, book{"": page("", "1")}, graph.ListOptions{PageSize: tt.size})
			_, err := all(t.Context(), list)
			require.NoError(t, err)
			require.Equal(t, tt.want, w.Sent()[0].URL.Query().Get("limit"))
		})
	}
	list, w := rowsOf(t, nil, graph.ListOptions{PageSize: -1})
	_, err := all(t.Context(), list)
	requireInput(t, "page size", err)
	require.Zero(t, w.count())
}

func ids(accounts []waba.Account) []graph.WABAID {
	var list []graph.WABAID
	for _, a := range accounts {
		list = append(list, a.ID)
	}
	return list
}
