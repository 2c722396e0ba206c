package pacing

import "container/list"

// recent is a map that knows which of its entries was used the longest ago. Its
// zero value is empty.
type recent[V any] struct {
	order list.List // of *recentEntry[V], the latest in front
	items map[string]*list.Element
}

type recentEntry[V any] struct {
	key   string
	value V
}

func (r *recent[V]) len() int { return len(r.items) }

// get finds an entry, and counts as a use of it.
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

// oldest is the entry that was used the longest ago.
func (r *recent[V]) oldest() (string, V, bool) {
	item := r.order.Back()
	if item == nil {
		var zero V
		return "", zero, false
	}
	entry := item.Value.(*recentEntry[V])
	return entry.key, entry.value, true
}
