package signup

import (
	"context"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// SecretKind is what a kept secret is.
type SecretKind string

// The kinds of secrets that a Flow keeps.
const (
	// SecretToken is a client's business token; one per record.
	SecretToken SecretKind = "token"
	// SecretPIN is a phone number's two-step PIN; its Subject is the number's id.
	SecretPIN SecretKind = "pin"
)

// Ref names a kept secret. A secret opens only under the very Ref that it was
// kept under: one that was moved to another tenant or record does not.
type Ref struct {
	Tenant Tenant
	// Record is the id of the Record that the secret belongs to.
	Record  string
	Kind    SecretKind
	Subject string
}

// Kept is what a Vault tells about a secret without opening it.
type Kept struct {
	Ref
	// Expires is zero for a secret that does not expire.
	Expires time.Time
	// Key names the key that it is sealed with, empty if it is not.
	Key string
}

// Vault keeps secrets: the one place where any of them is persisted. It is safe
// for concurrent use. [SealedVault] is one; a KMS or a secret manager of the
// BSP's can be another.
type Vault interface {
	// Put keeps a secret, in the place of an earlier one.
	Put(ctx context.Context, ref Ref, secret wagraph.Secret, expires time.Time) error
	// Get opens a secret, or returns ErrNoSecret or ErrSealBroken.
	Get(ctx context.Context, ref Ref) (wagraph.Secret, error)
	// Delete forgets a secret; there being none is no error.
	Delete(ctx context.Context, ref Ref) error
	// List yields what is kept, in the order of Ref, behind after.
	List(ctx context.Context, after Ref) iter.Seq2[Kept, error]
}

// Sealed is a secret as it is persisted: nobody reads it without the key.
type Sealed struct {
	Ref
	Expires time.Time
	// Key names the key that Data is sealed with.
	Key  string
	Data []byte
	// Revision counts the writes.
	Revision int64
}

// Blobs persists what a SealedVault seals. It is safe for concurrent use.
type Blobs interface {
	// PutBlob writes the blob. With Revision 0 it overwrites whatever is there;
	// otherwise only a blob of that Revision, and else it returns ErrConflict.
	PutBlob(ctx context.Context, blob Sealed) error
	// GetBlob returns the blob, or ErrNoSecret.
	GetBlob(ctx context.Context, ref Ref) (Sealed, error)
	// DeleteBlob forgets the blob; there being none is no error.
	DeleteBlob(ctx context.Context, ref Ref) error
	// ListBlobs yields the blobs in the order of Ref, behind after.
	ListBlobs(ctx context.Context, after Ref) iter.Seq2[Sealed, error]
}

// AEAD seals and opens with keys that it knows by name: a key ring in memory
// (see NewKeyring), a KMS, or tink's primitives behind a few lines.
type AEAD interface {
	// Seal encrypts under the newest key and returns that key's name. The
	// additional data is not kept; Open needs the same again.
	Seal(ctx context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error)
	// Open decrypts with the named key.
	Open(ctx context.Context, ciphertext, additional []byte, key string) ([]byte, error)
	// Newest is the name of the key that Seal uses.
	Newest() string
}
