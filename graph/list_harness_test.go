package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// row is an item that is as short as one can be.
type row struct {
	ID graph.WABAID `json:"id"`
}

// book is a list on the wire: the answer for each cursor. "" is the first page.
type book map[string]answer

func (b book) answer(req *http.Request) (*http.Response, error) {
	page, ok := b[req.URL.Query().Get("after")]
	if !ok {
		page = graphError(http.StatusBadRequest, `"message":"(#100) Invalid cursors values","code":100`)
	}
	return page(req)
}

// page answers with a page of ids; paging is the object of that name, "" for none.
func page(paging string, ids ...string) answer {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = fmt.Sprintf(`{"id":%q}`, id)
	}
	body := `{"data":[` + strings.Join(items, ",") + `]`
	if paging != "" {
		body += `,"paging":` + paging
	}
	return reply(http.StatusOK, body+"}")
}

// onTo returns the paging of a page that another one follows, in Graph's form: with
// the token in the link.
func onTo(after string) string {
	return fmt.Sprintf(`{"cursors":{"before":"b-%[1]s","after":%[1]q},"next":"https://graph.facebook.com/v25.0/1/x?access_token=EAAsecret&limit=2&after=%[1]s"}`, after)
}

// lastAt returns the paging of a last page: it has cursors, and no next.
func lastAt(after string) string {
	return fmt.Sprintf(`{"cursors":{"before":"b-%[1]s","after":%[1]q}}`, after)
}

// rowsOf lists a book.
func rowsOf(t *testing.T, b book, opts graph.ListOptions) (*graph.List[row], *wire) {
	t.Helper()
	w := newWire(b.answer)
	return graph.NewList[row](newClient(t, w), graph.Request{Route: "/{business-id}/x", IDs: []string{wabaID}}, opts), w
}

// all reads a list to its end or its error.
func all[T any](ctx context.Context, list *graph.List[T]) ([]T, error) {
	return graph.Collect(list.All(ctx), 0)
}

func rows(ids ...string) []row {
	var list []row
	for _, id := range ids {
		list = append(list, row{graph.WABAID(id)})
	}
	return list
}

// afters returns the cursors that were asked for, in order.
func afters(w *wire) []string {
	var list []string
	for _, s := range w.Sent() {
		list = append(list, s.URL.Query().Get("after"))
	}
	return list
}
