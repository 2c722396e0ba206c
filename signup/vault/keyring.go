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

// AEAD seals and opens with keys that it knows by name: a key ring in memory
// (see NewKeyring), a KMS, or tink's primitives behind a few lines.
type AEAD interface {
	// Seal encrypts under the newest key and returns that key's name, of at
	// most 255 bytes. The additional data is not kept; Open needs the same again.
	Seal(ctx context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error)
	// Open decrypts with the named key. When that can never succeed (the key is
	// not known, the text or the additional data are others) the error matches
	// ErrSealBroken; any other error means that the keys were out of reach.
	Open(ctx context.Context, ciphertext, additional []byte, key string) ([]byte, error)
	// Newest is the name of the key that Seal uses.
	Newest() string
}

// KeySize is the length of a Keyring's keys in bytes: AES-256.
const KeySize = 32

// Keyring is an AEAD with keys in memory: AES-256-GCM with random nonces, which
// holds for four billion secrets per key. It is safe for concurrent use.
//
// To change the key: give every process a ring that knows the new key besides
// the old one; then make the new one the newest everywhere; then run
// [SealedVault.Rotate]; then take the old key out of the rings.
type Keyring struct {
	newest string
	keys   map[string]cipher.AEAD
}

// NewKeyring makes a ring of keys by name, each of KeySize random bytes, and
// seals with the newest. The names are kept with every secret, in clear. The
// keys are copied. A wrong ring is an InputError.
func NewKeyring(newest string, keys map[string][]byte) (*Keyring, error) {
	ring := &Keyring{newest: newest, keys: make(map[string]cipher.AEAD, len(keys))}
	named := map[[KeySize]byte]string{{}: ""} // the zero key is nobody's
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

// Newest is the name of the key that Seal uses.
func (k *Keyring) Newest() string { return k.newest }

// Seal encrypts under the newest key.
func (k *Keyring) Seal(_ context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error) {
	return k.keys[k.newest].Seal(nil, nil, plaintext, bindKey(additional, k.newest)), k.newest, nil
}

// Open decrypts with the named key.
func (k *Keyring) Open(_ context.Context, ciphertext, additional []byte, key string) ([]byte, error) {
	aead := k.keys[key]
	if aead == nil {
		return nil, fmt.Errorf("%w: its key %q is not in the ring", ErrSealBroken, key)
	}
	plaintext, err := aead.Open(nil, nil, ciphertext, bindKey(additional, key))
	if err != nil {
		return nil, fmt.Errorf("%w: it does not fit key %q and the place where it is kept", ErrSealBroken, key)
	}
	return plaintext, nil
}

// bindKey ties a ciphertext to the name of its key as well.
func bindKey(additional []byte, key string) []byte {
	return appendTexts(nil, string(additional), key)
}

// String names the keys.
func (k *Keyring) String() string {
	return fmt.Sprintf("keyring of %s, newest %s", strings.Join(slices.Sorted(maps.Keys(k.keys)), ", "), k.newest)
}

// Format prints what String returns, whatever the verb: the keys are never seen.
func (k *Keyring) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }
