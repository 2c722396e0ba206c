package onboard

import (
	"cmp"
	"context"
	"iter"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/ordered"
)

// MemoryStore is a Store in memory, for tests and for trying things out. What it
// keeps ends with the process.
type MemoryStore struct {
	mu      sync.RWMutex
	records ordered.Map[string, Record]
	begun   map[memoryKey]string // the record's id
}

// memoryKey is what no two records share.
type memoryKey struct {
	app graph.AppID
	key string
}

// NewMemoryStore makes an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{
		records: ordered.New[string, Record](cmp.Compare[string]),
		begun:   map[memoryKey]string{},
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
		stored, _ := m.records.Get(id)
		return stored.Clone(), ErrExists
	}
	if _, ok := m.records.Get(record.ID); ok {
		return Record{}, ErrConflict
	}
	record.Revision = 1
	m.begun[first] = record.ID
	m.records.Put(record.ID, record.Clone())
	return record.Clone(), nil
}

// Get returns the record.
func (m *MemoryStore) Get(ctx context.Context, id string) (Record, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	record, ok := m.records.Get(id)
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
	stored, ok := m.records.Get(record.ID)
	switch {
	case !ok:
		return Record{}, ErrNoRecord
	case stored.Tenant != record.Tenant, stored.App != record.App, stored.Key != record.Key:
		return Record{}, &graph.InputError{Field: "record", Reason: "has another tenant, app or key than when it was inserted"}
	case stored.Revision != record.Revision:
		return Record{}, ErrConflict
	}
	record.Revision++
	m.records.Put(record.ID, record.Clone())
	return record.Clone(), nil
}

// List yields the records that fit.
func (m *MemoryStore) List(ctx context.Context, filter Filter) iter.Seq2[Record, error] {
	return ordered.List(ctx, &m.mu, &m.records, filter.After, func(record Record) (Record, bool) {
		if !filter.Match(record) {
			return Record{}, false
		}
		return record.Clone(), true
	})
}
