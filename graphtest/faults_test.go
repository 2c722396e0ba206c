package graphtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestTimes_PanicsOnImpossibleFault checks that the panic comes where the fault is written, not
// in the call that it would happen to.
func TestTimes_PanicsOnImpossibleFault(t *testing.T) {
	server := graphtest.New(t)
	const route = "GET /{waba-id}"
	for _, status := range []int{-1, 99, 199, 600, 1000} {
		require.Panics(t, func() { server.Once(route, graphtest.Fault{Status: status}) }, status)
	}
	require.Panics(t, func() { server.Times(route, 2, graphtest.Fault{Delay: -1}) })
	require.NotPanics(t, func() { server.Once(route, graphtest.Fault{Status: 599}) })
}

func TestControl_NilFunctionLetsCallsPass(t *testing.T) {
	server := graphtest.New(t)
	remove := server.Control("", nil)
	w := server.World()
	_, err := read(t, server.Client(), w.ClientWABAs[0])
	require.NoError(t, err)
	remove()
}
