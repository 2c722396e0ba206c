package onboard

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/inorder"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// ValidateOptions adjust a validation. The zero value asks about every token.
type ValidateOptions struct {
	// After is the Ref to continue behind: the last one that an interrupted
	// validation yielded.
	After vault.Ref
	// Concurrency is how many tokens are asked about at once; zero means 4.
	Concurrency int
}

// Standing is what Meta thinks of a kept token.
type Standing string

// How a token can stand.
const (
	// StandingLive: Meta accepts it.
	StandingLive Standing = "live"
	// StandingDisconnected: Meta no longer accepts it. The client removed the
	// app, the token was revoked, or it expired: Err says which. The client has
	// to be asked to sign up again, unless a token can be fetched for it.
	StandingDisconnected Standing = "disconnected"
	// StandingUnknown: the secret does not open, was deleted meanwhile, or the
	// call failed: Err says why. Nothing follows about the client.
	StandingUnknown Standing = "unknown"
)

// ValidateResult is what became of one token.
type ValidateResult struct {
	Ref      vault.Ref
	Standing Standing
	// Info is Meta's answer, scopes included; zero while the Standing is unknown.
	Info signup.TokenInfo
	// Expires is when the token expires, as the vault has it now; zero for never.
	Expires time.Time
	// Err says why, where the token is not live.
	Err error
}

// Validate asks Meta about every token of a vault, and yields each in the order
// of its Ref: that is the progress, and the Ref is where an interrupted
// validation continues. Meta recommends to do it daily. Nothing happens unless it
// is ranged over.
//
//	for token, err := range onboard.Validate(ctx, signups, secrets, onboard.ValidateOptions{}) {
//		if err != nil {
//			return err
//		}
//		if token.Standing == onboard.StandingDisconnected {
//			disconnect(token.Ref.Tenant, token.Ref.Record, token.Err)
//		}
//	}
//
// It never deletes a token. The one thing that it writes is when a token
// expires, where Meta says something else than the vault: a token that was
// adopted without its date would otherwise never be renewed. Errors end it as they
// end [Refresh].
func Validate(ctx context.Context, client *signup.Client, secrets vault.Vault, opts ValidateOptions) iter.Seq2[ValidateResult, error] {
	return inorder.Run(ctx, opts.Concurrency, keptTokens(ctx, secrets, opts.After), func(ctx context.Context, kept vault.Entry) (ValidateResult, error) {
		return validateOne(ctx, client, secrets, kept)
	})
}

func validateOne(ctx context.Context, client *signup.Client, secrets vault.Vault, kept vault.Entry) (ValidateResult, error) {
	done := ValidateResult{Ref: kept.Ref, Standing: StandingUnknown, Expires: kept.Expires}
	token, err := secrets.Get(ctx, kept.Ref)
	if err != nil {
		done.Err = err
		return done, endsValidation(err)
	}
	info, err := client.Debug(ctx, token)
	if err != nil {
		// A 190 here is about the app's own token, not about the client's.
		done.Err = err
		return done, endsJob(ctx, err)
	}
	done.Info = info
	if !info.Valid {
		done.Standing, done.Err = StandingDisconnected, info.Err()
		return done, nil
	}
	done.Standing = StandingLive
	if sameExpiry(kept.Expires, info.ExpiresAt.Time) {
		return done, nil
	}
	err = secrets.Replace(ctx, kept.Ref, token, token, info.ExpiresAt.Time)
	if err == nil {
		done.Expires = info.ExpiresAt.Time
	}
	return done, endsValidation(err)
}

// endsValidation returns what is not about one secret alone. Another token in
// the place of this one is left to the next run.
func endsValidation(err error) error {
	if errors.Is(err, vault.ErrNoSecret) || errors.Is(err, vault.ErrSealBroken) || errors.Is(err, vault.ErrChanged) {
		return nil
	}
	return err
}

// sameExpiry leaves a minute between what an exchange promised in seconds from
// now and what Meta says on the clock. No date in the answer takes none away:
// renewing a token that did not need it is the smaller harm.
func sameExpiry(kept, said time.Time) bool {
	return said.IsZero() || !kept.IsZero() && kept.Sub(said).Abs() <= time.Minute
}
