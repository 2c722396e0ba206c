package parallel

import (
	"context"
	"iter"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// defaultConcurrency is the number of items that are worked on at the same time,
// unless the options of a job say otherwise.
const defaultConcurrency = 4

// worked is the result of one item.
type worked[R any] struct {
	value R
	err   error
}

// Run works on width items at the same time and yields the results in the order of
// the items. A caller that has seen one result has seen all results before it, so it
// can resume a job behind it. The last value is an error, if an item or the sequence
// of items had one. Work that was begun is finished before the loop ends, unless ctx
// ends. A panic of work is an error of its item, of kind graph.ErrPanicked.
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
				var result worked[R]
				result.err = guard.Run("the work on an item", graph.ErrPanicked, func() (err error) {
					result.value, err = work(ctx, item)
					return err
				})
				ended <- result
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
