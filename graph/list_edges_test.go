package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const routeNumbers = "GET /{waba-id}/phone_numbers"

// truth returns the numbers of every account, read one by one.
func truth(t *testing.T, server *graphtest.Server) map[graph.WABAID][]phonenumbers.Number {
	t.Helper()
	numbers := map[graph.WABAID][]phonenumbers.Number{}
	client := server.Client()
	for a, err := range waba.New(client).Clients(server.World().Business, waba.Query{}).All(t.Context()) {
		require.NoError(t, err)
		numbers[a.ID], err = all(t.Context(), phonenumbers.New(client).List(a.ID, phonenumbers.Query{}))
		require.NoError(t, err)
	}
	return numbers
}

// callsOf counts the calls of a route.
func callsOf(server *graphtest.Server, route string) []graphtest.Call {
	var calls []graphtest.Call
	for _, call := range server.Calls() {
		if call.Method+" "+call.Route == route {
			calls = append(calls, call)
		}
	}
	return calls
}

// An inner edge that did not fit into the outer answer is read to its end, with
// the same fields, and the item is yielded whole.
func TestEdge_IsReadToItsEnd(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(6, 7))
	want := truth(t, server)
	before := len(callsOf(server, routeNumbers))
	list := graph.ListAs[accountWithNumbers](waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 4}))
	n := 0
	for a, err := range list.All(t.Context()) {
		require.NoError(t, err)
		require.False(t, a.Numbers.More())
		require.Equal(t, want[a.ID], a.Numbers.Data, "%s", a.ID)
		n++
	}
	require.Equal(t, 10, n)

	on := callsOf(server, routeNumbers)[before:]
	require.Len(t, on, 6, "one more request for each that overflowed, none for the others")
	for _, call := range on {
		require.Equal(t, graph.FieldsOf[phonenumbers.Number]().String(), call.Query.Get("fields"))
		require.NotEmpty(t, call.Query.Get("after"))
		require.Equal(t, "100", call.Query.Get("limit"))
	}
}

// The same holds for an edge behind a pointer, in an object inside the item, and in
// the items of another edge.
func TestEdge_IsFoundAtAnyDepth(t *testing.T) {
	type number struct {
		ID graph.PhoneNumberID `json:"id"`
	}
	type Numbered struct {
		ID      graph.WABAID        `json:"id"`
		Numbers *graph.Edge[number] `json:"phone_numbers" graph:"limit(1){}"`
	}
	type owner struct {
		ID      graph.BusinessID      `json:"id"`
		Clients graph.Edge[*Numbered] `json:"client_whatsapp_business_accounts" graph:"limit(2){}"`
	}
	type inner struct {
		ID    graph.WABAID `json:"id"`
		Owner owner        `json:"owner_business" graph:"{}"`
	}
	server := graphtest.New(t, graphtest.WithClients(5, 3))
	_, err := server.AddWABA(server.World().WithCredit, "No numbers yet") // its edge is absent
	require.NoError(t, err)
	want := truth(t, server)
	business := server.World().Business
	accounts := waba.New(server.Client())
	check := func(t *testing.T, id graph.WABAID, numbers *graph.Edge[number]) {
		t.Helper()
		var got []graph.PhoneNumberID
		if numbers != nil {
			require.False(t, numbers.More())
			for _, n := range numbers.Data {
				got = append(got, n.ID)
			}
		}
		require.Len(t, got, len(want[id]))
		for i, n := range want[id] {
			require.Equal(t, n.ID, got[i])
		}
	}

	t.Run("pointers", func(t *testing.T) {
		rows, err := all(t.Context(), graph.ListAs[*Numbered](accounts.Clients(business, waba.Query{})))
		require.NoError(t, err)
		require.Len(t, rows, len(want))
		for _, r := range rows {
			check(t, r.ID, r.Numbers)
		}
	})
	t.Run("an embedded pointer", func(t *testing.T) {
		rows, err := all(t.Context(), graph.ListAs[struct{ *Numbered }](accounts.Clients(business, waba.Query{PageSize: 2})))
		require.NoError(t, err)
		for _, r := range rows {
			check(t, r.ID, r.Numbers)
		}
	})
	t.Run("three levels", func(t *testing.T) {
		list := graph.NewList[owner](server.Client(), graph.Request{Route: "/me/businesses"}, graph.ListOptions{Fields: graph.FieldsOf[owner]()})
		owners, err := all(t.Context(), list)
		require.NoError(t, err)
		require.Len(t, owners, 1)
		require.Len(t, owners[0].Clients.Data, len(want))
		for _, r := range owners[0].Clients.Data {
			check(t, r.ID, r.Numbers)
		}
	})
	t.Run("in an object", func(t *testing.T) {
		rows, err := all(t.Context(), graph.ListAs[inner](accounts.Owned(business, waba.Query{})))
		require.NoError(t, err)
		require.Len(t, rows, 3)
		for _, r := range rows {
			require.Equal(t, business, r.Owner.ID)
			require.Len(t, r.Owner.Clients.Data, len(want), "read on below the object's own id, not the item's")
			for _, c := range r.Owner.Clients.Data {
				check(t, c.ID, c.Numbers)
			}
		}
	})
}

