package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// putFirst: a writer that made up a secret must not overwrite that of another one.
func putFirst(t *testing.T, storage vault.Storage) {
	ref := tokenRef(1)
	first := func(n int) error {
		sealed := newSealed(ref, n)
		sealed.Revision = vault.NoRevision
		return storage.PutSealed(t.Context(), sealed)
	}
	seen := map[int64]bool{}
	for n := range 5 {
		require.NoError(t, first(n))
		read, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, plainSealed(newSealed(ref, n)), plainSealed(read))
		require.Positive(t, read.Revision)
		require.False(t, seen[read.Revision], "revision %d came back after the deletion", read.Revision)
		seen[read.Revision] = true

		require.ErrorIs(t, first(99), vault.ErrChanged)
		again, err := storage.GetSealed(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, read, again, "a conflict writes nothing")
		require.NoError(t, storage.PutSealed(t.Context(), read), "the first revision can be replaced")
		require.NoError(t, storage.DeleteSealed(t.Context(), ref))
	}
}

func raceFirstPuts(t *testing.T, storage vault.Storage) {
	for n := range 10 {
		ref := tokenRef(n)
		errs := race(func(worker int) error {
			sealed := newSealed(ref, worker)
			sealed.Revision = vault.NoRevision
			return storage.PutSealed(t.Context(), sealed)
		})
		requireOneWinner(t, storage, ref, errs)
	}
}
