package vault

import (
	"context"
	"iter"
	"slices"
	"time"
)

// SealedSecret is an encrypted secret. It can be read only with the key.
type SealedSecret struct {
	Ref
	// Expires is zero for a secret that does not expire.
	Expires time.Time
	// Key is the name of the key that encrypts Data.
	Key  string
	Data []byte
	// Revision is positive, and each write gives a new one. A Ref never gets the
	// same Revision twice, not even after DeleteSealed: a writer that compares
	// revisions must not mistake a new secret for the one that it read.
	Revision int64
}

// NoRevision is the Revision of a secret that PutSealed writes only if there is none.
const NoRevision int64 = -1

// Storage persists the secrets of a SealedVault. An implementation must be safe for
// concurrent use and must not share memory with its callers. Package storetest has
// the tests that it must pass.
type Storage interface {
	// PutSealed writes the secret. With Revision 0 it replaces any stored secret. With
	// NoRevision it writes only if there is no stored secret. With another Revision it
	// replaces only a secret of that Revision. Otherwise it returns ErrChanged and
	// writes nothing. A Ref that Ref.Check refuses is an InputError.
	PutSealed(ctx context.Context, sealed SealedSecret) error
	// GetSealed returns the secret. If there is none, it returns ErrNoSecret.
	GetSealed(ctx context.Context, ref Ref) (SealedSecret, error)
	// DeleteSealed removes the secret. If there is none, it returns nil.
	DeleteSealed(ctx context.Context, ref Ref) error
	// ListSealed yields the secrets that follow after, in the order of Ref.Compare,
	// with the guarantees of Vault.List.
	ListSealed(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error]
}

func (s SealedSecret) clone() SealedSecret {
	s.Data = slices.Clone(s.Data)
	return s
}
