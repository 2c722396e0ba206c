package sortedmap_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/internal/sortedmap"
)

func list(ctx context.Context, m *sortedmap.Map[int, int], after int, pick func(int) (int, bool)) (values []int, err error) {
	var mu sync.RWMutex
	for value, err := range sortedmap.List(ctx, &mu, m, after, pick) {
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
	return values, nil
}

func all(v int) (int, bool) { return v, true }

func TestList_IsInTheOrderOfTheKeys(t *testing.T) {
	m := sortedmap.New[int, int](cmp.Compare[int])
	for _, key := range rand.Perm(1000) {
		m.Put(key, -1)
		m.Put(key, 10*key)
	}
	m.Drop(500)
	m.Drop(500)
	_, found := m.Get(500)
	require.False(t, found)

	values, err := list(t.Context(), &m, 497, func(v int) (int, bool) { return v, v%20 == 0 })
	require.NoError(t, err)
	require.Len(t, values, 250, "from 498 on, each second one, without 500")
	require.Equal(t, []int{4980, 5020, 5040}, values[:3])

	values, err = list(t.Context(), &m, -1, all)
	require.NoError(t, err)
	require.Len(t, values, 999)
	require.IsIncreasing(t, values)
}

func TestList_EndedContext(t *testing.T) {
	m := sortedmap.New[int, int](cmp.Compare[int])
	m.Put(1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	values, err := list(ctx, &m, 0, all)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, values)
}
