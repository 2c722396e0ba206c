package popup

import (
	"container/heap"
	"time"
)

// expiring is a map of limited size whose entries expire. It is not safe for concurrent
// use: its owner locks it.
type expiring[V any] struct {
	max     int
	entries map[string]*expiringEntry[V]
	order   expiringHeap[V]
}

type expiringEntry[V any] struct {
	key   string
	value V
	until time.Time
}

func newExpiring[V any](limit int) *expiring[V] {
	return &expiring[V]{max: limit, entries: map[string]*expiringEntry[V]{}}
}

// prune removes the entries that have expired.
func (m *expiring[V]) prune(now time.Time) {
	for len(m.order) > 0 && !m.order[0].until.After(now) {
		m.dropFirst()
	}
}

// dropFirst removes the entry that expires first.
func (m *expiring[V]) dropFirst() {
	first := heap.Pop(&m.order).(*expiringEntry[V])
	delete(m.entries, first.key)
}

func (m *expiring[V]) full() bool { return len(m.entries) >= m.max }

func (m *expiring[V]) get(key string) (*V, bool) {
	entry, ok := m.entries[key]
	if !ok {
		return nil, false
	}
	return &entry.value, true
}

// add stores a value under a key that is not in the map.
func (m *expiring[V]) add(key string, value V, until time.Time) *V {
	entry := &expiringEntry[V]{key: key, value: value, until: until}
	m.entries[key] = entry
	heap.Push(&m.order, entry)
	return &entry.value
}

// expiringHeap has the entry that expires first at index 0.
type expiringHeap[V any] []*expiringEntry[V]

func (h expiringHeap[V]) Len() int           { return len(h) }
func (h expiringHeap[V]) Less(i, j int) bool { return h[i].until.Before(h[j].until) }
func (h expiringHeap[V]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *expiringHeap[V]) Push(x any) { *h = append(*h, x.(*expiringEntry[V])) }

// Pop implements heap.Interface.
func (h *expiringHeap[V]) Pop() any {
	last := len(*h) - 1
	entry := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return entry
}
