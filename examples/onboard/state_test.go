package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

var tokenRef = vault.Ref{Tenant: "acme", Record: "r", Kind: vault.SecretToken}

// The key is made once, with the state, and opens its secrets from then on.
func TestOpenState_KeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	first, err := openState(t.Context(), path, exampletest.Env(nil))
	require.NoError(t, err)
	require.NoError(t, first.vault.Put(t.Context(), tokenRef, graph.NewSecret("EAAx"), time.Time{}))
	require.NoError(t, first.Close())

	second, err := openState(t.Context(), path, exampletest.Env(nil))
	require.NoError(t, err)
	secret, err := second.vault.Get(t.Context(), tokenRef)
	require.NoError(t, err)
	require.Equal(t, "EAAx", secret.Reveal())
	require.NoError(t, second.Close())

	key, err := os.ReadFile(path + ".key")
	require.NoError(t, err)
	require.NoError(t, os.Remove(path+".key"))
	_, err = openState(t.Context(), path, exampletest.Env(nil))
	var usage *cli.UsageError
	require.ErrorAs(t, err, &usage)
	require.ErrorContains(t, err, "the key of the vault is missing", "no second key is made for an old state")
	require.NoFileExists(t, path+".key")

	// The key from the environment does as well; another one opens nothing.
	third, err := openState(t.Context(), path, exampletest.Env(map[string]string{vaultKey: string(key)}))
	require.NoError(t, err)
	_, err = third.vault.Get(t.Context(), tokenRef)
	require.NoError(t, err)
	require.NoError(t, third.Close())
	fourth, err := openState(t.Context(), path, exampletest.Env(map[string]string{vaultKey: strings.Repeat("7f", vault.KeySize)}))
	require.NoError(t, err)
	_, err = fourth.vault.Get(t.Context(), tokenRef)
	require.ErrorIs(t, err, vault.ErrSealBroken)
	require.NoError(t, fourth.Close())
}

// Without -state two runs share nothing.
func TestOpenState_Memory(t *testing.T) {
	first, err := openState(t.Context(), "", exampletest.Env(nil))
	require.NoError(t, err)
	require.NoError(t, first.vault.Put(t.Context(), tokenRef, graph.NewSecret("EAAx"), time.Time{}))
	second, err := openState(t.Context(), "", exampletest.Env(nil))
	require.NoError(t, err)
	_, err = second.vault.Get(t.Context(), tokenRef)
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, first.Close())
}
