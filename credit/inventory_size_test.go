package credit_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// A hundred thousand clients are listed, and no call is made for a single one.
func TestClient_InventoryOfAHundredThousandClients(t *testing.T) {
	const clients = 100_000
	server := graphtest.New(t, graphtest.WithClients(clients, 0), graphtest.WithoutLog())
	calls := map[string]int{}
	server.Control("", func(call graphtest.Call) *graphtest.Fault {
		calls[call.Method+" "+call.Route]++
		return nil
	})
	w := server.World()
	lines := credit.New(server.Client())
	before := heap()
	var peak uint64
	got, err := lines.Inventory(t.Context(), credit.InventoryRequest{
		Line: w.CreditLine,
		Expected: func(yield func(credit.Expected, error) bool) {
			yield(credit.Expected{Business: w.WithCredit, Allocation: w.Allocation}, nil)
		},
		Progress: func(read int) {
			if read%30_000 == 0 {
				peak = max(peak, heap())
			}
		},
	})
	require.NoError(t, err)
	require.Equal(t, 1, got.Matched)
	require.Empty(t, got.Missing)
	require.Empty(t, got.Duplicate)
	require.Len(t, slices.Compact(got.Orphaned), len(got.Orphaned), "sorted, and each once")
	allocations := got.Matched + len(got.Orphaned)
	require.InDelta(t, clients, allocations, clients/10)
	require.Len(t, calls, 1, "one list")
	pages := calls["GET /{extended-credit-id}/owning_credit_allocation_configs"]
	require.LessOrEqual(t, pages, allocations/100+2)
	perClient := (int64(peak) - int64(before)) / int64(allocations)
	t.Logf("%d allocations, %d calls, %d bytes of heap for each", allocations, pages, perClient)
	require.Less(t, perClient, int64(1024), "an allocation takes the memory of a few ids")
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
