package onboard

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/parallel"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// RefreshOptions adjust a refresh. The zero value is for a daily run.
type RefreshOptions struct {
	// After is where to continue: the last Ref that an interrupted refresh yielded.
	After vault.Ref
	// Within selects the tokens that expire within that time. Zero means 20 days, so
	// that a daily run tries twenty times.
	Within time.Duration
	// Concurrency is how many tokens are renewed at the same time; zero means 4.
	Concurrency int
}

const defaultWithin = 20 * 24 * time.Hour

// Renewal is the result of a refresh for one token.
type Renewal string

// The results of a refresh.
const (
	// RenewalNotDue means that the token does not expire soon, or never.
	RenewalNotDue Renewal = "not_due"
	// RenewalDone means that the new token is sealed.
	RenewalDone Renewal = "renewed"
	// RenewalExpired means that the token has expired. Meta was not asked.
	RenewalExpired Renewal = "expired"
	// RenewalDisconnected means that Meta no longer accepts the token (190): the
	// client removed the app, or the token was revoked.
	RenewalDisconnected Renewal = "disconnected"
	// RenewalSuperseded means that another writer replaced or deleted the token
	// meanwhile. That stays, and the renewed token is not stored.
	RenewalSuperseded Renewal = "superseded"
	// RenewalFailed means that the call failed, or that the secret does not open.
	// The old token stays, and the next run tries again.
	RenewalFailed Renewal = "failed"
)

// RefreshResult is the result for one token.
type RefreshResult struct {
	Ref    vault.Ref
	Result Renewal
	// Expires is when the token in the vault expires now; zero for never.
	Expires time.Time
	// Err is why the token was not renewed; nil if it was, or did not need to be.
	Err error
}

// Refresh renews the tokens in the Flow's vault as the function [Refresh] does, and
// writes into each record when its token expires now, also where an earlier run could not
// write that. RefreshResult.Err of a token that was renewed says that its record could not
// be written.
func (f *Flow) Refresh(ctx context.Context, opts RefreshOptions) iter.Seq2[RefreshResult, error] {
	if err := f.made(ctx); err != nil {
		return onlyError[RefreshResult](err)
	}
	return func(yield func(RefreshResult, error) bool) {
		for result, err := range Refresh(ctx, f.client, f.cfg.Vault, opts) {
			if err == nil && (result.Result == RenewalDone || result.Result == RenewalNotDue) {
				result.Err = f.expires(ctx, result.Ref, result.Expires)
			}
			if !yield(result, err) {
				return
			}
		}
	}
}

// Validate validates the tokens in the Flow's vault as the function [Validate] does, and
// writes into each record when its token expires, as Meta says.
func (f *Flow) Validate(ctx context.Context, opts ValidateOptions) iter.Seq2[ValidateResult, error] {
	if err := f.made(ctx); err != nil {
		return onlyError[ValidateResult](err)
	}
	return func(yield func(ValidateResult, error) bool) {
		for result, err := range Validate(ctx, f.client, f.cfg.Vault, opts) {
			if err == nil && result.Standing == StandingLive {
				result.Err = f.expires(ctx, result.Ref, result.Expires)
			}
			if !yield(result, err) {
				return
			}
		}
	}
}

// expires writes into the record of a token when it expires. A token without a record
// is not an error.
func (f *Flow) expires(ctx context.Context, ref vault.Ref, at time.Time) error {
	_, err := f.edit(ctx, ref.Record, func(record *Record) (bool, error) {
		if record.TokenExpires.Equal(at) || record.State == StateOffboarded {
			return false, nil
		}
		record.expire(at.UTC())
		if at.IsZero() {
			record.TokenExpires = time.Time{}
		}
		return true, nil
	})
	if errors.Is(err, ErrNoRecord) {
		return nil
	}
	return err
}

// Refresh renews the tokens of a vault before they expire. It yields the result for
// each token, ordered by Ref; an interrupted refresh continues after the last Ref.
// Nothing happens before the loop begins. [Flow.Refresh] changes the records too.
//
//	for token, err := range onboard.Refresh(ctx, signups, secrets, onboard.RefreshOptions{After: last}) {
//		if err != nil {
//			return err // run it again, after last
//		}
//		last = token.Ref
//	}
//
// The old token stays in the vault until the new one is sealed in its place, and no
// token is ever deleted. A problem with one token is in its RefreshResult. An error
// that the next token would meet too ends the refresh: a rate limit (RetryAfter says
// how long), a wrong app secret, a vault that fails, the end of ctx, an InputError for
// a nil argument.
func Refresh(ctx context.Context, client *signup.Client, secrets vault.Vault, opts RefreshOptions) iter.Seq2[RefreshResult, error] {
	if opts.Within == 0 {
		opts.Within = defaultWithin
	}
	secrets, err := checkTokenJob(ctx, client, secrets)
	if err != nil {
		return onlyError[RefreshResult](err)
	}
	return parallel.Run(ctx, opts.Concurrency, keptTokens(ctx, secrets, opts.After), func(ctx context.Context, kept vault.Entry) (RefreshResult, error) {
		return refreshOne(ctx, client, secrets, kept, opts.Within)
	})
}

// checkTokenJob refuses what Refresh and Validate cannot work with, and guards the
// vault.
func checkTokenJob(ctx context.Context, client *signup.Client, secrets vault.Vault) (vault.Vault, error) {
	if err := checkContext(ctx); err != nil {
		return nil, err
	}
	if client == nil {
		return nil, badField("signup client", "is nil: signup.New makes one")
	}
	if isNil(secrets) {
		return nil, badField("vault", "is nil: vault.NewSealedVault makes one")
	}
	return guardedVault{secrets, "vault.Vault"}, nil
}

// keptTokens yields the secrets of the vault that are tokens.
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

// vault returns the result for an error of the vault. An error that is not about
// this one secret ends the refresh.
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

// isDeadToken reports whether Meta refused the client's token. If the app's secret is
// wrong, the token endpoint answers with code 101.
func isDeadToken(err error) bool {
	return errors.Is(err, graph.ErrAuth) && errors.Is(err, graph.Code(190))
}

// endsJob returns the errors that the next token would meet as well.
func endsJob(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err // of any kind
	}
	for _, kind := range []graph.Kind{graph.ErrThrottled, graph.ErrInterrupted, graph.ErrInput, graph.ErrAuth, graph.ErrPermission, graph.ErrPanicked} {
		if errors.Is(err, kind) {
			return err
		}
	}
	return nil
}
