package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// tapped runs before and after each write of the Storage below it. An error of
// either is the write's.
type tapped struct {
	vault.Storage
	before, after func(vault.SealedSecret) error
}

func (b tapped) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	if b.before != nil {
		if err := b.before(sealed); err != nil {
			return err
		}
	}
	err := b.Storage.PutSealed(ctx, sealed)
	if err == nil && b.after != nil {
		err = b.after(sealed)
	}
	return err
}

// rotation runs to its end, and returns what it did.
func rotation(t *testing.T, secrets *vault.SealedVault, opts vault.RotateOptions) []vault.RotateResult {
	t.Helper()
	done, err := graph.Collect(secrets.Rotate(t.Context(), opts), 0)
	require.NoError(t, err)
	return done
}

// underKey asserts that every Ref's secret is there, under that key alone.
func underKey(t *testing.T, storage vault.Storage, key string, refs []vault.Ref) {
	t.Helper()
	list := listedSealed(t, storage, vault.Ref{})
	require.Equal(t, refs, refsOf(list))
	only := sealedVault(t, storage, ring(t, key, key))
	for i, sealed := range list {
		require.Equal(t, key, sealed.Key, "%v", sealed.Ref)
		require.True(t, sealed.Expires.Equal(moment(i)), "the expiry of %v", sealed.Ref)
		holds(t, only, sealed.Ref, secretFor(sealed.Ref))
	}
}

func rotateAll(t *testing.T, storage vault.Storage) {
	refs := alikeRefs()
	keepAll(t, sealedVault(t, storage, ring(t, "a", "a")), refs)
	secrets := sealedVault(t, storage, ring(t, "b", "a", "b"))
	for i, ref := range refs {
		holds(t, secrets, ref, secretFor(ref))
		if i == 3 { // one is put anew before the rotation
			require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), moment(i)))
		}
	}
	for i, done := range rotation(t, secrets, vault.RotateOptions{}) {
		from := "a"
		if i == 3 {
			from = "b"
		}
		require.Equal(t, vault.RotateResult{Ref: refs[i], From: from, To: "b"}, done, "in order")
	}
	underKey(t, storage, "b", refs)
	before := listedSealed(t, storage, vault.Ref{})
	for _, done := range rotation(t, secrets, vault.RotateOptions{Concurrency: 1}) {
		require.Equal(t, "b", done.From)
	}
	require.Equal(t, before, listedSealed(t, storage, vault.Ref{}), "a second rotation writes nothing")
	require.Len(t, rotation(t, secrets, vault.RotateOptions{After: refs[7]}), len(refs)-8)
}

var errCrash = errors.New("the process is killed")

// rotateCrashing kills the rotation at every one of its writes, just before it
// and just after it, and continues behind the last Ref that was seen.
func rotateCrashing(t *testing.T, storage vault.Storage) {
	refs := alikeRefs()
	for crash := range 2 * len(refs) {
		for _, concurrency := range []int{1, 4} {
			for _, ref := range listedSealed(t, storage, vault.Ref{}) {
				require.NoError(t, storage.DeleteSealed(t.Context(), ref.Ref))
			}
			keepAll(t, sealedVault(t, storage, ring(t, "a", "a")), refs)
			writes := make(chan int, 1) // guards the count: rotations write side by side
			writes <- 0
			dying := func(at int) func(vault.SealedSecret) error {
				return func(vault.SealedSecret) error {
					n := <-writes + 1
					writes <- n
					if n > at {
						return errCrash // and so does everything after it
					}
					return nil
				}
			}
			doomed := tapped{Storage: storage, before: dying(crash / 2)}
			if crash%2 == 1 {
				doomed = tapped{Storage: storage, after: dying(crash / 2)}
			}
			keys := ring(t, "b", "a", "b")
			var last vault.Ref
			var failed error
			for done, err := range sealedVault(t, doomed, keys).Rotate(t.Context(), vault.RotateOptions{Concurrency: concurrency}) {
				if failed = err; err != nil {
					break
				}
				last = done.Ref
			}
			require.ErrorIs(t, failed, errCrash)
			for _, ref := range refs {
				holds(t, sealedVault(t, storage, keys), ref, secretFor(ref))
			}
			rotation(t, sealedVault(t, storage, keys), vault.RotateOptions{After: last, Concurrency: concurrency})
			underKey(t, storage, "b", refs)
		}
	}
}

