package graph_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// The end of a list is a missing next: not a missing cursor, not a short page
// and not an empty one.
func TestList_EndIsAMissingNext(t *testing.T) {
	for name, tt := range map[string]struct {
		book  book
		want  []row
		asked []string
	}{
		"cursors on the last page": {
			book{"": page(onTo("A"), "1", "2"), "A": page(lastAt("B"), "3", "4")},
			rows("1", "2", "3", "4"), []string{"", "A"},
		},
		"no paging at all": {
			book{"": page("", "1")}, rows("1"), []string{""},
		},
		"empty paging": {
			book{"": page(`{}`, "1")}, rows("1"), []string{""},
		},
		"null paging": {
			book{"": page(`null`, "1")}, rows("1"), []string{""},
		},
		"short pages": {
			book{"": page(onTo("A"), "1"), "A": page(onTo("B"), "2", "3"), "B": page(lastAt("C"), "4")},
			rows("1", "2", "3", "4"), []string{"", "A", "B"},
		},
		"empty pages in between": {
			book{"": page(onTo("A")), "A": page(onTo("B"), "1"), "B": page(onTo("C")), "C": page(lastAt("D"), "2")},
			rows("1", "2"), []string{"", "A", "B", "C"},
		},
		"nothing": {
			book{"": page("")}, nil, []string{""},
		},
		"a next behind the last page": { // both pages are asked for again: the list still ends there
			book{"": page(onTo("A"), "1"), "A": page(onTo("B"), "2"), "B": page("")},
			rows("1", "2"), []string{"", "A", "B", "A", "B"},
		},
		"a last page of which nothing may be seen": {
			book{"": page(onTo("A"), "1"), "A": page(lastAt("B"))},
			rows("1"), []string{"", "A", "", "A"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, tt.book, graph.ListOptions{PageSize: 2})
			got, err := all(t.Context(), list)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.asked, afters(w))
		})
	}
}

// An employee sees the accounts that it is assigned to. Graph cuts the pages before
// it hides the other accounts: most pages are short, and many are empty.
func TestList_ReadsThroughThinPages(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(40, 0), graphtest.WithThinPages())
	world := server.World()
	admin := waba.New(server.Client())
	everything, err := all(t.Context(), admin.Clients(world.Business, waba.Query{}))
	require.NoError(t, err)
	require.Len(t, everything, 44)
	var want []graph.WABAID
	for _, at := range []int{9, 10, 31} {
		require.NoError(t, admin.Assign(t.Context(), everything[at].ID, world.Employee.ID, waba.TaskManage))
		want = append(want, everything[at].ID)
	}

	employee := waba.New(server.ClientFor(graph.SecretToken(world.Employee.Token)))
	for _, prefetch := range []bool{false, true} {
		var got []graph.WABAID
		empty := 0
		for page, err := range employee.Clients(world.Business, waba.Query{PageSize: 4, Prefetch: prefetch}).Pages(t.Context(), "") {
			require.NoError(t, err)
			if len(page.Items) == 0 {
				empty++
			}
			for _, account := range page.Items {
				got = append(got, account.ID)
			}
		}
		require.Equal(t, want, got)
		require.Positive(t, empty)
	}
}

// The cursor is taken from next if there is no other. The address itself is never
// followed: it holds a token.
func TestList_TakesCursorFromNext(t *testing.T) {
	for name, paging := range map[string]string{
		"no cursors":           `{"next":"https://graph.facebook.com/v25.0/1/x?access_token=EAAsecret&after=A"}`,
		"only the other one":   `{"cursors":{"before":"Z"},"next":"https://graph.facebook.com/v25.0/1/x?after=A"}`,
		"a foreign host":       `{"next":"https://evil.example/steal?after=A&access_token=EAAsecret"}`,
		"an internal host":     `{"cursors":{"after":"A"},"next":"https://graph.intern.facebook.com/v25.0/1/x?after=A"}`,
		"escaped":              `{"next":"https:\/\/graph.facebook.com\/v25.0\/1\/x?limit=1&after=%41"}`,
		"another cursor in it": `{"cursors":{"after":"A"},"next":"https://graph.facebook.com/v25.0/1/x?after=OLD"}`,
		"no host":              `{"next":"?after=A"}`,
	} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, book{"": page(paging, "1"), "A": page(lastAt("B"), "2")}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.NoError(t, err)
			require.Equal(t, rows("1", "2"), got)
			for _, s := range w.Sent() {
				require.Equal(t, "graph.facebook.com", s.URL.Host)
				require.Equal(t, "/v25.0/"+wabaID+"/x", s.URL.Path)
				require.Equal(t, "Bearer "+token, s.Header.Get("Authorization"))
				require.Empty(t, s.URL.Query().Get("access_token"))
			}
		})
	}
}

