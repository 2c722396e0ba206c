package graph_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// flat is how much the heap may grow while 100,000 accounts are read. A slice of
// them would take much more.
const flat = 4 << 20

// A list holds one page in memory, and with Prefetch the next one.
func TestList_MemoryIsFlat(t *testing.T) {
	const accounts = 100_000
	server := graphtest.New(t, graphtest.WithClients(accounts, 0), graphtest.WithoutLog())
	list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{Prefetch: true, Fields: graph.Fields{"id", "name"}})
	require.Equal(t, accounts+4, requireFlat(t, list))
}

// The same without Prefetch, on a wire that generates its pages.
func TestList_MemoryIsFlatWithoutPrefetch(t *testing.T) {
	const accounts = 100_000
	item := `,"name":"` + strings.Repeat("n", 200) + `"}`
	w := roundTrips(func(req *http.Request) (*http.Response, error) {
		first, _ := strconv.Atoi(req.URL.Query().Get("after"))
		var body strings.Builder
		body.WriteString(`{"data":[`)
		for i := range 100 {
			if i > 0 {
				body.WriteString(",")
			}
			fmt.Fprintf(&body, `{"id":"%d"%s`, first+i, item)
		}
		body.WriteString("]")
		if next := first + 100; next < accounts {
			fmt.Fprintf(&body, `,"paging":{"cursors":{"after":"%[1]d"},"next":"https://graph.facebook.com/?after=%[1]d"}`, next)
		}
		return reply(http.StatusOK, body.String()+"}")(req)
	})
	client, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: w}))
	require.NoError(t, err)
	list := graph.NewList[waba.Account](client, graph.Request{Route: "/x"}, graph.ListOptions{})
	require.Equal(t, accounts, requireFlat(t, list))
}

// requireFlat reads a list, measures the heap now and then, and counts the items.
func requireFlat(t *testing.T, list *graph.List[waba.Account]) int {
	t.Helper()
	before, most := heap(), uint64(0)
	n, pages := 0, 0
	for page, err := range list.Pages(t.Context(), "") {
		require.NoError(t, err)
		n += len(page.Items)
		if pages++; pages%200 == 0 {
			most = max(most, heap())
		}
	}
	require.Greater(t, pages, 999)
	require.Less(t, most, before+flat, "the cursors that were followed are 8 bytes each")
	t.Logf("%d accounts: %d KiB above %d KiB", n, (int64(most)-int64(before))>>10, before>>10)
	return n
}

// heap returns the memory in use after a garbage collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