// The rest of an edge is read with the parameters of the expansion: another order
// or filter would lose items and repeat others.
func TestEdge_KeepsItsParameters(t *testing.T) {
	type number struct {
		ID graph.PhoneNumberID `json:"id"`
	}
	type ordered struct {
		ID      graph.WABAID       `json:"id"`
		Numbers graph.Edge[number] `json:"phone_numbers" graph:"limit(2).sort(last_onboarded_time_ascending){}"`
	}
	server := graphtest.New(t, graphtest.WithClients(3, 5))
	want := truth(t, server)
	before := len(callsOf(server, routeNumbers))
	rows, err := all(t.Context(), graph.ListAs[ordered](waba.New(server.Client()).Clients(server.World().Business, waba.Query{})))
	require.NoError(t, err)
	for _, r := range rows {
		require.Len(t, r.Numbers.Data, len(want[r.ID]))
		for i, n := range r.Numbers.Data {
			require.Equal(t, want[r.ID][len(want[r.ID])-1-i].ID, n.ID, "oldest first, across the cut")
		}
	}
	for _, call := range callsOf(server, routeNumbers)[before:] {
		require.Equal(t, "last_onboarded_time_ascending", call.Query.Get("sort"))
		require.Equal(t, "id", call.Query.Get("fields"))
	}

	// Fields that were written by hand count, not those of the type.
	before = len(callsOf(server, routeNumbers))
	list := graph.NewList[accountWithNumbers](server.Client(), graph.Request{
		Route: "/{business-id}/client_whatsapp_business_accounts", IDs: []string{string(server.World().Business)},
	}, graph.ListOptions{Fields: graph.Fields{"id,name", "phone_numbers.limit(1){id,status}"}})
	_, err = all(t.Context(), list)
	require.NoError(t, err)
	on := callsOf(server, routeNumbers)[before:]
	require.NotEmpty(t, on)
	for _, call := range on {
		require.Equal(t, "id,status", call.Query.Get("fields"))
	}
}

// The object of an edge needs its id. Without it the rest cannot be read, which is an
// error: a part must not look like the whole.
func TestEdge_OfItemWithoutID(t *testing.T) {
	type nameless struct {
		Name    string          `json:"name"`
		Numbers graph.Edge[row] `json:"phone_numbers" graph:"limit(1){}"`
	}
	server := graphtest.New(t, graphtest.WithClients(2, 2))
	got, err := all(t.Context(), graph.ListAs[nameless](waba.New(server.Client()).Clients(server.World().Business, waba.Query{})))
	requireInput(t, "id", err)
	require.ErrorContains(t, err, "nameless")
	require.Empty(t, got)
}

// An Edge that was not read through a list may be cut off. More reports it.
func TestEdge_DecodedByItself(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(1, 3))
	account := firstPage(t, clientsOf(server, waba.Query{Order: waba.OldestFirst, PageSize: 1})).Items[0]
	var got accountWithNumbers
	err := server.Client().Do(t.Context(), graph.Request{
		Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(account.ID)},
		Query: url.Values{"fields": {"id,phone_numbers.limit(2){id}"}},
	}, &got)
	require.NoError(t, err)
	require.Len(t, got.Numbers.Data, 2)
	require.True(t, got.Numbers.More())
	text, err := json.Marshal(graph.Edge[row]{Data: rows("1")})
	require.NoError(t, err)
	require.JSONEq(t, `{"data":[{"id":"1"}]}`, string(text))

	for body, more := range map[string]bool{
		`{"data":[]}`:  false,
		`[{"id":"1"}]`: false,
		`{"data":[],` + fmt.Sprintf(`"paging":%s}`, onTo("A")):             true,
		`{"data":[{"id":"1"}],` + fmt.Sprintf(`"paging":%s}`, lastAt("A")): false,
	} {
		var edge graph.Edge[row]
		require.NoError(t, json.Unmarshal([]byte(body), &edge), body)
		require.Equal(t, more, edge.More(), body)
	}
	for _, body := range []string{`7`, `"x"`, `{"data":7}`, `{"error":{}}`, `{"data":[],"paging":{"next":"https://x.example/"}}`} {
		require.Error(t, json.Unmarshal([]byte(body), new(graph.Edge[row])), body)
	}
}
