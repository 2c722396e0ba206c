package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	storetest.TestStore(t, func(*testing.T) onboard.Store { return onboard.NewMemoryStore() }, storetest.StoreOptions{})
}

func TestMemoryStore_NilHasNoLeases(t *testing.T) {
	t.Parallel()
	var none *onboard.MemoryStore
	object := onboard.RecordObject("r1")
	_, err := none.Acquire(t.Context(), "w", time.Minute, object)
	require.ErrorIs(t, err, graph.ErrInput)
	require.ErrorIs(t, none.Extend(t.Context(), onboard.Lease{}, time.Minute), graph.ErrInput)
	require.ErrorIs(t, none.Release(t.Context(), onboard.Lease{}), graph.ErrInput)
	require.False(t, none.Held(object))
}
