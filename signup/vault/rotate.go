package vault

import (
	"context"
	"errors"
	"iter"

	"github.com/seed-8fdceacd/wagraph/signup/internal/inorder"
)

// RotateOptions adjust a rotation. The zero value rotates everything.
type RotateOptions struct {
	// After is the Ref to continue behind: the last one that an interrupted
	// rotation yielded.
	After Ref
	// Concurrency is how many secrets are worked on at once; zero means 4.
	Concurrency int
}

// RotateResult is what became of one secret.
type RotateResult struct {
	Ref Ref
	// From and To are the names of the keys; equal if there was nothing to do.
	// To is empty if the secret was deleted meanwhile, or if Err is not nil.
	From, To string
	// Err is an ErrSealBroken: the secret could not be opened, and stays as it
	// is. The rotation goes on.
	Err error
}

// Rotate seals every secret that is not under the newest key again, and yields
// each secret as it is dealt with: that is the progress, and its Ref is where an
// interrupted rotation continues. Nothing happens unless it is ranged over.
//
//	for rotated, err := range secrets.Rotate(ctx, vault.RotateOptions{After: last}) {
//		if err != nil {
//			return err // run it again, behind last
//		}
//		last = rotated.Ref
//	}
//
// It may run beside everything else that uses the vault: a secret that is put
// or deleted meanwhile stays put or deleted. After a pass without an error, an
// old key is no longer needed, provided that no process seals with it any more.
func (v *SealedVault) Rotate(ctx context.Context, opts RotateOptions) iter.Seq2[RotateResult, error] {
	return inorder.Run(ctx, opts.Concurrency, v.blobs.ListBlobs(ctx, opts.After), v.rotate)
}

// rotate seals one secret again. The revision that was read guards the write.
func (v *SealedVault) rotate(ctx context.Context, blob SealedSecret) (RotateResult, error) {
	done := RotateResult{Ref: blob.Ref, From: blob.Key}
	for {
		if blob.Key == v.aead.Newest() {
			done.To = blob.Key
			return done, nil
		}
		secret, err := v.open(ctx, blob)
		if errors.Is(err, ErrSealBroken) {
			done.Err = err
			return done, nil
		}
		if err != nil {
			return done, err
		}
		fresh, err := v.seal(ctx, blob.Ref, secret, blob.Expires)
		if err != nil {
			return done, err
		}
		fresh.Revision = blob.Revision
		err = v.blobs.PutBlob(ctx, fresh)
		if err == nil {
			done.To = fresh.Key
			return done, nil
		}
		if !isConflict(err) {
			return done, about("seal again", blob.Ref, err)
		}
		if blob, err = v.blobs.GetBlob(ctx, done.Ref); errors.Is(err, ErrNoSecret) {
			return done, nil
		}
		if err != nil {
			return done, about("seal again", done.Ref, err)
		}
	}
}

func isConflict(err error) bool { return errors.Is(err, ErrChanged) }
