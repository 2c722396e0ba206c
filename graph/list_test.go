package graph_test

import (
	"encoding/json"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// shortAccount is a user's struct, with a field that waba.Account does not have.
type shortAccount struct {
	ID       graph.WABAID `json:"id"`
	Name     string       `json:"name"`
	Insights bool         `json:"is_enabled_for_insights"`
	Note     string       `json:"note" graph:"-"` // the user's, unknown to Graph
}

// ListAs reads the same list into another struct, and asks for its fields.
func TestListAs_FollowsTheStruct(t *testing.T) {
	server := graphtest.New(t)
	accounts := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 3, Order: waba.OldestFirst})
	want, err := all(t.Context(), accounts)
	require.NoError(t, err)

	short, err := all(t.Context(), graph.ListAs[shortAccount](accounts))
	require.NoError(t, err)
	require.Len(t, short, len(want))
	for i := range short {
		require.Equal(t, shortAccount{ID: want[i].ID, Name: want[i].Name}, short[i])
	}
	pointers, err := all(t.Context(), graph.ListAs[*shortAccount](accounts))
	require.NoError(t, err)
	require.Equal(t, short[0], *pointers[0])

	raw, err := all(t.Context(), graph.ListAs[json.RawMessage](accounts))
	require.NoError(t, err)
	require.Contains(t, string(raw[0]), "message_template_namespace", "a type that names no fields leaves the list's")

	for i, want := range []string{waba.DefaultFields().String(), "id,name,is_enabled_for_insights", "id,name,is_enabled_for_insights", waba.DefaultFields().String()} {
		for _, call := range server.Calls()[2*i : 2*i+2] {
			require.Equal(t, want, call.Query.Get("fields"))
			require.Equal(t, "3", call.Query.Get("limit"))
			require.Equal(t, "creation_time_ascending", call.Query.Get("sort"), "the rest of the query goes along")
		}
	}
}

// A wrong option stays with the list that is read into another type.
func TestListAs_KeepsTheError(t *testing.T) {
	server := graphtest.New(t)
	_, err := all(t.Context(), graph.ListAs[shortAccount](waba.New(server.Client()).Clients("not-an-id", waba.Query{PageSize: 101})))
	requireInput(t, "page size", err)
	require.Empty(t, server.Calls())
}

func TestFieldsOf(t *testing.T) {
	type base struct {
		ID string `json:"id,omitempty"`
	}
	type owner struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	type numbered struct {
		base
		Owner    owner              `json:"owner_business" graph:"{}"`
		Info     owner              `json:"owner_business_info"`
		Numbers  graph.Edge[*owner] `json:"phone_numbers" graph:"limit(50){}"`
		Plain    graph.Edge[owner]  `json:"solutions"`
		Pointers []*owner           `json:"list" graph:"{}"`
		Ours     string             `json:"ours" graph:"-"`
		Dash     string             `json:"-"`
		Untagged string
	}
	require.Equal(t, "id,owner_business{id,name},owner_business_info,phone_numbers.limit(50){id,name},solutions,list{id,name}",
		graph.FieldsOf[numbered]().String())
	require.Empty(t, graph.FieldsOf[map[string]any]())
}

// A list copies its request and its options.
func TestNewList_CopiesItsOptions(t *testing.T) {
	w := newWire(page("", "1"))
	fields := graph.Fields{"id", "name"}
	params := url.Values{"sort": {"creation_time_ascending"}}
	ids := []string{wabaID}
	copied := graph.NewList[row](newClient(t, w), graph.Request{Route: "/{business-id}/x", IDs: ids, Query: params}, graph.ListOptions{Fields: fields})
	fields[1], ids[0] = "changed", "1"
	params.Set("sort", "changed")
	params.Set("more", "changed")

	_, err := all(t.Context(), copied)
	require.NoError(t, err)
	sent := w.Sent()[len(w.Sent())-1]
	require.Equal(t, "/v25.0/"+wabaID+"/x", sent.URL.Path)
	require.Equal(t, "id,name", sent.URL.Query().Get("fields"))
	require.Equal(t, "creation_time_ascending", sent.URL.Query().Get("sort"))
	require.NotContains(t, sent.URL.RawQuery, "changed")
}

