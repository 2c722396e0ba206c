package graphtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func TestWithClients_NegativeCountMeansNone(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(-1, -1), graphtest.WithMaxCost(-1), graphtest.WithCallbacks(nil))
	w := server.World()
	list, err := graph.Collect(waba.New(server.Client()).Clients(w.Business, waba.Query{}).All(t.Context()), 100)
	require.NoError(t, err)
	require.Len(t, list, len(w.ClientWABAs))
}

func TestWithSeed_ChangesTokensAndIDs(t *testing.T) {
	first, again, other := graphtest.New(t), graphtest.New(t), graphtest.New(t, graphtest.WithSeed(2))
	require.Equal(t, first.World().ClientWABAs, again.World().ClientWABAs)
	require.True(t, first.World().Admin.Token.Equal(again.World().Admin.Token))
	require.NotEqual(t, first.World().ClientWABAs, other.World().ClientWABAs)
	require.False(t, first.World().Admin.Token.Equal(other.World().Admin.Token))
}
