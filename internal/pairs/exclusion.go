package pairs

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// WithoutExclusion returns a store that gives the assets of a client to each worker that
// asks: only records are exclusive. It shows what the leases of the assets prevent.
func WithoutExclusion(store onboard.Store) onboard.Store { return openStore{store} }

type openStore struct{ onboard.Store }

func isAsset(o onboard.Object) bool { return o.Kind != onboard.ObjectRecord }

func (s openStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	records := slices.DeleteFunc(slices.Clone(objects), isAsset)
	if len(records) > 0 {
		return s.Store.Acquire(ctx, owner, ttl, records...)
	}
	return onboard.Lease{Owner: owner, Token: rand.Text(), Objects: objects, Granted: time.Now().UTC()}, nil
}

func (s openStore) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	if slices.ContainsFunc(lease.Objects, isAsset) {
		return nil
	}
	return s.Store.Extend(ctx, lease, ttl)
}

func (s openStore) Release(ctx context.Context, lease onboard.Lease) error {
	if slices.ContainsFunc(lease.Objects, isAsset) {
		return nil
	}
	return s.Store.Release(ctx, lease)
}

// CountBusy returns a store that counts how often a lease was refused because another
// worker has the object.
func CountBusy(store onboard.Store, count *atomic.Int64) onboard.Store {
	return busyStore{store, count}
}

type busyStore struct {
	onboard.Store
	busy *atomic.Int64
}

func (s busyStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	lease, err := s.Store.Acquire(ctx, owner, ttl, objects...)
	if errors.Is(err, onboard.ErrBusy) {
		s.busy.Add(1)
	}
	return lease, err
}
