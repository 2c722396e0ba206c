package onboard

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"
)

// MemoryLeases is Leases in memory, for the workers of one process. The zero value
// holds no lease.
type MemoryLeases struct {
	mu   sync.Mutex
	held map[Object]heldLease
}

// heldLease is who holds an object, and until when.
type heldLease struct {
	owner, token string
	until        time.Time
}

// NewMemoryLeases returns MemoryLeases without a lease.
func NewMemoryLeases() *MemoryLeases { return &MemoryLeases{} }

var _ Leases = (*MemoryLeases)(nil)

// check refuses nil leases, and a nil or ended context.
func (m *MemoryLeases) check(ctx context.Context) error {
	if m == nil {
		return badField("MemoryLeases", "is nil: NewMemoryLeases makes one")
	}
	if err := checkContext(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// Acquire leases the objects; see [Leases].
func (m *MemoryLeases) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...Object) (Lease, error) {
	if err := m.check(ctx); err != nil {
		return Lease{}, err
	}
	if err := CheckAcquire(owner, ttl, objects); err != nil {
		return Lease{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	objects = SortObjects(objects)
	for _, object := range objects {
		if holder, held := m.held[object]; held && holder.until.After(now) {
			return Lease{}, fmt.Errorf("%w: %s has %v for %v", ErrBusy, holder.owner, object, holder.until.Sub(now).Round(time.Second))
		}
	}
	if m.held == nil {
		m.held = map[Object]heldLease{}
	}
	lease := Lease{Owner: owner, Token: rand.Text(), Objects: objects, Granted: now.UTC()}
	for _, object := range objects {
		m.held[object] = heldLease{owner: owner, token: lease.Token, until: now.Add(ttl)}
	}
	return lease, nil
}

// Extend lets the lease end later; see [Leases].
func (m *MemoryLeases) Extend(ctx context.Context, lease Lease, ttl time.Duration) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	if err := CheckAcquire(lease.Owner, ttl, lease.Objects); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for _, object := range lease.Objects {
		if holder := m.held[object]; holder.token != lease.Token || !holder.until.After(now) {
			return ErrLeaseLost
		}
	}
	for _, object := range lease.Objects {
		m.held[object] = heldLease{owner: lease.Owner, token: lease.Token, until: now.Add(ttl)}
	}
	return nil
}

// Release ends the lease; see [Leases].
func (m *MemoryLeases) Release(ctx context.Context, lease Lease) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, object := range lease.Objects {
		if m.held[object].token == lease.Token {
			delete(m.held, object)
		}
	}
	return nil
}

// Held reports whether a lease has the object. A store in memory uses it to pass over
// the records that a worker has.
func (m *MemoryLeases) Held(object Object) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	holder, held := m.held[object]
	return held && holder.until.After(time.Now())
}
