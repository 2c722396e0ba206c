package pacing

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// Budget stores the quotas. Pacers with the same Budget, in this process or in
// others, share the quotas: together they let as many calls go as one of them
// would. [Memory] is a Budget for one process, and package filebudget has one
// for the processes of a machine. To share quotas among machines, implement it
// with any database that has transactions.
type Budget interface {
	// Update reads the Quota of a key, runs change on it and stores the result.
	// No other change of the same key happens in between. A key that is not
	// stored has the zero Quota. The Budget may lose a Quota, and may delete one
	// that is [Quota.Idle]: the next usage header says again what is used.
	//
	// change only computes and takes no time. A Budget that finds that another
	// process was faster may run change again, on the newer Quota, and store
	// only the last result. An error, also one of the context, means that the
	// call is not sent.
	//
	// A key is a short printable text: Config.App, a slash, and an object's id.
	Update(ctx context.Context, key string, change func(*Quota)) error
}

// update runs change through the Budget. It adds a kind to the Budget's errors
// and turns a panic of the Budget into one.
func (p *Pacer) update(ctx context.Context, key string, change func(*Quota)) error {
	changed := false
	err := guard.Run("Budget.Update", graph.ErrPanicked, func() error {
		return p.budget.Update(ctx, key, func(q *Quota) {
			changed = true
			change(q)
		})
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w: %w", errInterrupted, err)
	case err != nil:
		return &budgetError{err}
	case !changed: // the call would wait for a turn that never comes
		return &budgetError{errUnchanged}
	}
	return nil
}

// defaultQuotas is how many quotas a Memory holds by default.
const defaultQuotas = 100_000

// Memory is a Budget for the Pacers of one process. It deletes idle quotas. When
// it holds too many, it deletes those that were not used for the longest time,
// but none that Meta blocks. It is safe for concurrent use. Its zero value holds
// up to 100,000 quotas.
type Memory struct {
	mu     sync.Mutex
	quotas recent[*Quota]
	most   int
}

// NewMemory returns a Memory that holds up to that many quotas; 0 means 100,000.
// A quota takes up to 3 KB, and some 250 bytes for an account with a few calls
// an hour.
func NewMemory(quotas int) *Memory { return &Memory{most: quotas} }

// Update implements Budget. It fails only if an argument or the Memory is nil,
// and never waits for long.
func (m *Memory) Update(ctx context.Context, key string, change func(*Quota)) error {
	switch {
	case m == nil:
		return &graph.InputError{Field: "memory", Reason: "is nil; pacing.NewMemory makes one"}
	case ctx == nil:
		return &graph.InputError{Field: "context", Reason: "is nil"}
	case change == nil:
		return &graph.InputError{Field: "change", Reason: "is nil"}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	q, ok := m.quotas.get(key)
	if !ok {
		q = &Quota{}
		m.quotas.put(key, q)
	}
	change(q)
	m.prune()
	return nil
}

// prune deletes only a few quotas at a time, so that no call takes long.
func (m *Memory) prune() {
	most := m.most
	if most <= 0 {
		most = defaultQuotas
	}
	now := time.Now()
	for range 4 {
		key, q, ok := m.quotas.oldest()
		switch {
		case !ok || m.quotas.len() == 1:
			return
		case q.blockedUntil > now.UnixNano():
			m.quotas.get(key) // it is now the newest, so that the next one is looked at
		case q.Idle(now) || m.quotas.len() > most:
			m.quotas.drop(key)
		default:
			return
		}
	}
}

// recent is a map that knows which of its entries was not used for the longest
// time. Its zero value is empty.
type recent[V any] struct {
	order list.List // of *recentEntry[V], the newest in front
	items map[string]*list.Element
}

type recentEntry[V any] struct {
	key   string
	value V
}

func (r *recent[V]) len() int { return len(r.items) }

// get returns an entry and makes it the newest.
func (r *recent[V]) get(key string) (V, bool) {
	item, ok := r.items[key]
	if !ok {
		var zero V
		return zero, false
	}
	r.order.MoveToFront(item)
	return item.Value.(*recentEntry[V]).value, true
}

func (r *recent[V]) put(key string, value V) {
	if item, ok := r.items[key]; ok {
		item.Value.(*recentEntry[V]).value = value
		r.order.MoveToFront(item)
		return
	}
	if r.items == nil {
		r.items = map[string]*list.Element{}
	}
	r.items[key] = r.order.PushFront(&recentEntry[V]{key, value})
}

func (r *recent[V]) drop(key string) {
	if item, ok := r.items[key]; ok {
		r.order.Remove(item)
		delete(r.items, key)
	}
}

// oldest returns the entry that was not used for the longest time.
func (r *recent[V]) oldest() (string, V, bool) {
	item := r.order.Back()
	if item == nil {
		var zero V
		return "", zero, false
	}
	entry := item.Value.(*recentEntry[V])
	return entry.key, entry.value, true
}
