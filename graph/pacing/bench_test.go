package pacing_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// BenchmarkPacer measures what a Pacer adds to a call: WaitFor and Observe.
func BenchmarkPacer(b *testing.B) {
	pacer := pacing.New(pacing.Config{Limit: 1 << 20, Window: 100 * time.Second})
	calls := make([]graph.TraceStart, 1000)
	for i := range calls {
		calls[i] = start(fmt.Sprint(1 + i))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		call := calls[i%len(calls)]
		require.NoError(b, pacer.WaitFor(b.Context(), call))
		pacer.Observe(graph.TraceEnd{TraceStart: call, Status: http.StatusOK})
	}
}
