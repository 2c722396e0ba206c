package storetest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// TestSealing tests a vault.SealedVault over a vault.Storage. A sealed secret opens
// only under its own Ref and key, and keys can be rotated while other processes write
// or the process ends. Each call of open returns an empty Storage.
func TestSealing(t *testing.T, open func(t *testing.T) vault.Storage) {
	t.Helper()
	t.Run("vault", func(t *testing.T) {
		TestVault(t, func(t *testing.T) vault.Vault { return sealedVault(t, open(t), ring(t, "a", "a")) })
	})
	for _, test := range []struct {
		name string
		run  func(*testing.T, vault.Storage)
	}{
		{"nothing is persisted in clear", sealedNothingClear},
		{"the same secret never looks the same", sealedRandomly},
		{"a moved secret does not open", sealedMoved},
		{"a changed secret does not open", sealedChanged},
		{"a secret whose key is gone does not open", sealedKeyGone},
		{"Replace does not overwrite the secret of another writer", replaceBesideWriters},
		{"rotation seals everything again", rotateAll},
		{"rotation survives a crash at each write", rotateCrashing},
		{"rotation does not overwrite the secret of another writer", rotateBesideWriters},
		{"rotation goes on after a broken secret", rotateBroken},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// ring makes a key ring; each name has its own key, the same in every ring.
func ring(t *testing.T, newest string, names ...string) *vault.Keyring {
	t.Helper()
	keys := map[string][]byte{}
	for _, name := range names {
		keys[name] = bytes.Repeat([]byte(name), vault.KeySize)[:vault.KeySize]
	}
	keyring, err := vault.NewKeyring(newest, keys)
	require.NoError(t, err)
	return keyring
}

// sealedVault makes a vault that must be possible to make.
func sealedVault(t *testing.T, storage vault.Storage, keys vault.AEAD) *vault.SealedVault {
	t.Helper()
	secrets, err := vault.NewSealedVault(storage, keys)
	require.NoError(t, err)
	return secrets
}

// broken asserts that a secret does not open, and that the error says which one
// without saying what.
func broken(t *testing.T, secrets vault.Vault, ref vault.Ref, why string) {
	t.Helper()
	secret, err := secrets.Get(t.Context(), ref)
	require.True(t, secret.IsZero(), why)
	require.ErrorIs(t, err, vault.ErrSealBroken, why)
	require.Contains(t, err.Error(), ref.String())
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "canary")
}

// keepAll puts a secret under each Ref.
func keepAll(t *testing.T, secrets vault.Vault, refs []vault.Ref) {
	t.Helper()
	for i, ref := range refs {
		require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), moment(i)))
	}
}

func sealedNothingClear(t *testing.T, storage vault.Storage) {
	secrets := sealedVault(t, storage, ring(t, "b", "a", "b"))
	refs := alikeRefs()
	keepAll(t, secrets, refs)
	for i, sealed := range listedSealed(t, storage, vault.Ref{}) {
		require.Equal(t, refs[i], sealed.Ref)
		require.Equal(t, "b", sealed.Key)
		require.True(t, sealed.Expires.Equal(moment(i)))
		// Long enough not to stand in random bytes by chance.
		for _, piece := range []string{secretFor(sealed.Ref).Reveal(), "canary", "bbbbbbbb"} {
			require.NotContains(t, string(sealed.Data), piece)
		}
		require.NotContains(t, fmt.Sprintf("%+v", sealed), "canary")
	}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", secrets, secrets, secrets), "canary")
}

func sealedRandomly(t *testing.T, storage vault.Storage) {
	secrets := sealedVault(t, storage, ring(t, "a", "a"))
	seen := map[string]bool{}
	for range 50 {
		require.NoError(t, secrets.Put(t.Context(), tokenRef(1), graph.NewSecret("the same"), time.Time{}))
		sealed, err := storage.GetSealed(t.Context(), tokenRef(1))
		require.NoError(t, err)
		require.False(t, seen[string(sealed.Data)], "a nonce was used twice")
		seen[string(sealed.Data)] = true
	}
}

