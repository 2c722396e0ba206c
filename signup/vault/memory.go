package vault

import (
	"cmp"
	"context"
	"iter"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/sortedmap"
)

// MemoryStorage is a Storage in memory, for tests and first tries. Its content is lost
// when the process ends: a customer whose token was only there has to sign up again.
// The zero value is an empty storage; the methods of a nil pointer return an
// InputError.
type MemoryStorage struct {
	mu      sync.RWMutex
	secrets sortedmap.Map[Ref, SealedSecret]
	writes  int64 // the last revision
}

// NewMemoryStorage returns an empty storage.
func NewMemoryStorage() *MemoryStorage {
	return &MemoryStorage{}
}

// check returns an InputError for a nil storage or context, and the error of a
// context that has ended.
func (m *MemoryStorage) check(ctx context.Context) error {
	if m == nil {
		return &graph.InputError{Field: "storage", Reason: "is nil: vault.NewMemoryStorage makes one"}
	}
	if err := checkContext(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// PutSealed writes the secret. Errors: ErrChanged, or an InputError of Ref.Check.
func (m *MemoryStorage) PutSealed(ctx context.Context, sealed SealedSecret) error {
	if err := cmp.Or(m.check(ctx), sealed.Check()); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, found := m.secrets.Get(sealed.Ref)
	switch sealed.Revision {
	case 0:
	case NoRevision:
		if found {
			return ErrChanged
		}
	default:
		if !found || stored.Revision != sealed.Revision {
			return ErrChanged
		}
	}
	if m.writes == 0 {
		m.secrets = sortedmap.New[Ref, SealedSecret](Ref.Compare)
	}
	m.writes++
	sealed.Revision = m.writes
	m.secrets.Put(sealed.Ref, sealed.clone())
	return nil
}

// GetSealed returns the secret. If there is none, it returns ErrNoSecret.
func (m *MemoryStorage) GetSealed(ctx context.Context, ref Ref) (SealedSecret, error) {
	if err := m.check(ctx); err != nil {
		return SealedSecret{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	sealed, ok := m.secrets.Get(ref)
	if !ok {
		return SealedSecret{}, ErrNoSecret
	}
	return sealed.clone(), nil
}

// DeleteSealed removes the secret. If there is none, it returns nil.
func (m *MemoryStorage) DeleteSealed(ctx context.Context, ref Ref) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets.Drop(ref)
	return nil
}

// ListSealed yields the secrets that follow after, in the order of Ref.Compare.
func (m *MemoryStorage) ListSealed(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error] {
	if err := m.check(ctx); err != nil {
		return func(yield func(SealedSecret, error) bool) { yield(SealedSecret{}, err) }
	}
	return sortedmap.List(ctx, &m.mu, &m.secrets, after, func(sealed SealedSecret) (SealedSecret, bool) { return sealed.clone(), true })
}
