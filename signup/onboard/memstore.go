package onboard

import (
	"cmp"
	"context"
	"iter"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/sortedmap"
)

// MemoryStore is a Store in memory, for tests and for a first try. Its records are
// lost when the process ends. The zero value is an empty store.
type MemoryStore struct {
	mu      sync.RWMutex
	records sortedmap.Map[string, Record]
	begun   map[memoryKey]string // the record's id
}

// memoryKey is unique: no two records have the same.
type memoryKey struct {
	app graph.AppID
	key string
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{}
}

// check refuses a nil store and a nil or ended context.
func (m *MemoryStore) check(ctx context.Context) error {
	if m == nil {
		return badField("MemoryStore", "is nil: NewMemoryStore makes one")
	}
	if err := checkContext(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// prepare makes the maps of a zero MemoryStore. The caller has the lock.
func (m *MemoryStore) prepare() {
	if m.begun == nil {
		m.begun = map[memoryKey]string{}
		m.records = sortedmap.New[string, Record](cmp.Compare[string])
	}
}

// Insert stores a new record; see [Store].
func (m *MemoryStore) Insert(ctx context.Context, record Record) (Record, error) {
	if err := cmp.Or(m.check(ctx), record.Check()); err != nil {
		return Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.prepare()
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

// Get returns the record; see [Store].
func (m *MemoryStore) Get(ctx context.Context, id string) (Record, error) {
	if err := m.check(ctx); err != nil {
		return Record{}, err
	}
	if id == "" {
		return Record{}, badField("record id", "is empty")
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	record, ok := m.records.Get(id)
	if !ok {
		return Record{}, ErrNoRecord
	}
	return record.Clone(), nil
}

// Update overwrites the record of that Revision; see [Store].
func (m *MemoryStore) Update(ctx context.Context, record Record) (Record, error) {
	if err := cmp.Or(m.check(ctx), record.Check()); err != nil {
		return Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.prepare()
	stored, ok := m.records.Get(record.ID)
	switch {
	case !ok:
		return Record{}, ErrNoRecord
	case stored.Tenant != record.Tenant, stored.App != record.App, stored.Key != record.Key:
		return Record{}, badField("record", "has another tenant, app or key than when it was inserted")
	case stored.Revision != record.Revision:
		return Record{}, ErrConflict
	}
	record.Revision++
	m.records.Put(record.ID, record.Clone())
	return record.Clone(), nil
}

// List yields the records that the filter selects; see [Store].
func (m *MemoryStore) List(ctx context.Context, filter Filter) iter.Seq2[Record, error] {
	if err := m.check(ctx); err != nil {
		return onlyError[Record](err)
	}
	return sortedmap.List(ctx, &m.mu, &m.records, filter.After, func(record Record) (Record, bool) {
		if !filter.Match(record) {
			return Record{}, false
		}
		return record.Clone(), true
	})
}

// onlyError returns an iterator that yields only an error.
func onlyError[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}
