package crash

import (
	"context"
	"iter"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Store puts the points around the writes of a store.
func (p *Points) Store(inner onboard.Store) onboard.Store { return store{inner, p} }

type store struct {
	inner  onboard.Store
	points *Points
}

func (s store) Insert(ctx context.Context, record onboard.Record) (stored onboard.Record, err error) {
	var known error
	err = s.points.around("insert", func() error {
		stored, known = s.inner.Insert(ctx, record)
		return nil
	})
	if err != nil {
		return onboard.Record{}, err
	}
	return stored, known
}

func (s store) Update(ctx context.Context, record onboard.Record) (stored onboard.Record, err error) {
	err = s.points.around("update", func() (err error) {
		stored, err = s.inner.Update(ctx, record)
		return err
	})
	return stored, err
}

func (s store) Get(ctx context.Context, id string) (onboard.Record, error) {
	if err := s.points.alive(); err != nil {
		return onboard.Record{}, err
	}
	return s.inner.Get(ctx, id)
}

func (s store) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	return s.inner.List(ctx, filter)
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