// A next without a cursor is an error, not an end.
func TestList_NextWithoutCursorIsAnError(t *testing.T) {
	for name, paging := range map[string]string{
		"no after":       `{"next":"https://graph.facebook.com/v25.0/1/x?access_token=EAAsecret&limit=2"}`,
		"an empty after": `{"cursors":{"after":""},"next":"https://graph.facebook.com/v25.0/1/x?access_token=EAAsecret&after="}`,
		"no address":     `{"next":"::EAAsecret"}`,
	} {
		t.Run(name, func(t *testing.T) {
			list, _ := rowsOf(t, book{"": page(paging, "1", "2")}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.ErrorIs(t, err, graph.ErrBadResponse)
			require.ErrorContains(t, err, "more, but not where")
			require.Empty(t, got, "a page whose end is unknown is not given out")
			require.NotContains(t, err.Error(), "EAAsecret")
			e := graphErrorOf(t, err)
			require.Equal(t, "GET /{business-id}/x", e.Method+" "+e.Route)
			require.Equal(t, []string{wabaID}, e.IDs)
		})
	}
}

// A list whose cursors repeat would never end.
func TestList_CursorLoopIsAnError(t *testing.T) {
	for name, tt := range map[string]struct {
		book  book
		from  string
		calls int
	}{
		"the same cursor again": {book{"": page(onTo("A"), "1"), "A": page(onTo("A"), "2")}, "", 2},
		"two pages in a circle": {book{"": page(onTo("A"), "1"), "A": page(onTo("B"), "2"), "B": page(onTo("A"), "3")}, "", 3},
		"a long circle": {book{
			"": page(onTo("A"), "1"), "A": page(onTo("B"), "2"), "B": page(onTo("C"), "3"),
			"C": page(onTo("D"), "4"), "D": page(onTo("B"), "5"),
		}, "", 5},
		"back to where it was resumed": {book{"R": page(onTo("A"), "1"), "A": page(onTo("R"), "2")}, "R", 2},
		"of empty pages":               {book{"": page(onTo("A")), "A": page(onTo("B")), "B": page(onTo("A"))}, "", 3},
	} {
		for _, prefetch := range []bool{false, true} {
			list, w := rowsOf(t, tt.book, graph.ListOptions{Prefetch: prefetch})
			seen := map[graph.WABAID]bool{}
			var failed error
			for page, err := range list.Pages(t.Context(), tt.from) {
				if failed = err; err != nil {
					continue
				}
				for _, item := range page.Items {
					require.False(t, seen[item.ID], "%s: %s came twice", name, item.ID)
					seen[item.ID] = true
				}
			}
			require.ErrorIs(t, failed, graph.ErrBadResponse, name)
			require.ErrorContains(t, failed, "the same cursor came twice", name)
			require.Equal(t, tt.calls, w.count(), name)
		}
	}
}

// An answer that is neither a list nor one object is an error, not an empty list.
func TestList_Shapes(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want []row
	}{
		"the envelope":           {`{"data":[{"id":"1"}]}`, rows("1")},
		"ids as numbers":         {`{"data":[{"id":102290129340398}]}`, rows("102290129340398")},
		"a bare list":            {`[{"id":"1"},{"id":"2"}]`, rows("1", "2")},
		"blanks around":          {" \n{ \"data\" : [ ] } ", nil},
		"no items":               {`{"data":[]}`, nil},
		"unknown keys":           {`{"data":[{"id":"1","new":{"a":[1]}}],"extra":1,"paging":{"new":2}}`, rows("1")},
		"a total that is a text": {`{"data":[],"summary":{"total_count":"7"}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, _ := rowsOf(t, book{"": reply(http.StatusOK, tt.body)}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	for name, body := range map[string]string{
		"data as an object":        `{"data":{"0":{"id":"1"}}}`,
		"data as a text":           `{"data":"none"}`,
		"an item that is a number": `{"data":[7]}`,
		"an id that is a list":     `{"data":[{"id":["1"]}]}`,
		"a number":                 `7`,
		"a text":                   `"data"`,
		"next is a number":         `{"data":[{"id":"1"}],"paging":{"next":7}}`,
	} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, book{"": reply(http.StatusOK, body)}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.ErrorIs(t, err, graph.ErrBadResponse)
			require.Empty(t, got)
			require.Equal(t, 1, w.count(), "a well-formed answer of another shape would come again")
		})
	}
}

// Graph adds a summary to some edges, which is not part of a page.
func TestList_SummaryIsIgnored(t *testing.T) {
	list, _ := rowsOf(t, book{
		"":  reply(http.StatusOK, `{"data":[{"id":"1"}],"summary":{"total_count":2},"paging":`+onTo("A")+`}`),
		"A": page("", "2"),
	}, graph.ListOptions{})
	items, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, items, 2)
}
