package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// TestVault tests a vault.Vault. Each call of open returns an empty one. It does not
// test how the vault encrypts the secrets. For a vault.SealedVault, TestSealing does.
func TestVault(t *testing.T, open func(t *testing.T) vault.Vault) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*testing.T, vault.Vault)
	}{
		{"Get returns the secret that was put", putAndGetSecret},
		{"each Ref has its own secret", secretsApart},
		{"names that cannot be stored are refused", secretsRefused},
		{"PutNew replaces no secret", putNewSecret},
		{"replaces the old secret only", replaceSecret},
		{"lists without showing", listSecrets},
		{"lists while it is written", listSecretsWhileWriting},
		{"a cancelled context writes nothing", vaultCancelled},
		{"concurrent replacements of one secret", raceReplace},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// holds asserts what is kept under ref, without showing it when it is another.
func holds(t *testing.T, secrets vault.Vault, ref vault.Ref, want graph.Secret) {
	t.Helper()
	got, err := secrets.Get(t.Context(), ref)
	require.NoError(t, err)
	require.True(t, got.Equal(want), "another secret than the expected one is kept as %v", ref)
}

func putAndGetSecret(t *testing.T, secrets vault.Vault) {
	ref := tokenRef(1)
	_, err := secrets.Get(t.Context(), ref)
	require.ErrorIs(t, err, vault.ErrNoSecret)
	for i, text := range []string{"EAA first", "EAA second", "\x00\xff", "ß🥨", string(make([]byte, 100_000))} {
		require.NoError(t, secrets.Put(t.Context(), ref, graph.NewSecret(text), moment(i)))
		holds(t, secrets, ref, graph.NewSecret(text))
	}
	require.NoError(t, secrets.Delete(t.Context(), ref))
	_, err = secrets.Get(t.Context(), ref)
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, secrets.Delete(t.Context(), ref), "nothing to delete is no error")
}

func secretsApart(t *testing.T, secrets vault.Vault) {
	refs := alikeRefs()
	for _, ref := range refs {
		require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), time.Time{}))
	}
	for _, ref := range refs {
		holds(t, secrets, ref, secretFor(ref))
	}
	for i, ref := range refs {
		require.NoError(t, secrets.Delete(t.Context(), ref))
		for _, left := range refs[i+1:] {
			holds(t, secrets, left, secretFor(left))
		}
	}
}

func secretsRefused(t *testing.T, secrets vault.Vault) {
	require.ErrorIs(t, secrets.Put(t.Context(), tokenRef(1), graph.Secret{}, time.Time{}), graph.ErrInput, "an empty secret")
	for what, text := range badNames() {
		ref := tokenRef(1)
		ref.Tenant = signup.Tenant(text)
		require.ErrorIs(t, secrets.Put(t.Context(), ref, graph.NewSecret("EAA"), time.Time{}), graph.ErrInput, "%s", what)
	}
	kept, err := graph.Collect(secrets.List(t.Context(), vault.Ref{}), 0)
	require.NoError(t, err)
	require.Empty(t, kept)
}

func putNewSecret(t *testing.T, secrets vault.Vault) {
	ref := tokenRef(1)
	first, second := graph.NewSecret("EAA first"), graph.NewSecret("EAA second")
	require.ErrorIs(t, secrets.PutNew(t.Context(), ref, graph.Secret{}, moment(1)), graph.ErrInput, "an empty secret")
	require.NoError(t, secrets.PutNew(t.Context(), ref, first, moment(1)))
	for _, secret := range []graph.Secret{second, first} {
		require.ErrorIs(t, secrets.PutNew(t.Context(), ref, secret, moment(2)), vault.ErrChanged)
		holds(t, secrets, ref, first)
	}
	require.True(t, expiryOf(t, secrets, ref).Equal(moment(1)), "what was not written did not change the expiry either")
	require.NoError(t, secrets.Replace(t.Context(), ref, first, second, moment(3)))
	require.NoError(t, secrets.Delete(t.Context(), ref))
	require.NoError(t, secrets.PutNew(t.Context(), ref, first, moment(4)), "after the deletion there is none")
	holds(t, secrets, ref, first)
}

