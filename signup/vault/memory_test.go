package vault_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func TestMemoryStorage(t *testing.T) {
	t.Parallel()
	t.Run("Storage", func(t *testing.T) {
		storetest.TestStorage(t, func(*testing.T) vault.Storage { return vault.NewMemoryStorage() })
	})
	t.Run("Sealing", func(t *testing.T) {
		storetest.TestSealing(t, func(*testing.T) vault.Storage { return vault.NewMemoryStorage() })
	})
}

func TestMemoryStorage_ZeroValue(t *testing.T) {
	var blobs vault.MemoryStorage
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	_, err := blobs.GetBlob(t.Context(), ref)
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, blobs.DeleteBlob(t.Context(), ref))
	list, err := graph.Collect(blobs.ListBlobs(t.Context(), vault.Ref{}), 0)
	require.NoError(t, err)
	require.Empty(t, list)
	require.NoError(t, blobs.PutBlob(t.Context(), vault.SealedSecret{Ref: ref, Key: "k"}))
	blob, err := blobs.GetBlob(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, "k", blob.Key)
}

func TestMemoryStorage_Nil(t *testing.T) {
	var none context.Context
	for field, test := range map[string]struct {
		blobs *vault.MemoryStorage
		ctx   context.Context
	}{"storage": {nil, t.Context()}, "context": {vault.NewMemoryStorage(), none}} {
		ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
		_, err := test.blobs.GetBlob(test.ctx, ref)
		require.Equal(t, field, inputField(t, err))
		require.Equal(t, field, inputField(t, test.blobs.PutBlob(test.ctx, vault.SealedSecret{Ref: ref})))
		require.Equal(t, field, inputField(t, test.blobs.DeleteBlob(test.ctx, ref)))
		_, err = graph.Collect(test.blobs.ListBlobs(test.ctx, vault.Ref{}), 0)
		require.Equal(t, field, inputField(t, err))
	}
}
