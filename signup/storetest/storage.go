package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// TestStorage tests a vault.Storage. Each call of open returns an empty one.
func TestStorage(t *testing.T, open func(t *testing.T) vault.Storage) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*testing.T, vault.Storage)
	}{
		{"GetSealed returns the secret that was put", putAndGet},
		{"each Ref has its own secret", sealedApart},
		{"names that cannot be stored are refused", sealedRefused},
		{"puts go by revision", putByRevision},
		{"the first put is told from the next", putFirst},
		{"revisions do not come back", revisionsAreNew},
		{"no memory is shared", storageSharesNoMemory},
		{"lists in order, in pages", listSealed},
		{"lists while it is written", listSealedWhileWriting},
		{"a cancelled context writes nothing", storageCancelled},
		{"concurrent puts of one revision", racePuts},
		{"concurrent first puts", raceFirstPuts},
		{"concurrent puts of anything", raceStorage},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func newSealed(ref vault.Ref, n int) vault.SealedSecret {
	return vault.SealedSecret{Ref: ref, Expires: moment(n), Key: "2026-ß", Data: fmt.Appendf(nil, "\x00\xff%d\n", n)}
}

func tokenRef(n int) vault.Ref {
	return vault.Ref{Tenant: "t", Record: recordID(n), Kind: vault.SecretToken}
}

// plainSealed makes sealed secrets comparable; revisions are compared apart.
func plainSealed(sealed vault.SealedSecret) vault.SealedSecret {
	sealed.Expires, sealed.Revision = sealed.Expires.UTC().Round(0), 0
	return sealed
}

func putAndGet(t *testing.T, storage vault.Storage) {
	_, err := storage.GetSealed(t.Context(), tokenRef(1))
	require.ErrorIs(t, err, vault.ErrNoSecret)
	all := make([]byte, 1<<20)
	for i := range all {
		all[i] = byte(i)
	}
	for i, want := range []vault.SealedSecret{
		newSealed(tokenRef(1), 1),
		{Ref: tokenRef(1), Key: "k", Data: []byte("it does not expire")},
		{Ref: tokenRef(1), Key: "k", Data: all, Expires: time.Date(2262, 4, 12, 0, 0, 0, 999_999_999, time.UTC)},
		{Ref: tokenRef(1), Key: "k", Data: []byte{0}, Expires: time.Date(9999, 12, 31, 23, 59, 59, 1, kathmandu)},
	} {
		require.NoError(t, storage.PutSealed(t.Context(), want))
		got, err := storage.GetSealed(t.Context(), want.Ref)
		require.NoError(t, err)
		require.Equal(t, plainSealed(want), plainSealed(got), "%d", i)
		require.Positive(t, got.Revision)
		require.Equal(t, want.Expires.IsZero(), got.Expires.IsZero())
	}
	require.NoError(t, storage.DeleteSealed(t.Context(), tokenRef(1)))
	_, err = storage.GetSealed(t.Context(), tokenRef(1))
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, storage.DeleteSealed(t.Context(), tokenRef(1)), "nothing to delete is no error")
}

func sealedApart(t *testing.T, storage vault.Storage) {
	refs := alikeRefs()
	for i, ref := range refs {
		require.NoError(t, storage.PutSealed(t.Context(), newSealed(ref, i)))
	}
	for i, ref := range refs {
		got, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, plainSealed(newSealed(ref, i)), plainSealed(got))
	}
	for i, ref := range refs {
		require.NoError(t, storage.DeleteSealed(t.Context(), ref))
		require.Len(t, listedSealed(t, storage, vault.Ref{}), len(refs)-i-1, "one Ref is deleted")
		_, err := storage.GetSealed(t.Context(), ref)
		require.ErrorIs(t, err, vault.ErrNoSecret)
	}
}

