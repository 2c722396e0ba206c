package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// withoutData are answers that say nothing about the items of a list.
func withoutData() map[string]string {
	return map[string]string{
		"an empty object":       `{}`,
		"blanks around":         " \n{ } ",
		"data is null":          `{"data":null}`,
		"null and a next":       `{"data":null,"paging":` + onTo("A") + `}`,
		"paging alone":          `{"paging":{"cursors":{}}}`,
		"a summary alone":       `{"summary":{"total_count":7}}`,
		"something else":        `{"success":true}`,
		"data somewhere inside": `{"result":{"data":[{"id":"1"}]}}`,
		"data in a value":       `{"kind":"data"}`,
		"one object":            `{"id":"1","name":"x"}`,
		"a null id":             `{"id":null,"name":"x"}`,
		"an empty array":        `[]`,
	}
}

// A list without its data is not at its end: it is asked for again, and is an error
// if that does not help. What an answer without data had beside it is forgotten.
func TestList_WithoutDataIsNoEnd(t *testing.T) {
	for name, body := range withoutData() {
		for _, prefetch := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", prefetch), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					bad := reply(http.StatusOK, body)
					for at, script := range map[string][]answer{
						"at first": {bad, page(onTo("B"), "1"), page(lastAt("C"), "2")},
						"later":    {page(onTo("B"), "1"), bad, bad, page(lastAt("C"), "2")},
						"the last": {page(onTo("B"), "1"), bad, page("", "2")},
					} {
						list, w := rowsOf(t, nil, graph.ListOptions{Prefetch: prefetch, BareObject: at != "at first"})
						w.SetScript(script...)
						got, err := all(t.Context(), list)
						require.NoError(t, err, at)
						require.Equal(t, rows("1", "2"), got, at)
						require.Equal(t, len(script), w.count(), at)
					}
					for n, script := range [][]answer{{bad}, {page(onTo("B"), "1"), bad}} {
						list, w := rowsOf(t, nil, graph.ListOptions{Prefetch: prefetch, BareObject: n == 1})
						w.SetScript(script...)
						got, err := all(t.Context(), list)
						require.Equal(t, graph.ErrBadResponse, graph.KindOf(err))
						require.ErrorContains(t, err, "has no data")
						require.Len(t, got, n)
						require.Equal(t, n+4, w.count())
					}
				})
			})
		}
	}
}

// Only where Meta answers with one object in the place of a list it is one, and only
// as the first answer. {} is none then.
func TestListOptions_BareObject(t *testing.T) {
	for body, want := range map[string][]row{
		`{"id":"1","name":"x"}`:   rows("1"),
		`{"id":12,"x":[]}`:        rows("12"),
		`{}`:                      nil,
		"\n{ \n}\t":               nil,
		`{"data":[{"id":"1"}]}`:   rows("1"),
		`{"id":"2","data":[]}`:    nil,
		`[{"id":"1"},{"id":"2"}]`: rows("1", "2"),
	} {
		list, w := rowsOf(t, nil, graph.ListOptions{BareObject: true})
		w.SetScript(reply(http.StatusOK, body))
		got, err := all(t.Context(), list)
		require.NoError(t, err, body)
		require.Equal(t, want, got, body)
		require.Equal(t, 1, w.count())
		as, err := all(t.Context(), graph.ListAs[row](list))
		require.NoError(t, err)
		require.Equal(t, want, as)
	}
	synctest.Test(t, func(t *testing.T) {
		for _, body := range []string{`{"data":null}`, `{"paging":{}}`, `{"success":true}`, `{"id":null}`, `{"id":{}}`, `{"data":null,"paging":{}}`} {
			list, w := rowsOf(t, nil, graph.ListOptions{BareObject: true})
			w.SetScript(reply(http.StatusOK, body))
			_, err := all(t.Context(), list)
			require.Equal(t, graph.ErrBadResponse, graph.KindOf(err), body)
		}
	})
}

