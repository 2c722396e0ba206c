package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

// AEAD encrypts and decrypts with keys that have names. [NewKeyring] makes one with
// keys in memory; a KMS or the primitives of Tink can be another. An AEAD must be safe
// for concurrent use.
type AEAD interface {
	// Seal encrypts with the newest key and returns the name of that key, which has
	// at most 255 bytes. The additional data is not part of the ciphertext: Open
	// needs the same data again.
	Seal(ctx context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error)
	// Open decrypts with the named key. If that can never succeed, because the key
	// is unknown or because the ciphertext or the additional data were changed, the
	// error must match ErrSealBroken. Any other error means that the keys could not
	// be reached.
	Open(ctx context.Context, ciphertext, additional []byte, key string) ([]byte, error)
	// Newest returns the name of the key that Seal uses.
	Newest() string
}

// KeySize is the length of each key of a Keyring in bytes, for AES-256.
const KeySize = 32

// Keyring is an AEAD with keys in memory. It uses AES-256-GCM with random nonces, which
// is safe for four billion secrets per key. [NewKeyring] makes one; the methods of a nil
// or zero Keyring return an InputError. It is safe for concurrent use.
//
// To change the key: first give every process a ring that has the new key beside the
// old one; then make the new key the newest in every process; then run
// [SealedVault.Rotate]; then remove the old key from the rings.
type Keyring struct {
	newest string
	keys   map[string]cipher.AEAD
}

// NewKeyring returns a ring that encrypts with the key named newest and decrypts with
// all keys. Each key has KeySize random bytes; NewKeyring copies them. The name of the
// key is stored beside every secret and is not encrypted. An InputError says what is
// wrong with a key or its name.
func NewKeyring(newest string, keys map[string][]byte) (*Keyring, error) {
	ring := &Keyring{newest: newest, keys: make(map[string]cipher.AEAD, len(keys))}
	named := map[[KeySize]byte]string{{}: ""} // the key of zeros is refused below
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		key := keys[name]
		if err := names.Check(names.Needed("key name", name)); err != nil {
			return nil, err
		}
		if len(key) != KeySize {
			return nil, &graph.InputError{Field: "key " + name, Reason: fmt.Sprintf("has %d bytes, not %d", len(key), KeySize)}
		}
		switch twin, found := named[[KeySize]byte(key)]; {
		case found && twin == "":
			return nil, &graph.InputError{Field: "key " + name, Reason: "is all zeros"}
		case found:
			return nil, &graph.InputError{Field: "key " + name, Reason: "is the same as key " + twin}
		}
		named[[KeySize]byte(key)] = name
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("vault: key %s: %w", name, err)
		}
		if ring.keys[name], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("vault: key %s: %w", name, err)
		}
	}
	if ring.keys[newest] == nil {
		return nil, &graph.InputError{Field: "newest key", Reason: fmt.Sprintf("%q is not among the keys", newest)}
	}
	return ring, nil
}

// check returns an InputError for a ring without keys.
func (k *Keyring) check() error {
	if k == nil || len(k.keys) == 0 {
		return &graph.InputError{Field: "keyring", Reason: "has no keys: vault.NewKeyring makes one"}
	}
	return nil
}

// Newest returns the name of the key that Seal uses. It is empty for a ring without
// keys.
func (k *Keyring) Newest() string {
	if k == nil {
		return ""
	}
	return k.newest
}

// Seal encrypts with the newest key and returns its name. It does not use the context.
func (k *Keyring) Seal(_ context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error) {
	if err := k.check(); err != nil {
		return nil, "", err
	}
	return k.keys[k.newest].Seal(nil, nil, plaintext, bindKey(additional, k.newest)), k.newest, nil
}

// Open decrypts with the named key. If that fails, the error matches ErrSealBroken. It
// does not use the context.
func (k *Keyring) Open(_ context.Context, ciphertext, additional []byte, key string) ([]byte, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	aead := k.keys[key]
	if aead == nil {
		return nil, fmt.Errorf("%w: its key %q is not in the ring", ErrSealBroken, key)
	}
	plaintext, err := aead.Open(nil, nil, ciphertext, bindKey(additional, key))
	if err != nil {
		return nil, fmt.Errorf("%w: it does not match key %q and the Ref that it is stored under", ErrSealBroken, key)
	}
	return plaintext, nil
}

// bindKey also ties a ciphertext to the name of its key.
func bindKey(additional []byte, key string) []byte {
	return appendTexts(nil, string(additional), key)
}

// String returns the names of the keys.
func (k *Keyring) String() string {
	if k.check() != nil {
		return "keyring without keys"
	}
	return fmt.Sprintf("keyring of %s, newest %s", strings.Join(slices.Sorted(maps.Keys(k.keys)), ", "), k.newest)
}

// Format writes the text of String for every verb, so that no verb prints the keys.
func (k *Keyring) Format(f fmt.State, _ rune) {
	if f != nil {
		_, _ = f.Write([]byte(k.String()))
	}
}
