// Package inorder runs a job over many items: side by side, with its results in
// the order of the items.
package inorder

import (
	"context"
	"iter"
	"sync"
)

// defaultConcurrency is how many secrets a job works on at once unless its
// options say otherwise.
const defaultConcurrency = 4

// worked is what became of one item.
type worked[R any] struct {
	value R
	err   error
}

// Run works on items side by side, width at a time, and yields the results
// in the order of the items: whoever has seen one has seen all before it, so a
// job can be resumed behind it. An error, of an item or of the items, is the last
// thing yielded. What was begun is finished before the loop is left, unless ctx
// ends.
func Run[T, R any](ctx context.Context, width int, items iter.Seq2[T, error], work func(context.Context, T) (R, error)) iter.Seq2[R, error] {
	if width <= 0 {
		width = defaultConcurrency
	}
	return func(yield func(R, error) bool) {
		var workers sync.WaitGroup
		defer workers.Wait()
		begun := make(chan chan worked[R], width)
		deliver := func() bool {
			r := <-<-begun
			return yield(r.value, r.err) && r.err == nil
		}
		var failed error
		for item, err := range items {
			if err != nil {
				failed = err
				break
			}
			if len(begun) == width && !deliver() {
				return
			}
			ended := make(chan worked[R], 1)
			begun <- ended
			workers.Go(func() {
				value, err := work(ctx, item)
				ended <- worked[R]{value, err}
			})
		}
		for len(begun) > 0 {
			if !deliver() {
				return
			}
		}
		if failed != nil {
			var none R
			yield(none, failed)
		}
	}
}
