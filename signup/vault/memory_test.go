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
	var storage vault.MemoryStorage
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	_, err := storage.GetSealed(t.Context(), ref)
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, storage.DeleteSealed(t.Context(), ref))
	list, err := graph.Collect(storage.ListSealed(t.Context(), vault.Ref{}), 0)
	require.NoError(t, err)
	require.Empty(t, list)
	require.NoError(t, storage.PutSealed(t.Context(), vault.SealedSecret{Ref: ref, Key: "k"}))
	sealed, err := storage.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, "k", sealed.Key)
}

func TestMemoryStorage_Nil(t *testing.T) {
	var none context.Context
	for field, test := range map[string]struct {
		storage *vault.MemoryStorage
		ctx     context.Context
	}{"storage": {nil, t.Context()}, "context": {vault.NewMemoryStorage(), none}} {
		ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
		_, err := test.storage.GetSealed(test.ctx, ref)
		require.Equal(t, field, inputField(t, err))
		require.Equal(t, field, inputField(t, test.storage.PutSealed(test.ctx, vault.SealedSecret{Ref: ref})))
		require.Equal(t, field, inputField(t, test.storage.DeleteSealed(test.ctx, ref)))
		_, err = graph.Collect(test.storage.ListSealed(test.ctx, vault.Ref{}), 0)
		require.Equal(t, field, inputField(t, err))
	}
}
