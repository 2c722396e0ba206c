package vault

import (
	"context"
	"errors"
	"iter"

	"github.com/seed-8fdceacd/wagraph/signup/internal/parallel"
)

// RotateOptions adjust a rotation. The zero value rotates all secrets.
type RotateOptions struct {
	// After is the last Ref that an interrupted rotation yielded. The rotation
	// continues with the next one.
	After Ref
	// Concurrency is the number of secrets that are sealed at the same time; zero
	// or less means 4.
	Concurrency int
}

// RotateResult says what Rotate did with one secret.
type RotateResult struct {
	Ref Ref
	// From and To are the names of the keys. They are equal if there was nothing
	// to do. To is empty if the secret was deleted in the meantime, or if Err is
	// not nil.
	From, To string
	// Err is nil or an ErrSealBroken: the secret could not be opened and was not
	// changed. The rotation continues.
	Err error
}

// Rotate seals all secrets with the newest key that are under another key. It yields
// a result for each secret, in the order of Ref.Compare. Store the Ref of the last
// result: an interrupted rotation continues after it. Rotate does nothing until the
// caller ranges over it. An error is the last thing that it yields.
//
//	for rotated, err := range secrets.Rotate(ctx, vault.RotateOptions{After: last}) {
//		if err != nil {
//			return err // later, run it again with After: last
//		}
//		last = rotated.Ref
//	}
//
// Other processes may use the vault during a rotation: Rotate neither overwrites a
// secret that they put nor restores one that they deleted. After a rotation without
// an error, old keys are no longer needed if no process seals with them any more.
func (v *SealedVault) Rotate(ctx context.Context, opts RotateOptions) iter.Seq2[RotateResult, error] {
	return func(yield func(RotateResult, error) bool) {
		if err := v.check(ctx); err != nil {
			yield(RotateResult{}, err)
			return
		}
		parallel.Run(ctx, opts.Concurrency, v.supplied.list(ctx, opts.After), v.rotate)(yield)
	}
}

// rotate seals one secret again. It writes only if the stored secret still has the
// revision that was read.
func (v *SealedVault) rotate(ctx context.Context, sealed SealedSecret) (RotateResult, error) {
	done := RotateResult{Ref: sealed.Ref, From: sealed.Key}
	for {
		newest, err := v.supplied.newest()
		if err != nil {
			return done, withRef("seal again", sealed.Ref, err)
		}
		if sealed.Key == newest {
			done.To = sealed.Key
			return done, nil
		}
		secret, err := v.open(ctx, sealed)
		if errors.Is(err, ErrSealBroken) {
			done.Err = err
			return done, nil
		}
		if err != nil {
			return done, err
		}
		fresh, err := v.seal(ctx, sealed.Ref, secret, sealed.Expires)
		if err != nil {
			return done, err
		}
		fresh.Revision = sealed.Revision
		err = v.supplied.put(ctx, fresh)
		if err == nil {
			done.To = fresh.Key
			return done, nil
		}
		if !errors.Is(err, ErrChanged) {
			return done, withRef("seal again", sealed.Ref, err)
		}
		if sealed, err = v.supplied.get(ctx, done.Ref); errors.Is(err, ErrNoSecret) {
			return done, nil
		}
		if err != nil {
			return done, withRef("seal again", done.Ref, err)
		}
	}
}