func sealedRefused(t *testing.T, storage vault.Storage) {
	for what, text := range badNames() {
		for field, spoil := range map[string]func(*vault.SealedSecret){
			"tenant":         func(b *vault.SealedSecret) { b.Tenant = signup.Tenant(text) },
			"record id":      func(b *vault.SealedSecret) { b.Record = text },
			"secret kind":    func(b *vault.SealedSecret) { b.Kind = vault.SecretKind(text) },
			"secret subject": func(b *vault.SealedSecret) { b.Subject = text },
		} {
			if field == "secret subject" && text == "" {
				continue // a token has none
			}
			sealed := newSealed(tokenRef(1), 1)
			spoil(&sealed)
			require.ErrorIs(t, storage.PutSealed(t.Context(), sealed), graph.ErrInput, "%s: %s", field, what)
		}
	}
	require.Empty(t, listedSealed(t, storage, vault.Ref{}))
}

func putByRevision(t *testing.T, storage vault.Storage) {
	ref := tokenRef(1)
	for _, revision := range []int64{1, 7, -2} {
		sealed := newSealed(ref, 0)
		sealed.Revision = revision
		require.ErrorIs(t, storage.PutSealed(t.Context(), sealed), vault.ErrChanged, "there is no secret of revision %d", revision)
	}
	require.Empty(t, listedSealed(t, storage, vault.Ref{}))

	seen := map[int64]bool{}
	for n := range 5 {
		require.NoError(t, storage.PutSealed(t.Context(), newSealed(ref, 2*n)))
		first, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		guarded := newSealed(ref, 2*n+1)
		guarded.Revision = first.Revision
		require.NoError(t, storage.PutSealed(t.Context(), guarded))
		second, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, plainSealed(guarded), plainSealed(second))
		require.False(t, seen[first.Revision] || seen[second.Revision] || first.Revision == second.Revision, "each write has a revision of its own")
		seen[first.Revision], seen[second.Revision] = true, true
		for revision := range seen {
			if stale := newSealed(ref, 99); revision != second.Revision {
				stale.Revision = revision
				require.ErrorIs(t, storage.PutSealed(t.Context(), stale), vault.ErrChanged)
			}
		}
		got, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, second, got, "a conflict writes nothing")
	}
}

// revisionsAreNew: a writer that read a secret before it was deleted must not
// overwrite the one that came after.
func revisionsAreNew(t *testing.T, storage vault.Storage) {
	ref := tokenRef(1)
	seen := map[int64]bool{}
	for n := range 20 {
		require.NoError(t, storage.PutSealed(t.Context(), newSealed(ref, n)))
		sealed, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.False(t, seen[sealed.Revision], "revision %d came back after the deletion", sealed.Revision)
		seen[sealed.Revision] = true
		require.NoError(t, storage.DeleteSealed(t.Context(), ref))
		require.ErrorIs(t, storage.PutSealed(t.Context(), sealed), vault.ErrChanged, "a deleted secret does not come back")
	}
	require.Empty(t, listedSealed(t, storage, vault.Ref{}))
}

func storageSharesNoMemory(t *testing.T, storage vault.Storage) {
	given := newSealed(tokenRef(1), 1)
	want := plainSealed(newSealed(tokenRef(1), 1))
	require.NoError(t, storage.PutSealed(t.Context(), given))
	clear(given.Data)
	for range 2 {
		got, err := storage.GetSealed(t.Context(), given.Ref)
		require.NoError(t, err)
		require.Equal(t, want, plainSealed(got))
		clear(got.Data)
		for _, sealed := range listedSealed(t, storage, vault.Ref{}) {
			require.Equal(t, want, plainSealed(sealed))
			clear(sealed.Data)
		}
	}
}

func listedSealed(t *testing.T, storage vault.Storage, after vault.Ref) []vault.SealedSecret {
	t.Helper()
	list, err := graph.Collect(storage.ListSealed(t.Context(), after), 100_000)
	require.NoError(t, err)
	return list
}

func refsOf(list []vault.SealedSecret) []vault.Ref {
	refs := make([]vault.Ref, len(list))
	for i, sealed := range list {
		refs[i] = sealed.Ref
	}
	return refs
}

