package onboard

import (
	"context"
	"time"
)

// Acquire leases the objects; see [Leases].
func (m *MemoryStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...Object) (Lease, error) {
	if err := m.check(ctx); err != nil {
		return Lease{}, err
	}
	return m.MemoryLeases.Acquire(ctx, owner, ttl, objects...)
}

// Extend lets the lease end later; see [Leases].
func (m *MemoryStore) Extend(ctx context.Context, lease Lease, ttl time.Duration) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	return m.MemoryLeases.Extend(ctx, lease, ttl)
}

// Release ends the lease; see [Leases].
func (m *MemoryStore) Release(ctx context.Context, lease Lease) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	return m.MemoryLeases.Release(ctx, lease)
}

// Held reports whether a lease has the object.
func (m *MemoryStore) Held(object Object) bool {
	return m != nil && m.MemoryLeases.Held(object)
}
