package credit

import (
	"context"
	"fmt"
	"sync"

	"github.com/seed-8fdceacd/wagraph"
)

// pair is what has at most one allocation.
type pair struct {
	line     wagraph.CreditLineID
	business wagraph.BusinessID
}

// flights are the shares under way, one for each pair: two that look at once
// would both find nothing, and both post.
type flights struct {
	mu   sync.Mutex
	busy map[pair]chan struct{} // closed when the share has ended
}

// enter waits until no other share of the pair is under way. The caller has to
// leave.
func (f *flights) enter(ctx context.Context, p pair) (leave func(), err error) {
	for {
		other := f.take(p)
		if other == nil {
			return func() { f.leave(p) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fmt.Errorf("credit: waiting for another share of line %s with business %s: %w", p.line, p.business, ctx.Err())
		}
	}
}

// take takes the pair, or returns what to wait for.
func (f *flights) take(p pair) (other <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if other, taken := f.busy[p]; taken {
		return other
	}
	if f.busy == nil {
		f.busy = map[pair]chan struct{}{}
	}
	f.busy[p] = make(chan struct{})
	return nil
}

func (f *flights) leave(p pair) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.busy[p])
	delete(f.busy, p)
}
