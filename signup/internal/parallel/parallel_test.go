package parallel_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/parallel"
)

func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func results(seq iter.Seq2[int, error]) (values []int, last error) {
	for value, err := range seq {
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
	return values, nil
}

func TestRun_ResultsAreInTheOrderOfTheItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		values, err := results(parallel.Run(t.Context(), 5, numbers(10), func(_ context.Context, i int) (int, error) {
			time.Sleep(time.Duration(10-i) * time.Second) // the first item takes longest
			return i, nil
		}))
		require.NoError(t, err)
		require.Equal(t, slices.Collect(func(yield func(int) bool) {
			for i := range 10 {
				yield(i)
			}
		}), values)
		require.Less(t, time.Since(began), 55*time.Second, "several items are worked on at the same time")
	})
}

func TestRun_ErrorIsTheLastResult(t *testing.T) {
	failed := errors.New("item 3")
	values, err := results(parallel.Run(t.Context(), 2, numbers(10), func(_ context.Context, i int) (int, error) {
		if i == 3 {
			return 0, failed
		}
		return i, nil
	}))
	require.Equal(t, failed, err)
	require.Equal(t, []int{0, 1, 2}, values)
}

func TestRun_PanicIsAnErrorOfItsItem(t *testing.T) {
	values, err := results(parallel.Run(t.Context(), 2, numbers(10), func(_ context.Context, i int) (int, error) {
		if i == 1 {
			panic("a bug")
		}
		return i, nil
	}))
	require.ErrorIs(t, err, graph.ErrPanicked)
	require.ErrorContains(t, err, "a bug")
	require.Equal(t, []int{0}, values)
}
