package filebudget_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/pacing"
)

// BenchmarkUpdate is one change of a ledger with a call in it.
func BenchmarkUpdate(b *testing.B) {
	pacer := pacing.New(pacing.Options{Budget: open(b, b.TempDir()), Limit: 1 << 20})
	for b.Loop() {
		require.NoError(b, pacer.WaitFor(b.Context(), call("1")))
	}
}
