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

// remoteKeys is an AEAD whose keys are on another machine, which may be unreachable.
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

// A key service that is down must not look like a broken seal: a program may delete
// secrets whose seal is broken.
func TestSealedVault_UnreachableKeysAreNotBrokenSeals(t *testing.T) {
	ring := func(newest string) *vault.Keyring {
		ring, err := vault.NewKeyring(newest, map[string][]byte{
			"old": bytes.Repeat([]byte{1}, vault.KeySize), "new": bytes.Repeat([]byte{2}, vault.KeySize),
		})
		require.NoError(t, err)
		return ring
	}
	store := vault.NewMemoryStorage()
	keys := &remoteKeys{AEAD: ring("old")}
	secrets, err := vault.NewSealedVault(store, keys)
	require.NoError(t, err)
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	secret := graph.NewSecret("EAA")
	require.NoError(t, secrets.Put(t.Context(), ref, secret, time.Time{}))

	keys.AEAD, keys.err = ring("new"), errors.New("the key service does not answer")
	_, err = secrets.Get(t.Context(), ref)
	require.ErrorIs(t, err, keys.err)
	require.NotErrorIs(t, err, vault.ErrSealBroken)
	require.ErrorIs(t, secrets.Put(t.Context(), ref, secret, time.Time{}), keys.err)
	rotated, err := graph.Collect(secrets.Rotate(t.Context(), vault.RotateOptions{}), 0)
	require.ErrorIs(t, err, keys.err, "the rotation ends, and can be continued")
	require.Empty(t, rotated)

	keys.err = nil
	rotated, err = graph.Collect(secrets.Rotate(t.Context(), vault.RotateOptions{}), 0)
	require.NoError(t, err)
	require.Equal(t, []vault.RotateResult{{Ref: ref, From: "old", To: "new"}}, rotated)
}

// errorsOf calls every method of a vault.
func errorsOf(ctx context.Context, secrets *vault.SealedVault) map[string]error {
	ref, secret := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}, graph.NewSecret("EAA")
	errs := map[string]error{
		"Put":     secrets.Put(ctx, ref, secret, time.Time{}),
		"PutNew":  secrets.PutNew(ctx, ref, secret, time.Time{}),
		"Replace": secrets.Replace(ctx, ref, secret, secret, time.Time{}),
		"Delete":  secrets.Delete(ctx, ref),
	}
	_, errs["Get"] = secrets.Get(ctx, ref)
	_, errs["List"] = graph.Collect(secrets.List(ctx, vault.Ref{}), 0)
	_, errs["Rotate"] = graph.Collect(secrets.Rotate(ctx, vault.RotateOptions{}), 0)
	return errs
}

func TestSealedVault_NotMadeByNew(t *testing.T) {
	for name, secrets := range map[string]*vault.SealedVault{"nil": nil, "zero": {}} {
		for method, err := range errorsOf(t.Context(), secrets) {
			require.Equal(t, "vault", inputField(t, err), "%s of %s", method, name)
			require.ErrorContains(t, err, "vault.NewSealedVault", method)
		}
	}
}

func TestSealedVault_NilContext(t *testing.T) {
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), newRing(t))
	require.NoError(t, err)
	var none context.Context
	for method, err := range errorsOf(none, secrets) {
		require.Equal(t, "context", inputField(t, err), method)
	}
}

func TestNewSealedVault_MissingParts(t *testing.T) {
	for name, test := range map[string]struct {
		storage vault.Storage
		aead    vault.AEAD
		field   string
	}{
		"nil storage":         {nil, newRing(t), "storage"},
		"nil pointer storage": {(*vault.MemoryStorage)(nil), newRing(t), "storage"},
		"nil AEAD":            {vault.NewMemoryStorage(), nil, "AEAD"},
		"nil pointer AEAD":    {vault.NewMemoryStorage(), (*vault.Keyring)(nil), "AEAD"},
		"zero keyring":        {vault.NewMemoryStorage(), &vault.Keyring{}, "keyring"},
	} {
		secrets, err := vault.NewSealedVault(test.storage, test.aead)
		require.Equal(t, test.field, inputField(t, err), name)
		require.Nil(t, secrets, name)
	}
}
