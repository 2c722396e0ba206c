package wagraph_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A pass over 100,000 accounts holds one page of them, or two with Prefetch.
// Kept in a slice they would take a multiple of the bound.
func TestListMemoryIsFlat(t *testing.T) {
	const accounts, bound = 100_000, 4 << 20
	server := graphtest.New(t, graphtest.Clients(accounts, 0), graphtest.WithoutLog())
	for _, prefetch := range []bool{false, true} {
		list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{Prefetch: prefetch})
		before := heap()
		n, pages, most := 0, 0, uint64(0)
		seen := map[wagraph.WABAID]struct{}{}
		for page, err := range list.Pages(t.Context(), "") {
			require.NoError(t, err)
			n += len(page.Items)
			if pages++; pages%250 == 0 {
				most = max(most, heap())
			}
			if len(seen) < 1000 { // enough to see that pages differ, too little to weigh
				seen[page.Items[0].ID] = struct{}{}
			}
		}
		require.Equal(t, accounts+4, n)
		require.Equal(t, 1001, pages)
		require.Len(t, seen, 1000)
		require.Less(t, most, before+bound, "of which the cursors that were followed are 8 bytes each")
		t.Logf("prefetch %v: %d KiB above %d KiB", prefetch, (int64(most)-int64(before))>>10, before>>10)
	}
}

// heap is what is in use once everything that is not has been collected.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
