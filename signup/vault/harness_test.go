package vault_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// inputField returns the field that an InputError names.
func inputField(tb testing.TB, err error) string {
	tb.Helper()
	var input *graph.InputError
	require.ErrorAs(tb, err, &input)
	return input.Field
}

// newRing makes a ring with one key.
func newRing(tb testing.TB) *vault.Keyring {
	tb.Helper()
	ring, err := vault.NewKeyring("k", map[string][]byte{"k": []byte("a key of thirty-two bytes length")})
	require.NoError(tb, err)
	return ring
}
