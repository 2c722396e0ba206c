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
		{"GetBlob returns the blob that was put", putAndGet},
		{"each Ref has its own blob", blobsApart},
		{"names that cannot be stored are refused", blobsRefused},
		{"puts go by revision", putByRevision},
		{"revisions do not come back", revisionsAreNew},
		{"no memory is shared", blobsShareNoMemory},
		{"lists in order, in pages", listBlobs},
		{"lists while it is written", listBlobsWhileWriting},
		{"a cancelled context writes nothing", blobsCancelled},
		{"concurrent puts of one revision", racePuts},
		{"concurrent puts of anything", raceBlobs},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func newBlob(ref vault.Ref, n int) vault.SealedSecret {
	return vault.SealedSecret{Ref: ref, Expires: moment(n), Key: "2026-ß", Data: fmt.Appendf(nil, "\x00\xff%d\n", n)}
}

func tokenRef(n int) vault.Ref {
	return vault.Ref{Tenant: "t", Record: recordID(n), Kind: vault.SecretToken}
}

// plainBlob makes blobs comparable; revisions are compared apart.
func plainBlob(blob vault.SealedSecret) vault.SealedSecret {
	blob.Expires, blob.Revision = blob.Expires.UTC().Round(0), 0
	return blob
}

func putAndGet(t *testing.T, blobs vault.Storage) {
	_, err := blobs.GetBlob(t.Context(), tokenRef(1))
	require.ErrorIs(t, err, vault.ErrNoSecret)
	all := make([]byte, 1<<20)
	for i := range all {
		all[i] = byte(i)
	}
	for i, want := range []vault.SealedSecret{
		newBlob(tokenRef(1), 1),
		{Ref: tokenRef(1), Key: "k", Data: []byte("it does not expire")},
		{Ref: tokenRef(1), Key: "k", Data: all, Expires: time.Date(2262, 4, 12, 0, 0, 0, 999_999_999, time.UTC)},
		{Ref: tokenRef(1), Key: "k", Data: []byte{0}, Expires: time.Date(9999, 12, 31, 23, 59, 59, 1, kathmandu)},
	} {
		require.NoError(t, blobs.PutBlob(t.Context(), want))
		got, err := blobs.GetBlob(t.Context(), want.Ref)
		require.NoError(t, err)
		require.Equal(t, plainBlob(want), plainBlob(got), "%d", i)
		require.Positive(t, got.Revision)
		require.Equal(t, want.Expires.IsZero(), got.Expires.IsZero())
	}
	require.NoError(t, blobs.DeleteBlob(t.Context(), tokenRef(1)))
	_, err = blobs.GetBlob(t.Context(), tokenRef(1))
	require.ErrorIs(t, err, vault.ErrNoSecret)
	require.NoError(t, blobs.DeleteBlob(t.Context(), tokenRef(1)), "nothing to delete is no error")
}

func blobsApart(t *testing.T, blobs vault.Storage) {
	refs := alikeRefs()
	for i, ref := range refs {
		require.NoError(t, blobs.PutBlob(t.Context(), newBlob(ref, i)))
	}
	for i, ref := range refs {
		got, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, plainBlob(newBlob(ref, i)), plainBlob(got))
	}
	for i, ref := range refs {
		require.NoError(t, blobs.DeleteBlob(t.Context(), ref))
		require.Len(t, listedBlobs(t, blobs, vault.Ref{}), len(refs)-i-1, "one Ref is deleted")
		_, err := blobs.GetBlob(t.Context(), ref)
		require.ErrorIs(t, err, vault.ErrNoSecret)
	}
}

func blobsRefused(t *testing.T, blobs vault.Storage) {
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
			blob := newBlob(tokenRef(1), 1)
			spoil(&blob)
			require.ErrorIs(t, blobs.PutBlob(t.Context(), blob), graph.ErrInput, "%s: %s", field, what)
		}
	}
	require.Empty(t, listedBlobs(t, blobs, vault.Ref{}))
}

func putByRevision(t *testing.T, blobs vault.Storage) {
	ref := tokenRef(1)
	for _, revision := range []int64{1, 7, -1} {
		blob := newBlob(ref, 0)
		blob.Revision = revision
		require.ErrorIs(t, blobs.PutBlob(t.Context(), blob), vault.ErrChanged, "there is no blob of revision %d", revision)
	}
	require.Empty(t, listedBlobs(t, blobs, vault.Ref{}))

	seen := map[int64]bool{}
	for n := range 5 {
		require.NoError(t, blobs.PutBlob(t.Context(), newBlob(ref, 2*n)))
		first, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		guarded := newBlob(ref, 2*n+1)
		guarded.Revision = first.Revision
		require.NoError(t, blobs.PutBlob(t.Context(), guarded))
		second, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, plainBlob(guarded), plainBlob(second))
		require.False(t, seen[first.Revision] || seen[second.Revision] || first.Revision == second.Revision, "each write has a revision of its own")
		seen[first.Revision], seen[second.Revision] = true, true
		for revision := range seen {
			if stale := newBlob(ref, 99); revision != second.Revision {
				stale.Revision = revision
				require.ErrorIs(t, blobs.PutBlob(t.Context(), stale), vault.ErrChanged)
			}
		}
		got, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, second, got, "a conflict writes nothing")
	}
}

