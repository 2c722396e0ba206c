package sortedmap

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// Map is a map that is listed in the order of its keys.
type Map[K comparable, V any] struct {
	items   map[K]V
	keys    []K
	compare func(K, K) int
}

// Put stores a value and replaces an earlier one.
func (m *Map[K, V]) Put(key K, value V) {
	if i, found := slices.BinarySearchFunc(m.keys, key, m.compare); !found {
		m.keys = slices.Insert(m.keys, i, key)
	}
	m.items[key] = value
}

// New returns an empty map.
func New[K comparable, V any](compare func(K, K) int) Map[K, V] {
	return Map[K, V]{items: map[K]V{}, compare: compare}
}

// Get returns the value, or the zero value.
func (m *Map[K, V]) Get(key K) (V, bool) {
	value, ok := m.items[key]
	return value, ok
}

// Drop removes the value of a key, if there is one.
func (m *Map[K, V]) Drop(key K) {
	if i, found := slices.BinarySearchFunc(m.keys, key, m.compare); found {
		m.keys = slices.Delete(m.keys, i, i+1)
		delete(m.items, key)
	}
}

// All yields the values in the order of their keys.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, key := range m.keys {
			if !yield(key, m.items[key]) {
				return
			}
		}
	}
}

// pageSize is the number of items that are read under one lock.
const pageSize = 128

// List yields the values behind after that pick accepts; pick returns a copy. The
// lock is not held while the body of the loop runs.
func List[K comparable, V any](ctx context.Context, mu *sync.RWMutex, m *Map[K, V], after K, pick func(V) (V, bool)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for last := after; ; {
			if err := ctx.Err(); err != nil {
				var none V
				yield(none, err)
				return
			}
			mu.RLock()
			keys := m.behind(last)
			var page []V
			for _, key := range keys {
				if item, ok := pick(m.items[key]); ok {
					page = append(page, item)
				}
				last = key
			}
			mu.RUnlock()
			if len(keys) == 0 {
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// behind returns the next page of keys. It may be used while the lock is held.
func (m *Map[K, V]) behind(after K) []K {
	i, found := slices.BinarySearchFunc(m.keys, after, m.compare)
	if found {
		i++
	}
	return m.keys[i:min(i+pageSize, len(m.keys))]
}
