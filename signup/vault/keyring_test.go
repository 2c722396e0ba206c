package vault_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func TestNewKeyring_BadKeys(t *testing.T) {
	good := bytes.Repeat([]byte{7}, vault.KeySize)
	for what, test := range map[string]struct {
		newest string
		keys   map[string][]byte
		field  string
	}{
		"no keys":               {"a", nil, "newest key"},
		"newest is unknown":     {"b", map[string][]byte{"a": good}, "newest key"},
		"too short":             {"a", map[string][]byte{"a": good[:16]}, "key a"},
		"too long":              {"a", map[string][]byte{"a": append(good[:32:32], 1)}, "key a"},
		"zeros":                 {"a", map[string][]byte{"a": make([]byte, 32)}, "key a"},
		"the same key twice":    {"a", map[string][]byte{"a": good, "b": good}, "key b"},
		"a key without a name":  {"a", map[string][]byte{"a": good, "": bytes.Repeat([]byte{8}, 32)}, "key name"},
		"a name that is binary": {"a", map[string][]byte{"a": good, "\xff": bytes.Repeat([]byte{8}, 32)}, "key name"},
	} {
		_, err := vault.NewKeyring(test.newest, test.keys)
		var input *graph.InputError
		require.ErrorAs(t, err, &input, what)
		require.Equal(t, test.field, input.Field, what)
		require.NotContains(t, err.Error(), string(good[:8]), what)
	}
}

func TestNewKeyring_CopiesKeys(t *testing.T) {
	key := bytes.Repeat([]byte{7}, vault.KeySize)
	keys := map[string][]byte{"a": key}
	ring, err := vault.NewKeyring("a", keys)
	require.NoError(t, err)
	sealed, name, err := ring.Seal(t.Context(), []byte("EAA"), []byte("here"))
	require.NoError(t, err)
	require.Equal(t, ring.Newest(), name)
	clear(key)
	delete(keys, "a")
	opened, err := ring.Open(t.Context(), sealed, []byte("here"), "a")
	require.NoError(t, err)
	require.Equal(t, "EAA", string(opened))
}

func TestKeyring_Format_ShowsNoKey(t *testing.T) {
	key := []byte("0123456789abcdefghijklmnopqrstuv")
	ring, err := vault.NewKeyring("2026-b", map[string][]byte{"2026-b": key, "2026-a": bytes.Repeat([]byte{7}, 32)})
	require.NoError(t, err)
	nested := struct{ Ring *vault.Keyring }{ring}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("starting", "keys", ring, "nested", nested)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("starting", "keys", ring, "nested", nested)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", ring, ring, ring, ring, ring, ring, ring), fmt.Sprintf("%v %+v %#v", nested, nested, nested), log.String(),
	} {
		for _, shape := range []string{string(key), fmt.Sprintf("%x", key), fmt.Sprint(key), fmt.Sprint(key[:4])[1:], "48, 49, 50, 51", "0x30, 0x31"} {
			require.NotContains(t, text, shape)
		}
	}
	require.Equal(t, "{keyring of 2026-a, 2026-b, newest 2026-b}", fmt.Sprintf("%v", nested))
}

func TestKeyring_WithoutKeys(t *testing.T) {
	for name, ring := range map[string]*vault.Keyring{"nil": nil, "zero": {}} {
		_, _, err := ring.Seal(t.Context(), []byte("EAA"), nil)
		require.Equal(t, "keyring", inputField(t, err), name)
		_, err = ring.Open(t.Context(), []byte("EAA"), nil, "a")
		require.Equal(t, "keyring", inputField(t, err), name)
		require.ErrorContains(t, err, "vault.NewKeyring", name)
		require.Empty(t, ring.Newest(), name)
		require.Equal(t, "keyring without keys", ring.String(), name)
		_, err = vault.NewSealedVault(vault.NewMemoryStorage(), ring)
		require.Error(t, err, name)
		require.ErrorIs(t, err, graph.ErrInput, name)
	}
}
