package vault_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// panicking is a Storage and an AEAD of which one method panics.
type panicking struct {
	vault.Storage
	vault.AEAD
	method string
}

var errNoMap = errors.New("no map")

func (p *panicking) at(method string) {
	if p.method == method {
		panic(errNoMap)
	}
}

func (p *panicking) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	p.at("Storage.PutSealed")
	return p.Storage.PutSealed(ctx, sealed)
}

func (p *panicking) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	p.at("Storage.GetSealed")
	return p.Storage.GetSealed(ctx, ref)
}

func (p *panicking) DeleteSealed(ctx context.Context, ref vault.Ref) error {
	p.at("Storage.DeleteSealed")
	return p.Storage.DeleteSealed(ctx, ref)
}

func (p *panicking) ListSealed(ctx context.Context, after vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	p.at("Storage.ListSealed")
	return p.Storage.ListSealed(ctx, after)
}

func (p *panicking) Seal(ctx context.Context, plaintext, additional []byte) (ciphertext []byte, key string, err error) {
	p.at("AEAD.Seal")
	return p.AEAD.Seal(ctx, plaintext, additional)
}

func (p *panicking) Open(ctx context.Context, ciphertext, additional []byte, key string) ([]byte, error) {
	p.at("AEAD.Open")
	return p.AEAD.Open(ctx, ciphertext, additional, key)
}

func (p *panicking) Newest() string {
	p.at("AEAD.Newest")
	return p.AEAD.Newest()
}

func TestSealedVault_PanicOfSuppliedCode(t *testing.T) {
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	old, fresh := graph.NewSecret("EAA"), graph.NewSecret("EAB")
	for method, use := range map[string]func(*vault.SealedVault) error{
		"Storage.PutSealed": func(v *vault.SealedVault) error { return v.Put(t.Context(), ref, old, time.Time{}) },
		"Storage.GetSealed": func(v *vault.SealedVault) error {
			_, err := v.Get(t.Context(), ref)
			return err
		},
		"Storage.DeleteSealed": func(v *vault.SealedVault) error { return v.Delete(t.Context(), ref) },
		"Storage.ListSealed": func(v *vault.SealedVault) error {
			_, err := graph.Collect(v.List(t.Context(), vault.Ref{}), 0)
			return err
		},
		"AEAD.Seal": func(v *vault.SealedVault) error { return v.Replace(t.Context(), ref, old, fresh, time.Time{}) },
		"AEAD.Open": func(v *vault.SealedVault) error { return v.Replace(t.Context(), ref, old, fresh, time.Time{}) },
		"AEAD.Newest": func(v *vault.SealedVault) error {
			_, err := graph.Collect(v.Rotate(t.Context(), vault.RotateOptions{}), 0)
			return err
		},
	} {
		t.Run(method, func(t *testing.T) {
			code := &panicking{Storage: vault.NewMemoryStorage(), AEAD: newRing(t)}
			secrets, err := vault.NewSealedVault(code, code)
			require.NoError(t, err)
			require.NoError(t, secrets.Put(t.Context(), ref, old, time.Time{}))
			code.method = method
			err = use(secrets)
			require.ErrorIs(t, err, graph.ErrPanicked)
			require.ErrorIs(t, err, errNoMap)
			require.ErrorContains(t, err, method+" panicked")
			require.NotContains(t, err.Error(), "EAA")
			code.method = ""
			secret, err := secrets.Get(t.Context(), ref)
			require.NoError(t, err)
			require.True(t, secret.Equal(old), "nothing was written")
		})
	}
}

// A Storage may also panic while its list is read, or return no list at all.
type panickingList struct {
	vault.Storage
	list iter.Seq2[vault.SealedSecret, error]
}

func (p panickingList) ListSealed(context.Context, vault.Ref) iter.Seq2[vault.SealedSecret, error] {
	return p.list
}

func TestSealedVault_List_PanicDuringIteration(t *testing.T) {
	sealed := vault.SealedSecret{Ref: vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}}
	for name, test := range map[string]struct {
		list iter.Seq2[vault.SealedSecret, error]
		want int
	}{
		"nil": {nil, 0},
		"after an item": {func(yield func(vault.SealedSecret, error) bool) {
			yield(sealed, nil)
			panic(errNoMap)
		}, 1},
	} {
		secrets, err := vault.NewSealedVault(panickingList{vault.NewMemoryStorage(), test.list}, newRing(t))
		require.NoError(t, err)
		entries := 0
		for _, err = range secrets.List(t.Context(), vault.Ref{}) {
			if err == nil {
				entries++
			}
		}
		require.ErrorIs(t, err, graph.ErrPanicked, name)
		require.ErrorContains(t, err, "Storage.ListSealed panicked", name)
		require.Equal(t, test.want, entries, name)
	}
}

// A panic of the caller's loop is not an error of the Storage.
func TestSealedVault_List_PanicOfTheLoop(t *testing.T) {
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), newRing(t))
	require.NoError(t, err)
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	require.NoError(t, secrets.Put(t.Context(), ref, graph.NewSecret("EAA"), time.Time{}))
	require.PanicsWithValue(t, "the loop", func() {
		for _, err := range secrets.List(t.Context(), vault.Ref{}) {
			require.NoError(t, err)
			panic("the loop")
		}
	})
}
