package signup

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/seed-8fdceacd/wagraph"
)

// MemoryStore is a Store and a Storage in memory, for tests and for trying things
// out. What it keeps ends with the process: a client whose token was only there
// has to go through the signup again.
type MemoryStore struct {
	mu      sync.RWMutex
	records memoryMap[string, Record]
	begun   map[memoryKey]string // the record's id
	blobs   memoryMap[Ref, SealedSecret]
	writes  int64 // of blobs: their revisions
}

// memoryKey is what no two records share.
type memoryKey struct {
	app wagraph.AppID
	key string
}

// NewMemoryStore makes an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{
		records: memoryMap[string, Record]{items: map[string]Record{}, compare: cmp.Compare[string]},
		begun:   map[memoryKey]string{},
		blobs:   memoryMap[Ref, SealedSecret]{items: map[Ref]SealedSecret{}, compare: Ref.Compare},
	}
}

// Insert keeps a new record.
func (m *MemoryStore) Insert(ctx context.Context, record Record) (Record, error) {
	if err := cmp.Or(ctx.Err(), record.Check()); err != nil {
		return Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	first := memoryKey{record.App, record.Key}
	if id, ok := m.begun[first]; ok {
		return m.records.items[id].Clone(), ErrExists
	}
	if _, ok := m.records.items[record.ID]; ok {
		return Record{}, ErrConflict
	}
	record.Revision = 1
	m.begun[first] = record.ID
	m.records.put(record.ID, record.Clone())
	return record.Clone(), nil
}

// Get returns the record.
func (m *MemoryStore) Get(ctx context.Context, id string) (Record, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	record, ok := m.records.items[id]
	if !ok {
		return Record{}, ErrNoRecord
	}
	return record.Clone(), nil
}

// Update overwrites the record of that Revision.
func (m *MemoryStore) Update(ctx context.Context, record Record) (Record, error) {
	if err := cmp.Or(ctx.Err(), record.Check()); err != nil {
		return Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.records.items[record.ID]
	switch {
	case !ok:
		return Record{}, ErrNoRecord
	case stored.Tenant != record.Tenant, stored.App != record.App, stored.Key != record.Key:
		return Record{}, &wagraph.InputError{Field: "record", Reason: "has another tenant, app or key than when it was inserted"}
	case stored.Revision != record.Revision:
		return Record{}, ErrConflict
	}
	record.Revision++
	m.records.put(record.ID, record.Clone())
	return record.Clone(), nil
}

// List yields the records that fit.
func (m *MemoryStore) List(ctx context.Context, filter Filter) iter.Seq2[Record, error] {
	return listMemory(ctx, &m.mu, &m.records, filter.After, func(record Record) (Record, bool) {
		if !filter.Match(record) {
			return Record{}, false
		}
		return record.Clone(), true
	})
}

// PutBlob writes the blob.
func (m *MemoryStore) PutBlob(ctx context.Context, blob SealedSecret) error {
	if err := cmp.Or(ctx.Err(), blob.Check()); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	// A blob that is not there has Revision 0, which no caller asks for here.
	if blob.Revision != 0 && m.blobs.items[blob.Ref].Revision != blob.Revision {
		return ErrConflict
	}
	m.writes++
	blob.Revision = m.writes
	m.blobs.put(blob.Ref, blob.clone())
	return nil
}

// GetBlob returns the blob.
func (m *MemoryStore) GetBlob(ctx context.Context, ref Ref) (SealedSecret, error) {
	if err := ctx.Err(); err != nil {
		return SealedSecret{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	blob, ok := m.blobs.items[ref]
	if !ok {
		return SealedSecret{}, ErrNoSecret
	}
	return blob.clone(), nil
}

// DeleteBlob forgets the blob.
func (m *MemoryStore) DeleteBlob(ctx context.Context, ref Ref) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs.drop(ref)
	return nil
}

// ListBlobs yields the blobs behind after.
func (m *MemoryStore) ListBlobs(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error] {
	return listMemory(ctx, &m.mu, &m.blobs, after, func(blob SealedSecret) (SealedSecret, bool) { return blob.clone(), true })
}

func (s SealedSecret) clone() SealedSecret {
	s.Data = slices.Clone(s.Data)
	return s
}

// memoryMap is a map that is listed in the order of its keys.
type memoryMap[K comparable, V any] struct {
	items   map[K]V
	keys    []K
	compare func(K, K) int
}

func (o *memoryMap[K, V]) put(key K, value V) {
	if i, found := slices.BinarySearchFunc(o.keys, key, o.compare); !found {
		o.keys = slices.Insert(o.keys, i, key)
	}
	o.items[key] = value
}

func (o *memoryMap[K, V]) drop(key K) {
	if i, found := slices.BinarySearchFunc(o.keys, key, o.compare); found {
		o.keys = slices.Delete(o.keys, i, i+1)
		delete(o.items, key)
	}
}

// memoryPage is how many items are looked at under one lock.
const memoryPage = 128

// listMemory yields what pick takes, and copies, of the items behind after. The lock
// is not held while the loop has the item.
func listMemory[K comparable, V any](ctx context.Context, mu *sync.RWMutex, o *memoryMap[K, V], after K, pick func(V) (V, bool)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for last := after; ; {
			if err := ctx.Err(); err != nil {
				var none V
				yield(none, err)
				return
			}
			mu.RLock()
			keys := o.behind(last)
			var page []V
			for _, key := range keys {
				if item, ok := pick(o.items[key]); ok {
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

// behind is the next page of keys; it is good while the lock is held.
func (o *memoryMap[K, V]) behind(after K) []K {
	i, found := slices.BinarySearchFunc(o.keys, after, o.compare)
	if found {
		i++
	}
	return o.keys[i:min(i+memoryPage, len(o.keys))]
}
