package graphtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestImpossibleFaultsPanic where they are written, not in the call they happen to.
func TestImpossibleFaultsPanic(t *testing.T) {
	server := graphtest.New(t)
	const route = "GET /{waba-id}"
	for _, status := range []int{-1, 99, 199, 600, 1000} {
		require.Panics(t, func() { server.Once(route, graphtest.Fault{Status: status}) }, status)
	}
	require.Panics(t, func() { server.Times(route, 2, graphtest.Fault{Delay: -1}) })
	require.NotPanics(t, func() { server.Once(route, graphtest.Fault{Status: 599}) })
}
