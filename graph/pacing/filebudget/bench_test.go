package filebudget_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// BenchmarkUpdate measures what it takes to let a call go.
func BenchmarkUpdate(b *testing.B) {
	pacer := pacing.New(pacing.Config{Budget: open(b, b.TempDir()), Limit: 1 << 20})
	for b.Loop() {
		require.NoError(b, pacer.WaitFor(b.Context(), call("1")))
	}
}