// revisionsAreNew: a writer that read a secret before it was deleted must not
// overwrite the one that came after.
func revisionsAreNew(t *testing.T, blobs vault.Storage) {
	ref := tokenRef(1)
	seen := map[int64]bool{}
	for n := range 20 {
		require.NoError(t, blobs.PutBlob(t.Context(), newBlob(ref, n)))
		blob, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		require.False(t, seen[blob.Revision], "revision %d came back after the deletion", blob.Revision)
		seen[blob.Revision] = true
		require.NoError(t, blobs.DeleteBlob(t.Context(), ref))
		require.ErrorIs(t, blobs.PutBlob(t.Context(), blob), vault.ErrChanged, "a deleted blob does not come back")
	}
	require.Empty(t, listedBlobs(t, blobs, vault.Ref{}))
}

func blobsShareNoMemory(t *testing.T, blobs vault.Storage) {
	given := newBlob(tokenRef(1), 1)
	want := plainBlob(newBlob(tokenRef(1), 1))
	require.NoError(t, blobs.PutBlob(t.Context(), given))
	clear(given.Data)
	for range 2 {
		got, err := blobs.GetBlob(t.Context(), given.Ref)
		require.NoError(t, err)
		require.Equal(t, want, plainBlob(got))
		clear(got.Data)
		for _, blob := range listedBlobs(t, blobs, vault.Ref{}) {
			require.Equal(t, want, plainBlob(blob))
			clear(blob.Data)
		}
	}
}

func listedBlobs(t *testing.T, blobs vault.Storage, after vault.Ref) []vault.SealedSecret {
	t.Helper()
	list, err := graph.Collect(blobs.ListBlobs(t.Context(), after), 100_000)
	require.NoError(t, err)
	return list
}

func refsOf(list []vault.SealedSecret) []vault.Ref {
	refs := make([]vault.Ref, len(list))
	for i, blob := range list {
		refs[i] = blob.Ref
	}
	return refs
}

func listBlobs(t *testing.T, blobs vault.Storage) {
	want := alikeRefs()
	for n := range manyRecords {
		want = append(want, vault.Ref{Tenant: "ß", Record: recordID(n), Kind: vault.SecretToken})
	}
	for _, n := range rand.New(rand.NewPCG(1, 1)).Perm(len(want)) {
		require.NoError(t, blobs.PutBlob(t.Context(), newBlob(want[n], n)))
	}
	// alikeRefs ends with two tenants beyond ASCII: ß stands before ä.
	last := len(alikeRefs()) - 1
	want = append(append(want[:last:last], want[last+1:]...), want[last])
	list := listedBlobs(t, blobs, vault.Ref{})
	require.Equal(t, want, refsOf(list))
	for i, after := range want[:40] {
		require.Equal(t, want[i+1:], refsOf(listedBlobs(t, blobs, after)), "behind %v", after)
	}
	for _, blob := range list {
		got, err := blobs.GetBlob(t.Context(), blob.Ref)
		require.NoError(t, err)
		require.Equal(t, plainBlob(got), plainBlob(blob), "a list holds what a get returns")
		require.Equal(t, got.Revision, blob.Revision)
	}
}

func listBlobsWhileWriting(t *testing.T, blobs vault.Storage) {
	for n := range manyRecords {
		require.NoError(t, blobs.PutBlob(t.Context(), newBlob(tokenRef(n), n)))
	}
	seen := map[vault.Ref]int{}
	for blob, err := range blobs.ListBlobs(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		seen[blob.Ref]++
		require.NoError(t, blobs.PutBlob(t.Context(), blob), "the revision that was listed is the current one")
		if len(seen)%2 == 0 {
			require.NoError(t, blobs.DeleteBlob(t.Context(), blob.Ref))
		}
	}
	require.Len(t, seen, manyRecords)
	require.Len(t, listedBlobs(t, blobs, vault.Ref{}), manyRecords/2)
}

func blobsCancelled(t *testing.T, blobs vault.Storage) {
	require.NoError(t, blobs.PutBlob(t.Context(), newBlob(tokenRef(1), 1)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := blobs.GetBlob(ctx, tokenRef(1))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, blobs.PutBlob(ctx, newBlob(tokenRef(2), 2)), context.Canceled)
	require.ErrorIs(t, blobs.DeleteBlob(ctx, tokenRef(1)), context.Canceled)
	_, err = graph.Collect(blobs.ListBlobs(ctx, vault.Ref{}), 0)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []vault.Ref{tokenRef(1)}, refsOf(listedBlobs(t, blobs, vault.Ref{})))
}

func racePuts(t *testing.T, blobs vault.Storage) {
	ref := tokenRef(1)
	require.NoError(t, blobs.PutBlob(t.Context(), newBlob(ref, 0)))
	for range 10 {
		read, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		errs := race(func(worker int) error {
			blob := newBlob(ref, worker)
			blob.Revision = read.Revision
			return blobs.PutBlob(t.Context(), blob)
		})
		written, err := blobs.GetBlob(t.Context(), ref)
		require.NoError(t, err)
		won := 0
		for worker, err := range errs {
			if err == nil {
				won++
				require.Equal(t, plainBlob(newBlob(ref, worker)), plainBlob(written))
				continue
			}
			require.ErrorIs(t, err, vault.ErrChanged)
		}
		require.Equal(t, 1, won, "one of the puts wins")
	}
}

func raceBlobs(t *testing.T, blobs vault.Storage) {
	errs := race(func(worker int) error {
		for n := range 10 {
			ref := tokenRef(n) // the same few for all
			if err := blobs.PutBlob(t.Context(), newBlob(ref, worker)); err != nil {
				return err
			}
			if _, err := blobs.GetBlob(t.Context(), ref); err != nil && !errors.Is(err, vault.ErrNoSecret) {
				return err
			}
			if worker%4 == 0 {
				if err := blobs.DeleteBlob(t.Context(), ref); err != nil {
					return err
				}
			}
			for _, err := range blobs.ListBlobs(t.Context(), vault.Ref{}) {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
}
