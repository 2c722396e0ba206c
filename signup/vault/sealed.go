package vault

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// SealedVault is a Vault that encrypts every secret before it is persisted. The
// Storage gets only ciphertext, which opens with the key, and only under the Ref that
// it was stored under. A ciphertext that was moved to another tenant, record or number,
// cut short or changed gives ErrSealBroken.
//
// SealedVault cannot detect that an older ciphertext was put back under its own Ref.
// An attacker who can write the database can do that, and gains an older token of the
// same customer.
//
// [NewSealedVault] makes one; the methods of a nil or zero SealedVault return an
// InputError. It is safe for concurrent use.
type SealedVault struct {
	supplied supplied
}

// NewSealedVault returns a Vault that encrypts with aead and persists in storage. If one
// of them is nil, the error is an InputError.
func NewSealedVault(storage Storage, aead AEAD) (*SealedVault, error) {
	switch {
	case isNil(storage):
		return nil, &graph.InputError{Field: "storage", Reason: "is nil: vault.NewMemoryStorage makes one in memory, sqlstore.New one in a database"}
	case isNil(aead):
		return nil, &graph.InputError{Field: "AEAD", Reason: "is nil: vault.NewKeyring makes one from keys"}
	}
	if ring, ok := aead.(*Keyring); ok {
		if err := ring.check(); err != nil {
			return nil, err
		}
	}
	return &SealedVault{supplied{storage: storage, aead: aead}}, nil
}

// Check returns an InputError if NewSealedVault did not make the vault. onboard.New
// calls it, so that no code is exchanged whose token cannot be stored.
func (v *SealedVault) Check() error {
	if v == nil || v.supplied.storage == nil || v.supplied.aead == nil {
		return &graph.InputError{Field: "vault", Reason: "has no storage and no keys: vault.NewSealedVault makes one"}
	}
	return nil
}

// check returns an InputError if the vault or the context cannot be used.
func (v *SealedVault) check(ctx context.Context) error {
	if err := v.Check(); err != nil {
		return err
	}
	return checkContext(ctx)
}

// Put encrypts a secret and stores it. It replaces an earlier secret.
func (v *SealedVault) Put(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	sealed, err := v.seal(ctx, ref, secret, expires)
	if err != nil {
		return err
	}
	return withRef("store", ref, v.supplied.put(ctx, sealed))
}

// PutNew encrypts a secret and stores it if there is none. Errors: ErrChanged.
func (v *SealedVault) PutNew(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	sealed, err := v.seal(ctx, ref, secret, expires)
	if err != nil {
		return err
	}
	sealed.Revision = NoRevision
	return withRef("store", ref, v.supplied.put(ctx, sealed))
}

// Replace encrypts fresh and stores it if the stored secret is old. Errors:
// ErrChanged, ErrNoSecret, ErrSealBroken.
func (v *SealedVault) Replace(ctx context.Context, ref Ref, old, fresh graph.Secret, expires time.Time) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	sealed, err := v.seal(ctx, ref, fresh, expires)
	if err != nil {
		return err
	}
	for {
		stored, err := v.supplied.get(ctx, ref)
		if err != nil {
			return withRef("replace", ref, err)
		}
		stored.Ref = ref
		secret, err := v.open(ctx, stored)
		if err != nil {
			return err
		}
		if !secret.Equal(old) {
			return withRef("replace", ref, ErrChanged)
		}
		sealed.Revision = stored.Revision
		// A conflict here may come from a rotation that encrypted the same secret
		// again. Only another secret is a conflict for the caller.
		if err := v.supplied.put(ctx, sealed); !errors.Is(err, ErrChanged) {
			return withRef("replace", ref, err)
		}
	}
}

// Get decrypts a secret. Errors: ErrNoSecret, ErrSealBroken.
func (v *SealedVault) Get(ctx context.Context, ref Ref) (graph.Secret, error) {
	if err := v.check(ctx); err != nil {
		return graph.Secret{}, err
	}
	sealed, err := v.supplied.get(ctx, ref)
	if err != nil {
		return graph.Secret{}, withRef("open", ref, err)
	}
	// The Ref of the caller counts, not the one in the stored row, which may have
	// been changed.
	sealed.Ref = ref
	return v.open(ctx, sealed)
}

// Delete removes a secret. If there is none, it returns nil.
func (v *SealedVault) Delete(ctx context.Context, ref Ref) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	return withRef("delete", ref, v.supplied.remove(ctx, ref))
}

// List yields the stored entries that follow after, in the order of Ref.Compare,
// without decrypting them. An error is the last thing that it yields.
func (v *SealedVault) List(ctx context.Context, after Ref) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := v.check(ctx); err != nil {
			yield(Entry{}, err)
			return
		}
		for sealed, err := range v.supplied.list(ctx, after) {
			if err != nil {
				yield(Entry{}, fmt.Errorf("vault: list the secrets after %v: %w", after, err))
				return
			}
			if !yield(Entry{Ref: sealed.Ref, Expires: sealed.Expires, Key: sealed.Key}, nil) {
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
	data, key, err := v.supplied.seal(ctx, plaintext, ref.binding())
	if err != nil {
		return SealedSecret{}, withRef("seal", ref, err)
	}
	return SealedSecret{Ref: ref, Expires: expires, Key: key, Data: data}, nil
}

func (v *SealedVault) open(ctx context.Context, sealed SealedSecret) (graph.Secret, error) {
	plaintext, err := v.supplied.open(ctx, sealed.Data, sealed.binding(), sealed.Key)
	if err != nil {
		return graph.Secret{}, withRef("open", sealed.Ref, err)
	}
	defer clear(plaintext)
	return graph.NewSecret(string(plaintext)), nil
}

// withRef adds to an error what was done and which secret it was about. It shows
// nothing of the secret itself.
func withRef(verb string, ref Ref, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("vault: %s %v: %w", verb, ref, err)
}