// rotateBesideWriters lets another writer write between the rotation's read and
// its write.
func rotateBesideWriters(t *testing.T, storage vault.Storage) {
	keys := ring(t, "b", "a", "b")
	direct, old := sealedVault(t, storage, keys), sealedVault(t, storage, ring(t, "a", "a"))
	fresh := graph.NewSecret("EAA put meanwhile")
	for what, test := range map[string]struct {
		meanwhile func(vault.Ref) error
		want      graph.Secret // zero: none
		to        string
	}{
		"put under the new key": {func(ref vault.Ref) error { return direct.Put(t.Context(), ref, fresh, moment(1)) }, fresh, "b"},
		"put under the old key": {func(ref vault.Ref) error { return old.Put(t.Context(), ref, fresh, moment(1)) }, fresh, "b"},
		"replaced": {func(ref vault.Ref) error {
			return direct.Replace(t.Context(), ref, secretFor(ref), fresh, moment(1))
		}, fresh, "b"},
		"deleted": {func(ref vault.Ref) error { return direct.Delete(t.Context(), ref) }, graph.Secret{}, ""},
		"deleted and put under the old key": {func(ref vault.Ref) error {
			return errors.Join(direct.Delete(t.Context(), ref), old.Put(t.Context(), ref, fresh, moment(1)))
		}, fresh, "b"},
		"rotated by another rotation": {func(vault.Ref) error {
			_, err := graph.Collect(direct.Rotate(t.Context(), vault.RotateOptions{}), 0)
			return err
		}, secretFor(tokenRef(1)), "b"},
	} {
		ref := tokenRef(1)
		require.NoError(t, old.Put(t.Context(), ref, secretFor(ref), moment(1)))
		happened := false
		rotating := sealedVault(t, tapped{Storage: storage, before: func(vault.SealedSecret) error {
			if happened {
				return nil
			}
			happened = true
			return test.meanwhile(ref)
		}}, keys)
		done := rotation(t, rotating, vault.RotateOptions{})
		require.True(t, happened, what)
		require.Equal(t, []vault.RotateResult{{Ref: ref, From: "a", To: test.to}}, done, what)
		if test.want.IsZero() {
			_, err := direct.Get(t.Context(), ref)
			require.ErrorIs(t, err, vault.ErrNoSecret, "%s: it came back", what)
			continue
		}
		holds(t, sealedVault(t, storage, ring(t, "b", "b")), ref, test.want)
	}
}

// replaceBesideWriters lets another writer write between a replacement's read and
// its write.
func replaceBesideWriters(t *testing.T, storage vault.Storage) {
	secrets := sealedVault(t, storage, ring(t, "a", "a", "b"))
	ref := tokenRef(1)
	renewed, other := graph.NewSecret("EAA renewed"), graph.NewSecret("EAA put meanwhile")
	for what, test := range map[string]struct {
		meanwhile func() error
		err       error
		want      graph.Secret // zero: none
	}{
		"put":     {func() error { return secrets.Put(t.Context(), ref, other, moment(1)) }, vault.ErrChanged, other},
		"deleted": {func() error { return secrets.Delete(t.Context(), ref) }, vault.ErrNoSecret, graph.Secret{}},
		"deleted and put": {func() error {
			return errors.Join(secrets.Delete(t.Context(), ref), secrets.Put(t.Context(), ref, other, moment(1)))
		}, vault.ErrChanged, other},
		"rotated": {func() error {
			newer := sealedVault(t, storage, ring(t, "b", "a", "b"))
			_, err := graph.Collect(newer.Rotate(t.Context(), vault.RotateOptions{}), 0)
			return err
		}, nil, renewed},
	} {
		require.NoError(t, secrets.Put(t.Context(), ref, secretFor(ref), moment(0)))
		happened := false
		replacing := sealedVault(t, tapped{Storage: storage, before: func(vault.SealedSecret) error {
			if happened {
				return nil
			}
			happened = true
			return test.meanwhile()
		}}, ring(t, "a", "a", "b"))
		err := replacing.Replace(t.Context(), ref, secretFor(ref), renewed, moment(2))
		require.True(t, happened, what)
		require.ErrorIs(t, err, test.err, what)
		if test.want.IsZero() {
			_, err := secrets.Get(t.Context(), ref)
			require.ErrorIs(t, err, vault.ErrNoSecret, "%s: it came back", what)
			continue
		}
		holds(t, secrets, ref, test.want)
	}
}

func rotateBroken(t *testing.T, storage vault.Storage) {
	refs := alikeRefs()
	keepAll(t, sealedVault(t, storage, ring(t, "a", "a")), refs)
	require.NoError(t, sealedVault(t, storage, ring(t, "lost", "lost")).Put(t.Context(), refs[2], secretFor(refs[2]), time.Time{}))
	moved := listedSealed(t, storage, vault.Ref{})[5]
	moved.Ref, moved.Revision = refs[4], 0
	require.NoError(t, storage.PutSealed(t.Context(), moved))
	before := listedSealed(t, storage, vault.Ref{})

	done := rotation(t, sealedVault(t, storage, ring(t, "b", "a", "b")), vault.RotateOptions{})
	require.Len(t, done, len(refs))
	after := listedSealed(t, storage, vault.Ref{})
	for i := range refs {
		if i == 2 || i == 4 {
			require.ErrorIs(t, done[i].Err, vault.ErrSealBroken)
			require.Empty(t, done[i].To)
			require.Equal(t, before[i], after[i], "it stays unchanged: its key may be found")
			continue
		}
		require.NoError(t, done[i].Err)
		require.Equal(t, "b", after[i].Key)
	}
}