// The same holds for an edge inside an object. One that is left out is empty.
func TestEdge_WithoutDataIsNoEnd(t *testing.T) {
	type outer struct {
		ID   graph.WABAID    `json:"id"`
		Rest graph.Edge[row] `json:"rest"`
	}
	synctest.Test(t, func(t *testing.T) {
		whole := reply(http.StatusOK, `{"data":[{"id":"7","rest":{"data":[{"id":"8"}]}}]}`)
		bodies := withoutData()
		bodies["null"] = `null`
		for name, body := range bodies {
			require.Error(t, json.Unmarshal([]byte(body), new(graph.Edge[row])), name)
			bad := reply(http.StatusOK, `{"data":[{"id":"7","rest":`+body+`}]}`)
			w := newWire(bad, whole)
			list := graph.NewList[outer](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.NoError(t, err, name)
			require.Equal(t, []outer{{"7", graph.Edge[row]{Data: rows("8")}}}, got)
			require.Equal(t, 2, w.count(), name)

			w.SetScript(bad)
			_, err = all(t.Context(), list)
			require.Equal(t, graph.ErrBadResponse, graph.KindOf(err), name)
		}
		w := newWire(reply(http.StatusOK, `{"data":[{"id":"7"}]}`))
		got, err := all(t.Context(), graph.NewList[outer](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{}))
		require.NoError(t, err)
		require.Equal(t, []outer{{ID: "7"}}, got)
	})
}

// An empty page that nothing explains is read again, behind the page that promised
// it. It is the end only if it is empty once more.
func TestList_SpuriousEmptyPage(t *testing.T) {
	first, second, third := page(onTo("A"), "1"), page(onTo("B"), "2"), page(lastAt("C"), "3")
	for name, tt := range map[string]struct {
		script []answer
		want   []row
		asked  []string
		kind   graph.Kind
	}{
		"in the middle":                  {[]answer{first, page(""), first, second, third}, rows("1", "2", "3"), []string{"", "A", "", "A", "B"}, ""},
		"as the last":                    {[]answer{first, second, page(""), second, third}, rows("1", "2", "3"), []string{"", "A", "B", "A", "B"}, ""},
		"a page that leads on":           {[]answer{first, page(""), first, page(onTo("B")), third}, rows("1", "3"), []string{"", "A", "", "A", "B"}, ""},
		"two at once":                    {[]answer{first, page(""), page(""), third}, rows("1"), []string{"", "A", ""}, graph.ErrCursorExpired},
		"the page before is the last":    {[]answer{first, page(""), page(lastAt("A"), "1")}, rows("1"), []string{"", "A", ""}, ""},
		"empty again":                    {[]answer{first, page(""), first, page("")}, rows("1"), []string{"", "A", "", "A"}, ""},
		"the page before is another now": {[]answer{first, page(""), page(onTo("Z"), "1")}, rows("1"), []string{"", "A", ""}, graph.ErrCursorExpired},
		"the cursor dies meanwhile": {
			[]answer{first, page(""), first, graphError(400, `"message":"(#100) Invalid cursors values","code":100`)},
			rows("1"), []string{"", "A", "", "A"}, graph.ErrCursorExpired,
		},
		"the read fails meanwhile": {[]answer{first, page(""), first, graphError(403, `"code":200`)}, rows("1"), []string{"", "A", "", "A"}, graph.ErrPermission},
	} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, nil, graph.ListOptions{})
			w.SetScript(tt.script...)
			got, err := all(t.Context(), list)
			require.Equal(t, tt.kind, graph.KindOf(err), "%v", err)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.asked, afters(w))
		})
	}
}

// An edge that had items, and whose rest could not be read, is not empty because it
// reads as empty from its beginning.
func TestEdge_SpuriousEmptyRest(t *testing.T) {
	type outer struct {
		ID   graph.WABAID    `json:"id"`
		Rest graph.Edge[row] `json:"rest"`
	}
	begin := reply(http.StatusOK, `{"data":[{"id":"7","rest":{"data":[{"id":"8"}],"paging":{"cursors":{"after":"A"},"next":"?after=A"}}}]}`)
	w := newWire(begin, page("")) // the last answer comes again
	_, err := all(t.Context(), graph.NewList[outer](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{}))
	require.Equal(t, graph.ErrCursorExpired, graph.KindOf(err))
	require.Equal(t, []string{"", "A", ""}, afters(w))

	w = newWire(begin, page(""), page(lastAt("B"), "8", "9"))
	got, err := all(t.Context(), graph.NewList[outer](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{}))
	require.NoError(t, err)
	require.Equal(t, rows("8", "9"), got[0].Rest.Data)
}