func listSealed(t *testing.T, storage vault.Storage) {
	want := alikeRefs()
	for n := range manyRecords {
		want = append(want, vault.Ref{Tenant: "ß", Record: recordID(n), Kind: vault.SecretToken})
	}
	for _, n := range rand.New(rand.NewPCG(1, 1)).Perm(len(want)) {
		require.NoError(t, storage.PutSealed(t.Context(), newSealed(want[n], n)))
	}
	// alikeRefs ends with two tenants beyond ASCII: ß stands before ä.
	last := len(alikeRefs()) - 1
	want = append(append(want[:last:last], want[last+1:]...), want[last])
	list := listedSealed(t, storage, vault.Ref{})
	require.Equal(t, want, refsOf(list))
	for i, after := range want[:40] {
		require.Equal(t, want[i+1:], refsOf(listedSealed(t, storage, after)), "behind %v", after)
	}
	for _, sealed := range list {
		got, err := storage.GetSealed(t.Context(), sealed.Ref)
		require.NoError(t, err)
		require.Equal(t, plainSealed(got), plainSealed(sealed), "a list holds what a get returns")
		require.Equal(t, got.Revision, sealed.Revision)
	}
}

func listSealedWhileWriting(t *testing.T, storage vault.Storage) {
	for n := range manyRecords {
		require.NoError(t, storage.PutSealed(t.Context(), newSealed(tokenRef(n), n)))
	}
	seen := map[vault.Ref]int{}
	for sealed, err := range storage.ListSealed(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		seen[sealed.Ref]++
		require.NoError(t, storage.PutSealed(t.Context(), sealed), "the revision that was listed is the current one")
		if len(seen)%2 == 0 {
			require.NoError(t, storage.DeleteSealed(t.Context(), sealed.Ref))
		}
	}
	require.Len(t, seen, manyRecords)
	require.Len(t, listedSealed(t, storage, vault.Ref{}), manyRecords/2)
}

func storageCancelled(t *testing.T, storage vault.Storage) {
	require.NoError(t, storage.PutSealed(t.Context(), newSealed(tokenRef(1), 1)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := storage.GetSealed(ctx, tokenRef(1))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, storage.PutSealed(ctx, newSealed(tokenRef(2), 2)), context.Canceled)
	require.ErrorIs(t, storage.DeleteSealed(ctx, tokenRef(1)), context.Canceled)
	_, err = graph.Collect(storage.ListSealed(ctx, vault.Ref{}), 0)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []vault.Ref{tokenRef(1)}, refsOf(listedSealed(t, storage, vault.Ref{})))
}

func racePuts(t *testing.T, storage vault.Storage) {
	ref := tokenRef(1)
	require.NoError(t, storage.PutSealed(t.Context(), newSealed(ref, 0)))
	for range 10 {
		read, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		errs := race(func(worker int) error {
			sealed := newSealed(ref, worker)
			sealed.Revision = read.Revision
			return storage.PutSealed(t.Context(), sealed)
		})
		requireOneWinner(t, storage, ref, errs)
	}
}

// requireOneWinner asserts that one of the workers wrote its secret, and no other.
func requireOneWinner(t *testing.T, storage vault.Storage, ref vault.Ref, errs []error) {
	t.Helper()
	written, err := storage.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	won := 0
	for worker, err := range errs {
		if err == nil {
			won++
			require.Equal(t, plainSealed(newSealed(ref, worker)), plainSealed(written))
			continue
		}
		require.ErrorIs(t, err, vault.ErrChanged)
	}
	require.Equal(t, 1, won, "one of the puts wins")
}

func raceStorage(t *testing.T, storage vault.Storage) {
	errs := race(func(worker int) error {
		for n := range 10 {
			ref := tokenRef(n) // the same few for all
			if err := storage.PutSealed(t.Context(), newSealed(ref, worker)); err != nil {
				return err
			}
			if _, err := storage.GetSealed(t.Context(), ref); err != nil && !errors.Is(err, vault.ErrNoSecret) {
				return err
			}
			if worker%4 == 0 {
				if err := storage.DeleteSealed(t.Context(), ref); err != nil {
					return err
				}
			}
			for _, err := range storage.ListSealed(t.Context(), vault.Ref{}) {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
}
