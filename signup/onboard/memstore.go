package onboard

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/sortedmap"
)

// MemoryStore is a Store in memory, for tests and for a first try. Its records are
// lost when the process ends. The zero value is an empty store.
type MemoryStore struct {
	MemoryLeases

	mu      sync.RWMutex
	records sortedmap.Map[string, Record]
	begun   map[memoryKey]string // the record's id
}

var _ Store = (*MemoryStore)(nil)

// memoryKey is unique: no two records have the same.
type memoryKey struct {
	app     graph.AppID
	session bool // the key is a Session, not a Key
	key     string
}

// keysOf lists the keys of a record: no other record may have one of them.
func keysOf(r Record) []memoryKey {
	keys := []memoryKey{{app: r.App, key: r.Key}}
	if r.Session != "" {
		keys = append(keys, memoryKey{app: r.App, session: true, key: r.Session})
	}
	return keys
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
	keys := keysOf(record)
	for _, key := range keys {
		if id, ok := m.begun[key]; ok {
			stored, _ := m.records.Get(id)
			return stored.Clone(), ErrExists
		}
	}
	if _, ok := m.records.Get(record.ID); ok {
		return Record{}, ErrConflict
	}
	record.Revision = 1
	for _, key := range keys {
		m.begun[key] = record.ID
	}
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
	case stored.Tenant != record.Tenant, stored.App != record.App, stored.Key != record.Key, stored.Session != record.Session:
		return Record{}, badField("record", "has another tenant, app, key or session than when it was inserted")
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

// AcquireDue leases the records that are due longest; see [Store].
func (m *MemoryStore) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]Lease, error) {
	if err := cmp.Or(m.check(ctx), CheckAcquireDue(owner, ttl, limit)); err != nil {
		return nil, err
	}
	type work struct {
		id  string
		due time.Time
	}
	var due []work
	now := time.Now()
	m.mu.RLock()
	for _, record := range m.records.All() {
		if at, open := record.Due(); open && !at.After(now) && !m.Held(RecordObject(record.ID)) {
			due = append(due, work{record.ID, at})
		}
	}
	m.mu.RUnlock()
	slices.SortStableFunc(due, func(a, b work) int { return a.due.Compare(b.due) })
	var leases []Lease
	for _, next := range due {
		if len(leases) == limit {
			break
		}
		switch lease, err := m.Acquire(ctx, owner, ttl, RecordObject(next.id)); {
		case err == nil:
			leases = append(leases, lease)
		case !errors.Is(err, ErrBusy): // another caller was quicker
			return leases, err
		}
	}
	return leases, nil
}

// Backlog counts the work that waits; see [Store].
func (m *MemoryStore) Backlog(ctx context.Context) (Backlog, error) {
	if err := m.check(ctx); err != nil {
		return Backlog{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	var backlog Backlog
	now := time.Now()
	for _, record := range m.records.All() {
		backlog.Count(record, now)
	}
	return backlog, nil
}

// Erase deletes the records of a tenant; see [Store].
func (m *MemoryStore) Erase(ctx context.Context, tenant signup.Tenant) (int, error) {
	if err := m.check(ctx); err != nil {
		return 0, err
	}
	if tenant == "" {
		return 0, badField("tenant", "is empty")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var erased []Record
	for _, record := range m.records.All() {
		if record.Tenant == tenant {
			erased = append(erased, record)
		}
	}
	for _, record := range erased {
		m.records.Drop(record.ID)
		for _, key := range keysOf(record) {
			delete(m.begun, key)
		}
	}
	return len(erased), nil
}

// onlyError returns an iterator that yields only an error.
func onlyError[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}
