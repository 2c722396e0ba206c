package vault_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// remoteKeys is an AEAD whose keys are elsewhere, and sometimes out of reach.
type remoteKeys struct {
	vault.AEAD
	err error
}

func (k *remoteKeys) Seal(ctx context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error) {
	if k.err != nil {
		return nil, "", k.err
	}
	return k.AEAD.Seal(ctx, plaintext, additional)
}

func (k *remoteKeys) Open(ctx context.Context, ciphertext, additional []byte, key string) ([]byte, error) {
	if k.err != nil {
		return nil, k.err
	}
	return k.AEAD.Open(ctx, ciphertext, additional, key)
}

// A key service that is down is no broken seal: whoever acts on the one must not
// be made to by the other.
func TestSealedVaultTellsUnreachableKeysFromBrokenSeals(t *testing.T) {
	ring := func(newest string) *vault.Keyring {
		ring, err := vault.NewKeyring(newest, map[string][]byte{
			"old": bytes.Repeat([]byte{1}, vault.KeySize), "new": bytes.Repeat([]byte{2}, vault.KeySize),
		})
		require.NoError(t, err)
		return ring
	}
	store := vault.NewMemoryStorage()
	keys := &remoteKeys{AEAD: ring("old")}
	secrets := vault.NewSealedVault(store, keys)
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	secret := graph.NewSecret("EAA")
	require.NoError(t, secrets.Put(t.Context(), ref, secret, time.Time{}))

	keys.AEAD, keys.err = ring("new"), errors.New("the key service does not answer")
	_, err := secrets.Get(t.Context(), ref)
	require.ErrorIs(t, err, keys.err)
	require.NotErrorIs(t, err, vault.ErrSealBroken)
	require.ErrorIs(t, secrets.Put(t.Context(), ref, secret, time.Time{}), keys.err)
	rotated, err := graph.Collect(secrets.Rotate(t.Context(), vault.RotateOptions{}), 0)
	require.ErrorIs(t, err, keys.err, "a rotation ends, to be continued")
	require.Empty(t, rotated)

	keys.err = nil
	rotated, err = graph.Collect(secrets.Rotate(t.Context(), vault.RotateOptions{}), 0)
	require.NoError(t, err)
	require.Equal(t, []vault.RotateResult{{Ref: ref, From: "old", To: "new"}}, rotated)
}
