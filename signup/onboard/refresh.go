package onboard

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/inorder"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// RefreshOptions adjust a refresh. The zero value is good for a daily run.
type RefreshOptions struct {
	// After is the Ref to continue behind: the last one that an interrupted
	// refresh yielded.
	After vault.Ref
	// Within renews tokens that expire within that time; zero means 20 days,
	// which leaves a daily run twenty chances.
	Within time.Duration
	// Concurrency is how many tokens are worked on at once; zero means 4.
	Concurrency int
}

const defaultWithin = 20 * 24 * time.Hour

// Renewal is what a refresh made of one token.
type Renewal string

// What a refresh makes of a token.
const (
	// RenewalNotDue: it lives long enough, or does not expire.
	RenewalNotDue Renewal = "not_due"
	// RenewalDone: the new token is sealed.
	RenewalDone Renewal = "renewed"
	// RenewalExpired: it is too late, its time is over. Nothing was asked.
	RenewalExpired Renewal = "expired"
	// RenewalDisconnected: Meta no longer accepts the token (190): the client
	// took its consent back, or the token was revoked.
	RenewalDisconnected Renewal = "disconnected"
	// RenewalSuperseded: somebody put another token there, or deleted it, in
	// the meantime. That stays; the renewed one is given up.
	RenewalSuperseded Renewal = "superseded"
	// RenewalFailed: the call failed, or the secret does not open. The old token
	// stays, and the next run tries again.
	RenewalFailed Renewal = "failed"
)

// RefreshResult is what became of one token.
type RefreshResult struct {
	Ref    vault.Ref
	Result Renewal
	// Expires is when the token that is now kept expires, zero for never. A
	// Record's TokenExpires is not changed here.
	Expires time.Time
	// Err says why, where the Result is not a good one.
	Err error
}

// Refresh renews the tokens of a vault before they expire, and yields each token
// as it is dealt with, in the order of its Ref: that is the progress, and the Ref
// is where an interrupted refresh continues. Nothing happens unless it is ranged
// over.
//
//	for token, err := range onboard.Refresh(ctx, signups, secrets, onboard.RefreshOptions{After: last}) {
//		if err != nil {
//			return err // run it again, behind last
//		}
//		last = token.Ref
//	}
//
// The old token is kept until the new one is sealed in its place, and no token is
// ever deleted. One token's trouble is in its RefreshResult. An error ends the
// refresh where going on is of no use: over the rate limit (its RetryAfter says
// how long), with a wrong app secret, without the vault, or when ctx ends.
func Refresh(ctx context.Context, client *signup.Client, secrets vault.Vault, opts RefreshOptions) iter.Seq2[RefreshResult, error] {
	if opts.Within == 0 {
		opts.Within = defaultWithin
	}
	return inorder.Run(ctx, opts.Concurrency, keptTokens(ctx, secrets, opts.After), func(ctx context.Context, kept vault.Entry) (RefreshResult, error) {
		return refreshOne(ctx, client, secrets, kept, opts.Within)
	})
}

// keptTokens are the kept secrets that are tokens.
func keptTokens(ctx context.Context, secrets vault.Vault, after vault.Ref) iter.Seq2[vault.Entry, error] {
	return func(yield func(vault.Entry, error) bool) {
		for kept, err := range secrets.List(ctx, after) {
			if err == nil && kept.Kind != vault.SecretToken {
				continue
			}
			if !yield(kept, err) || err != nil {
				return
			}
		}
	}
}

func refreshOne(ctx context.Context, client *signup.Client, secrets vault.Vault, kept vault.Entry, within time.Duration) (RefreshResult, error) {
	done := RefreshResult{Ref: kept.Ref, Result: RenewalNotDue, Expires: kept.Expires}
	left := time.Until(kept.Expires)
	if kept.Expires.IsZero() || left > within {
		return done, nil
	}
	if left <= 0 {
		done.Result = RenewalExpired
		return done, nil
	}
	old, err := secrets.Get(ctx, kept.Ref)
	if err != nil {
		return done.vault(err)
	}
	fresh, err := client.Renew(ctx, old)
	switch {
	case isDeadToken(err):
		done.Result, done.Err = RenewalDisconnected, err
		return done, nil
	case err != nil:
		done.Result, done.Err = RenewalFailed, err
		return done, endsJob(ctx, err)
	}
	if err := secrets.Replace(ctx, kept.Ref, old, fresh.Access, fresh.Expires); err != nil {
		return done.vault(err)
	}
	done.Result, done.Expires = RenewalDone, fresh.Expires
	return done, nil
}

// vault sorts an error of the vault: about this one secret, or about all.
func (r RefreshResult) vault(err error) (RefreshResult, error) {
	r.Err = err
	switch {
	case errors.Is(err, vault.ErrNoSecret), errors.Is(err, vault.ErrChanged):
		r.Result = RenewalSuperseded
	case errors.Is(err, vault.ErrSealBroken):
		r.Result = RenewalFailed
	default:
		return r, err
	}
	return r, nil
}

// isDeadToken tells Meta's verdict on the client's token from one on the app's
// own credentials, which is 101 at the token endpoint.
func isDeadToken(err error) bool {
	return errors.Is(err, graph.ErrAuth) && errors.Is(err, graph.Code(190))
}

// endsJob returns the errors that the next token would meet as well.
func endsJob(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err // whatever kind of error the call made of it
	}
	for _, kind := range []graph.Kind{graph.ErrThrottled, graph.ErrInterrupted, graph.ErrInput, graph.ErrAuth, graph.ErrPermission} {
		if errors.Is(err, kind) {
			return err
		}
	}
	return nil
}
