package crash

import (
	"context"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Store puts the points around the writes of a store.
func (p *Points) Store(inner onboard.Store) onboard.Store { return store{inner, p} }

type store struct {
	onboard.Store
	points *Points
}

func (s store) Insert(ctx context.Context, record onboard.Record) (stored onboard.Record, err error) {
	var known error
	err = s.points.around("insert", func() error {
		stored, known = s.Store.Insert(ctx, record)
		return nil
	})
	if err != nil {
		return onboard.Record{}, err
	}
	return stored, known
}

func (s store) Update(ctx context.Context, record onboard.Record) (stored onboard.Record, err error) {
	err = s.points.around("update", func() (err error) {
		stored, err = s.Store.Update(ctx, record)
		return err
	})
	return stored, err
}

func (s store) Get(ctx context.Context, id string) (onboard.Record, error) {
	if err := s.points.alive(); err != nil {
		return onboard.Record{}, err
	}
	return s.Store.Get(ctx, id)
}

func (s store) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (lease onboard.Lease, err error) {
	err = s.points.around("acquire "+string(objects[0].Kind), func() (err error) {
		lease, err = s.Store.Acquire(ctx, owner, ttl, objects...)
		return err
	})
	return lease, err
}

func (s store) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	if err := s.points.alive(); err != nil {
		return err
	}
	return s.Store.Extend(ctx, lease, ttl)
}

func (s store) Release(ctx context.Context, lease onboard.Lease) error {
	return s.points.around("release "+string(lease.Objects[0].Kind), func() error { return s.Store.Release(ctx, lease) })
}

func (s store) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) (leases []onboard.Lease, err error) {
	err = s.points.around("acquire due", func() (err error) {
		leases, err = s.Store.AcquireDue(ctx, owner, ttl, limit)
		return err
	})
	return leases, err
}

// Storage puts the points around the writes of a vault's storage.
func (p *Points) Storage(inner vault.Storage) vault.Storage { return storage{inner, p} }

type storage struct {
	vault.Storage
	points *Points
}

func (s storage) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	return s.points.around("put "+string(sealed.Kind), func() error { return s.Storage.PutSealed(ctx, sealed) })
}

func (s storage) DeleteSealed(ctx context.Context, ref vault.Ref) error {
	return s.points.around("delete "+string(ref.Kind), func() error { return s.Storage.DeleteSealed(ctx, ref) })
}

func (s storage) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	if err := s.points.alive(); err != nil {
		return vault.SealedSecret{}, err
	}
	return s.Storage.GetSealed(ctx, ref)
}
