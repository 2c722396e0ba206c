package vault

import (
	"cmp"
	"context"
	"iter"
	"sync"

	"github.com/seed-8fdceacd/wagraph/signup/internal/ordered"
)

// MemoryStorage is a Storage in memory, for tests and for trying things out. What
// it keeps ends with the process: a client whose token was only there has to go
// through the signup again.
type MemoryStorage struct {
	mu     sync.RWMutex
	blobs  ordered.Map[Ref, SealedSecret]
	writes int64 // the revisions
}

// NewMemoryStorage makes an empty storage.
func NewMemoryStorage() *MemoryStorage {
	return &MemoryStorage{blobs: ordered.New[Ref, SealedSecret](Ref.Compare)}
}

// PutBlob writes the blob.
func (m *MemoryStorage) PutBlob(ctx context.Context, blob SealedSecret) error {
	if err := cmp.Or(ctx.Err(), blob.Check()); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	// A blob that is not there has Revision 0, which no caller asks for here.
	if stored, _ := m.blobs.Get(blob.Ref); blob.Revision != 0 && stored.Revision != blob.Revision {
		return ErrChanged
	}
	m.writes++
	blob.Revision = m.writes
	m.blobs.Put(blob.Ref, blob.clone())
	return nil
}

// GetBlob returns the blob.
func (m *MemoryStorage) GetBlob(ctx context.Context, ref Ref) (SealedSecret, error) {
	if err := ctx.Err(); err != nil {
		return SealedSecret{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	blob, ok := m.blobs.Get(ref)
	if !ok {
		return SealedSecret{}, ErrNoSecret
	}
	return blob.clone(), nil
}

// DeleteBlob forgets the blob.
func (m *MemoryStorage) DeleteBlob(ctx context.Context, ref Ref) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs.Drop(ref)
	return nil
}

// ListBlobs yields the blobs behind after.
func (m *MemoryStorage) ListBlobs(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error] {
	return ordered.List(ctx, &m.mu, &m.blobs, after, func(blob SealedSecret) (SealedSecret, bool) { return blob.clone(), true })
}
