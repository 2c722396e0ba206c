package pacing_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

// BenchmarkCall is what pacing adds to a call: its turn, and its answer.
func BenchmarkCall(b *testing.B) {
	pacer := pacing.New(pacing.Options{Limit: 1 << 20, Window: 100 * time.Second})
	calls := make([]wagraph.TraceStart, 1000)
	for i := range calls {
		calls[i] = start(fmt.Sprint(1 + i))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		call := calls[i%len(calls)]
		require.NoError(b, pacer.WaitFor(b.Context(), call))
		pacer.Observe(wagraph.TraceEnd{TraceStart: call, Status: http.StatusOK})
	}
}