// sealedMoved swaps every two ciphertexts, under Refs that differ by as little as
// where one part ends and the next begins.
func sealedMoved(t *testing.T, storage vault.Storage) {
	secrets := sealedVault(t, storage, ring(t, "a", "a"))
	refs := alikeRefs()
	keepAll(t, secrets, refs)
	list := listedSealed(t, storage, vault.Ref{})
	for to, ref := range refs {
		for from := range refs {
			sealed := list[from]
			sealed.Ref, sealed.Revision = ref, 0
			require.NoError(t, storage.PutSealed(t.Context(), sealed))
			if from == to {
				holds(t, secrets, ref, secretFor(ref))
				continue
			}
			broken(t, secrets, ref, "the secret of "+refs[from].String()+" opened")
		}
		restore := list[to]
		restore.Revision = 0
		require.NoError(t, storage.PutSealed(t.Context(), restore))
	}
}

func sealedChanged(t *testing.T, storage vault.Storage) {
	secrets := sealedVault(t, storage, ring(t, "a", "a", "b"))
	ref := tokenRef(1)
	require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), time.Time{}))
	whole, err := storage.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	whole.Revision = 0
	try := func(why string, change func(*vault.SealedSecret)) {
		t.Helper()
		sealed := whole
		sealed.Data = bytes.Clone(whole.Data)
		change(&sealed)
		require.NoError(t, storage.PutSealed(t.Context(), sealed))
		broken(t, secrets, ref, why)
	}
	for i := range whole.Data {
		try(fmt.Sprintf("cut to %d bytes", i), func(b *vault.SealedSecret) { b.Data = b.Data[:i] })
		try(fmt.Sprintf("byte %d flipped", i), func(b *vault.SealedSecret) { b.Data[i] ^= 1 })
	}
	try("longer", func(b *vault.SealedSecret) { b.Data = append(b.Data, 0) })
	try("twice", func(b *vault.SealedSecret) { b.Data = append(b.Data, b.Data...) })
	try("another key's name", func(b *vault.SealedSecret) { b.Key = "b" })
	require.NoError(t, storage.PutSealed(t.Context(), whole))
	holds(t, secrets, ref, secretFor(ref))

	// Even where that name stands for the same key.
	renamed, err := vault.NewKeyring("b", map[string][]byte{"b": bytes.Repeat([]byte("a"), vault.KeySize)})
	require.NoError(t, err)
	whole.Key = "b"
	require.NoError(t, storage.PutSealed(t.Context(), whole))
	broken(t, sealedVault(t, storage, renamed), ref, "another name for the same key")
}

func sealedKeyGone(t *testing.T, storage vault.Storage) {
	ref := tokenRef(1)
	require.NoError(t, sealedVault(t, storage, ring(t, "a", "a")).Put(t.Context(), ref, secretFor(ref), time.Time{}))
	without := sealedVault(t, storage, ring(t, "b", "b"))
	broken(t, without, ref, "opened without its key")
	_, err := without.Get(t.Context(), ref)
	require.ErrorContains(t, err, `key "a" is not in the ring`)
	require.ErrorIs(t, without.Replace(t.Context(), ref, secretFor(ref), graph.NewSecret("EAB"), time.Time{}), vault.ErrSealBroken)

	// The same name for another key is noticed too.
	other, err := vault.NewKeyring("a", map[string][]byte{"a": bytes.Repeat([]byte{7}, vault.KeySize)})
	require.NoError(t, err)
	broken(t, sealedVault(t, storage, other), ref, "opened with another key of that name")

	require.NoError(t, without.Delete(t.Context(), ref), "what does not open can still be deleted, or put anew")
	require.NoError(t, without.Put(t.Context(), ref, secretFor(ref), time.Time{}))
	holds(t, without, ref, secretFor(ref))
}