func replaceSecret(t *testing.T, secrets vault.Vault) {
	ref := tokenRef(1)
	first, second, third := graph.NewSecret("EAA first"), graph.NewSecret("EAA second"), graph.NewSecret("EAA third")
	require.ErrorIs(t, secrets.Replace(t.Context(), ref, first, second, moment(1)), vault.ErrNoSecret)
	_, err := secrets.Get(t.Context(), ref)
	require.ErrorIs(t, err, vault.ErrNoSecret, "nothing was written")

	require.NoError(t, secrets.Put(t.Context(), ref, first, moment(1)))
	require.NoError(t, secrets.Replace(t.Context(), ref, first, second, moment(2)))
	holds(t, secrets, ref, second)
	require.ErrorIs(t, secrets.Replace(t.Context(), ref, first, third, moment(3)), vault.ErrChanged)
	holds(t, secrets, ref, second)
	require.ErrorIs(t, secrets.Replace(t.Context(), ref, second, graph.Secret{}, moment(3)), graph.ErrInput)
	holds(t, secrets, ref, second)
	require.True(t, expiryOf(t, secrets, ref).Equal(moment(2)), "what was not written did not change the expiry either")

	require.NoError(t, secrets.Replace(t.Context(), ref, second, second, moment(4)))
	holds(t, secrets, ref, second)
	require.True(t, expiryOf(t, secrets, ref).Equal(moment(4)), "the same secret with another expiry")
	require.NoError(t, secrets.Delete(t.Context(), ref))
	require.ErrorIs(t, secrets.Replace(t.Context(), ref, second, third, moment(5)), vault.ErrNoSecret, "what was deleted does not come back")
}

func expiryOf(t *testing.T, secrets vault.Vault, ref vault.Ref) time.Time {
	t.Helper()
	for kept, err := range secrets.List(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		if kept.Ref == ref {
			return kept.Expires
		}
	}
	require.Fail(t, "not listed", "%v", ref)
	return time.Time{}
}

func listSecrets(t *testing.T, secrets vault.Vault) {
	refs := alikeRefs()
	for i, ref := range refs {
		expires := moment(i)
		if i%2 == 0 {
			expires = time.Time{}
		}
		require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), expires))
	}
	for from := range refs {
		after := vault.Ref{}
		if from > 0 {
			after = refs[from-1]
		}
		kept, err := graph.Collect(secrets.List(t.Context(), after), 0)
		require.NoError(t, err)
		require.Len(t, kept, len(refs)-from)
		for i, k := range kept {
			require.Equal(t, refs[from+i], k.Ref)
			require.Equal(t, (from+i)%2 == 0, k.Expires.IsZero())
			require.True(t, k.Expires.IsZero() || k.Expires.Equal(moment(from+i)))
			require.NotContains(t, fmt.Sprintf("%#v", k), secretFor(k.Ref).Reveal())
		}
	}
}

func listSecretsWhileWriting(t *testing.T, secrets vault.Vault) {
	for n := range manyRecords {
		require.NoError(t, secrets.Put(t.Context(), tokenRef(n), graph.NewSecret("EAA"), time.Time{}))
	}
	seen := 0
	for kept, err := range secrets.List(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		require.Equal(t, tokenRef(seen), kept.Ref, "each once, in order")
		seen++
		require.NoError(t, secrets.Replace(t.Context(), kept.Ref, graph.NewSecret("EAA"), graph.NewSecret("EAB"), moment(1)))
	}
	require.Equal(t, manyRecords, seen)
}

func vaultCancelled(t *testing.T, secrets vault.Vault) {
	secret := graph.NewSecret("EAA")
	require.NoError(t, secrets.Put(t.Context(), tokenRef(1), secret, time.Time{}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := secrets.Get(ctx, tokenRef(1))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, secrets.Put(ctx, tokenRef(2), secret, time.Time{}), context.Canceled)
	require.ErrorIs(t, secrets.PutNew(ctx, tokenRef(2), secret, time.Time{}), context.Canceled)
	require.ErrorIs(t, secrets.Replace(ctx, tokenRef(1), secret, graph.NewSecret("EAB"), time.Time{}), context.Canceled)
	require.ErrorIs(t, secrets.Delete(ctx, tokenRef(1)), context.Canceled)
	_, err = graph.Collect(secrets.List(ctx, vault.Ref{}), 0)
	require.ErrorIs(t, err, context.Canceled)
	holds(t, secrets, tokenRef(1), secret)
	_, err = secrets.Get(t.Context(), tokenRef(2))
	require.ErrorIs(t, err, vault.ErrNoSecret)
}

func raceReplace(t *testing.T, secrets vault.Vault) {
	ref := tokenRef(1)
	old := graph.NewSecret("EAA")
	require.NoError(t, secrets.Put(t.Context(), ref, old, time.Time{}))
	for round := range 10 {
		fresh := func(worker int) graph.Secret { return graph.NewSecret(fmt.Sprintf("EAA %d %d", round, worker)) }
		errs := race(func(worker int) error { return secrets.Replace(t.Context(), ref, old, fresh(worker), moment(round)) })
		won := -1
		for worker, err := range errs {
			if !errors.Is(err, vault.ErrChanged) {
				require.NoError(t, err)
				require.Equal(t, -1, won, "two replaced the same secret")
				won = worker
			}
		}
		require.NotEqual(t, -1, won, "no writer replaced the secret")
		old = fresh(won)
		holds(t, secrets, ref, old)
	}
}
