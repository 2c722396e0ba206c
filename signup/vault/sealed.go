package vault

import (
	"context"
	"encoding/binary"
	"fmt"
	"github.com/seed-8fdceacd/wagraph/graph"
	"iter"
	"time"
)

// SealedVault is a Vault that seals every secret before it is persisted. What
// reaches the Storage is ciphertext that opens only with the key, and only under
// the Ref that it was kept under: moved to another tenant, record or number, cut
// short or changed, it is an ErrSealBroken.
//
// What it cannot notice is an older secret put back under its own Ref; whoever
// can write the database can do that, and gains an outdated token of the same
// client.
type SealedVault struct {
	blobs Storage
	aead  AEAD
}

// NewSealedVault makes a Vault out of a place to persist and keys to seal with.
func NewSealedVault(blobs Storage, aead AEAD) *SealedVault {
	return &SealedVault{blobs: blobs, aead: aead}
}

// Put seals a secret and keeps it, in the place of an earlier one.
func (v *SealedVault) Put(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error {
	blob, err := v.seal(ctx, ref, secret, expires)
	if err != nil {
		return err
	}
	return about("keep", ref, v.blobs.PutBlob(ctx, blob))
}

// Replace seals fresh and keeps it in the place of old, and only of old.
func (v *SealedVault) Replace(ctx context.Context, ref Ref, old, fresh graph.Secret, expires time.Time) error {
	blob, err := v.seal(ctx, ref, fresh, expires)
	if err != nil {
		return err
	}
	for {
		kept, err := v.blobs.GetBlob(ctx, ref)
		if err != nil {
			return about("replace", ref, err)
		}
		kept.Ref = ref
		secret, err := v.open(ctx, kept)
		if err != nil {
			return err
		}
		if !secret.Equal(old) {
			return about("replace", ref, ErrChanged)
		}
		blob.Revision = kept.Revision
		// A conflict here may be a rotation that sealed the same secret again:
		// only another secret is one for the caller.
		if err := v.blobs.PutBlob(ctx, blob); !isConflict(err) {
			return about("replace", ref, err)
		}
	}
}

// Get opens a secret.
func (v *SealedVault) Get(ctx context.Context, ref Ref) (graph.Secret, error) {
	blob, err := v.blobs.GetBlob(ctx, ref)
	if err != nil {
		return graph.Secret{}, about("open", ref, err)
	}
	// What was asked for counts, not what the stored row says that it is.
	blob.Ref = ref
	return v.open(ctx, blob)
}

// Delete forgets a secret.
func (v *SealedVault) Delete(ctx context.Context, ref Ref) error {
	return about("delete", ref, v.blobs.DeleteBlob(ctx, ref))
}

// List yields what is kept, without opening it.
func (v *SealedVault) List(ctx context.Context, after Ref) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for blob, err := range v.blobs.ListBlobs(ctx, after) {
			if err != nil {
				yield(Entry{}, fmt.Errorf("vault: list the secrets behind %v: %w", after, err))
				return
			}
			if !yield(Entry{Ref: blob.Ref, Expires: blob.Expires, Key: blob.Key}, nil) {
				return
			}
		}
	}
}

func (v *SealedVault) seal(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) (SealedSecret, error) {
	if err := ref.Check(); err != nil {
		return SealedSecret{}, err
	}
	if secret.IsZero() {
		return SealedSecret{}, &graph.InputError{Field: "secret", Reason: "is empty"}
	}
	plaintext := []byte(secret.Reveal())
	defer clear(plaintext)
	data, key, err := v.aead.Seal(ctx, plaintext, ref.binding())
	if err != nil {
		return SealedSecret{}, about("seal", ref, err)
	}
	return SealedSecret{Ref: ref, Expires: expires, Key: key, Data: data}, nil
}

func (v *SealedVault) open(ctx context.Context, blob SealedSecret) (graph.Secret, error) {
	plaintext, err := v.aead.Open(ctx, blob.Data, blob.binding(), blob.Key)
	if err != nil {
		return graph.Secret{}, about("open", blob.Ref, err)
	}
	defer clear(plaintext)
	return graph.NewSecret(string(plaintext)), nil
}

// about says which secret an error is about, and nothing of what it is.
func about(verb string, ref Ref, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("vault: %s %v: %w", verb, ref, err)
}

// bindingLabel keeps what is sealed here from opening as anything else that the
// same key may have sealed.
const bindingLabel = "wagraph/signup secret 1"

// binding is the additional data that ties a ciphertext to its Ref.
func (r Ref) binding() []byte {
	return appendTexts(nil, bindingLabel, string(r.Tenant), r.Record, string(r.Kind), r.Subject)
}

// appendTexts writes each text behind its length: no two lists of texts look
// alike, wherever a separator may stand in one of them.
func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}
