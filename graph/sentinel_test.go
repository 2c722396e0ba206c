package graph_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestNewSentinel(t *testing.T) {
	gone := graph.NewSentinel(graph.ErrNotFound, "store: no such record")
	same := graph.NewSentinel(graph.ErrNotFound, "store: no such record")
	wrapped := fmt.Errorf("reading: %w", gone)
	require.EqualError(t, gone, "store: no such record")
	require.ErrorIs(t, wrapped, gone)
	require.NotErrorIs(t, wrapped, same)
	require.ErrorIs(t, wrapped, graph.ErrNotFound)
	require.Equal(t, graph.ErrNotFound, graph.KindOf(wrapped))
	require.Empty(t, graph.KindOf(errors.New("plain")))
}
