package onboard

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/parallel"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// ValidateOptions adjust a validation. The zero value validates every token.
type ValidateOptions struct {
	// After is where to continue: the last Ref that an interrupted validation
	// yielded.
	After vault.Ref
	// Concurrency is how many tokens are validated at the same time; zero means 4.
	Concurrency int
}

// Standing is the state of a token at Meta.
type Standing string

// The states of a token.
const (
	// StandingLive means that Meta accepts the token.
	StandingLive Standing = "live"
	// StandingDisconnected means that Meta no longer accepts the token. The client
	// removed the app, the token was revoked, or it expired: Err says which. The
	// client must go through the signup again, unless a token can be fetched.
	StandingDisconnected Standing = "disconnected"
	// StandingUnknown means that the secret does not open, that it was deleted
	// meanwhile, or that the call failed: Err says which. It says nothing about the
	// client.
	StandingUnknown Standing = "unknown"
)

// ValidateResult is the result for one token.
type ValidateResult struct {
	Ref      vault.Ref
	Standing Standing
	// Info is Meta's answer, with the scopes. It is zero if the Standing is unknown.
	Info signup.TokenInfo
	// Expires is when the token expires, as the vault says now; zero for never.
	Expires time.Time
	// Err is why the token is not live; nil if it is.
	Err error
}

// Validate asks Meta about every token of a vault. It yields the result for each
// token, ordered by Ref; an interrupted validation continues after the last Ref. Meta
// recommends a daily validation. Nothing happens before the loop begins.
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
// It never deletes a token. It writes only when a token expires, if Meta says another
// date than the vault: a token that was adopted without its date would otherwise
// never be renewed. The errors that end it are those of [Refresh].
func Validate(ctx context.Context, client *signup.Client, secrets vault.Vault, opts ValidateOptions) iter.Seq2[ValidateResult, error] {
	secrets, err := checkTokenJob(ctx, client, secrets)
	if err != nil {
		return onlyError[ValidateResult](err)
	}
	return parallel.Run(ctx, opts.Concurrency, keptTokens(ctx, secrets, opts.After), func(ctx context.Context, kept vault.Entry) (ValidateResult, error) {
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

// endsValidation returns an error that is not about one secret only. A token that was
// replaced meanwhile is left to the next run.
func endsValidation(err error) error {
	if errors.Is(err, vault.ErrNoSecret) || errors.Is(err, vault.ErrSealBroken) || errors.Is(err, vault.ErrChanged) {
		return nil
	}
	return err
}

// sameExpiry reports whether two dates differ by a minute at most: an exchange gives
// seconds from now, and debug_token a date. If Meta gives no date, the stored one
// stays: to renew a token without need does less harm.
func sameExpiry(kept, said time.Time) bool {
	return said.IsZero() || !kept.IsZero() && kept.Sub(said).Abs() <= time.Minute
}
