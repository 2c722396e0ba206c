package credit

import (
	"context"
	"fmt"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// lineAndBusiness names a pair that may have at most one allocation.
type lineAndBusiness struct {
	line     graph.CreditLineID
	business graph.BusinessID
}

// shareLocks lets one share at a time work on a line and a business. Two that
// read at the same time would both find no allocation, and both post.
type shareLocks struct {
	mu    sync.Mutex
	taken map[lineAndBusiness]chan struct{} // closed when the share has ended
}

// lock waits until no other share has the pair. The caller has to call unlock.
func (l *shareLocks) lock(ctx context.Context, pair lineAndBusiness) (unlock func(), err error) {
	for {
		other := l.tryLock(pair)
		if other == nil {
			return func() { l.unlock(pair) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, interrupted(ctx, fmt.Sprintf("waiting for another share of line %s with business %s", pair.line, pair.business))
		}
	}
}

// tryLock takes the pair. If another share has it, tryLock returns the channel
// that is closed when that share ends.
func (l *shareLocks) tryLock(pair lineAndBusiness) (other <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, taken := l.taken[pair]; taken {
		return other
	}
	if l.taken == nil {
		l.taken = map[lineAndBusiness]chan struct{}{}
	}
	l.taken[pair] = make(chan struct{})
	return nil
}

func (l *shareLocks) unlock(pair lineAndBusiness) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.taken[pair])
	delete(l.taken, pair)
}