// A wrong argument of a list is yielded each time that it is ranged over, and no
// call is made.
func TestNewList_InputErrors(t *testing.T) {
	for field, request := range map[string]graph.Request{
		"business-id": {Route: "/{business-id}/x", IDs: []string{"../me"}},
		"ids":         {Route: "/x", IDs: []string{wabaID}},
		"route":       {Route: "x"},
		"request":     {Route: "/x", Form: url.Values{"a": {"b"}}},
	} {
		w := newWire(page("", "1"))
		list := graph.NewList[row](newClient(t, w), request, graph.ListOptions{})
		for range 2 {
			_, err := all(t.Context(), list)
			requireInput(t, field, err)
		}
		require.Zero(t, w.count())
	}
	w := newWire(page("", "1"))
	own := &graph.InputError{Field: "mine", Reason: "is wrong"}
	_, err := all(t.Context(), graph.NewList[row](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{}, own))
	require.Same(t, own, err)
	require.Zero(t, w.count())
}

// A list is read again each time that it is ranged over.
func TestList_IsReadAgain(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(5, 0))
	list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 2})
	for _, err := range list.All(t.Context()) { // a pass that is given up leaves no trace
		require.NoError(t, err)
		break
	}
	first, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, first, 9)
	require.NoError(t, server.DeleteWABA(first[4].ID))
	second, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, second, 8)
}

// Several goroutines may range over one list at once.
func TestList_IsSafeForConcurrentUse(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(20, 3))
	accounts := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 3, Prefetch: true})
	list := graph.ListAs[accountWithNumbers](accounts)
	want, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, want, 24)

	var wg sync.WaitGroup
	got := make([][]accountWithNumbers, 6)
	errs := make([]error, len(got))
	for i := range got {
		wg.Go(func() { got[i], errs[i] = all(t.Context(), list) })
	}
	wg.Wait()
	for i := range got {
		require.NoError(t, errs[i])
		require.Equal(t, want, got[i])
	}
}

// Collect stops at its limit with an error: a list that is cut off would look
// complete.
func TestCollect(t *testing.T) {
	b := book{"": page(onTo("A"), "1", "2"), "A": page(onTo("B"), "3", "4"), "B": page("", "5")}
	for _, tt := range []struct {
		limit, want, calls int
		fails              bool
	}{
		{0, 5, 3, false}, {-1, 5, 3, false}, {5, 5, 3, false}, {6, 5, 3, false},
		{4, 4, 3, true}, {3, 3, 2, true}, {1, 1, 1, true},
	} {
		list, w := rowsOf(t, b, graph.ListOptions{})
		got, err := graph.Collect(list.All(t.Context()), tt.limit)
		require.Equal(t, tt.fails, err != nil, "limit %d: %v", tt.limit, err)
		if tt.fails {
			require.ErrorContains(t, err, "more than")
		}
		require.Equal(t, rows("1", "2", "3", "4", "5")[:tt.want], got)
		require.Equal(t, tt.calls, w.count(), "limit %d", tt.limit)
	}

	broken, _ := rowsOf(t, book{"": page(onTo("A"), "1")}, graph.ListOptions{})
	got, err := graph.Collect(broken.All(t.Context()), 0)
	require.ErrorIs(t, err, graph.ErrCursorExpired)
	require.Equal(t, rows("1"), got, "what came before the error is there")
}

func TestFields_Check(t *testing.T) {
	server := graphtest.New(t)
	for _, fields := range []graph.Fields{{""}, {"id", " "}, {"phone_numbers{id"}, {"phone_numbers.limit(5{id}"}} {
		list := graph.NewList[struct{}](server.Client(), graph.Request{Route: "/{waba-id}/phone_numbers", IDs: []string{"1"}}, graph.ListOptions{Fields: fields})
		for _, err := range list.All(t.Context()) {
			require.ErrorIs(t, err, graph.ErrInput, "%q", fields)
		}
		_, err := waba.New(server.Client()).Get(t.Context(), "1", fields...)
		require.ErrorIs(t, err, graph.ErrInput, "%q", fields)
	}
	require.NoError(t, graph.Fields{"phone_numbers{id", "status}"}.Check(), "what belongs together may be cut at its commas")
	require.Empty(t, server.Calls())
}
