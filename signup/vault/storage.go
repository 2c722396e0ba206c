package vault

import (
	"context"
	"iter"
	"slices"
	"time"
)

// SealedSecret is a secret as it is persisted: nobody reads it without the key.
type SealedSecret struct {
	Ref
	Expires time.Time
	// Key names the key that Data is sealed with.
	Key  string
	Data []byte
	// Revision is positive and another one after each write. None comes back
	// for the same Ref, not even after DeleteBlob: whoever compares revisions
	// must not take a new secret for the one that it read.
	Revision int64
}

// Storage persists what a SealedVault seals. It is safe for concurrent use, and
// shares no memory with its callers. Package storetest has the tests that it
// must pass.
type Storage interface {
	// PutBlob writes the blob. With Revision 0 it overwrites whatever is there;
	// otherwise only a blob of that Revision, and else it returns ErrChanged.
	// What Ref.Check refuses is an InputError.
	PutBlob(ctx context.Context, blob SealedSecret) error
	// GetBlob returns the blob, or ErrNoSecret.
	GetBlob(ctx context.Context, ref Ref) (SealedSecret, error)
	// DeleteBlob forgets the blob; there being none is no error.
	DeleteBlob(ctx context.Context, ref Ref) error
	// ListBlobs yields the blobs in the order of Ref, behind after, as
	// Vault.List does.
	ListBlobs(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error]
}

func (s SealedSecret) clone() SealedSecret {
	s.Data = slices.Clone(s.Data)
	return s
}
