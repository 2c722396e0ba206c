package wagraph_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

func TestNewSentinel(t *testing.T) {
	gone := wagraph.NewSentinel(wagraph.ErrNotFound, "store: no such record")
	same := wagraph.NewSentinel(wagraph.ErrNotFound, "store: no such record")
	wrapped := fmt.Errorf("reading: %w", gone)
	require.EqualError(t, gone, "store: no such record")
	require.ErrorIs(t, wrapped, gone)
	require.NotErrorIs(t, wrapped, same)
	require.ErrorIs(t, wrapped, wagraph.ErrNotFound)
	require.Equal(t, wagraph.ErrNotFound, wagraph.KindOf(wrapped))
	require.Empty(t, wagraph.KindOf(errors.New("plain")))
}
