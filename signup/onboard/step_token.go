package onboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// token gets the client's token. If a process died after it sealed the token, the
// token is in the vault. A code that was not sent is exchanged. Otherwise Meta has the
// token that the signup made for the client's business.
func (j *job) token(ctx context.Context) (func(*Record), error) {
	switch _, err := j.flow.cfg.Vault.Get(ctx, tokenRef(j.record)); {
	case err == nil:
		return j.tokenKept(j.record.TokenFetched, time.Time{}), nil
	case !errors.Is(err, vault.ErrNoSecret):
		return nil, j.offer(err)
	}
	if token := j.worker.task.given.token; !token.Access.IsZero() {
		change, err := j.keepToken(ctx, token, false)
		return change, j.offer(err)
	}
	code, err := j.offered(ctx)
	if err != nil {
		return nil, err
	}
	if !code.IsZero() {
		change, err := j.exchange(ctx, code)
		return change, j.offer(err)
	}
	if j.record.TokenOfUser {
		return giveUp(fmt.Errorf("%w: the access token of the login was not kept, and a person's token cannot be fetched", errNotOurs))
	}
	if j.record.Variant == signup.VariantAdopted {
		return nil, fmt.Errorf("%w: the token was not kept: adopt the client again with it", errNotOurs)
	}
	return j.fetch(ctx)
}

// offer notes why a token that the caller of Begin or Adopt gave, or that was given for
// its code, is not in the vault. Begin returns that.
func (j *job) offer(err error) error {
	if err != nil && graph.KindOf(err) == noKind {
		j.worker.offerErr = err
	}
	return err
}

// fetch fetches the token that the signup made, once it is known of which business.
func (j *job) fetch(ctx context.Context) (func(*Record), error) {
	// Another process may still exchange the code, and no process knows whether that one lives.
	if sent := j.record.Exchange; !sent.Sent.IsZero() && sent.Ended.IsZero() {
		if until := sent.Sent.Add(2 * keepTime); j.now().Before(until) {
			return nil, later{at: until, err: errExchanging}
		}
	}
	business, err := j.claimedBusiness(ctx)
	switch until := j.record.Created.Add(claimWithin); {
	case err != nil:
		return giveUpUnlessItPasses(err)
	case business == "" && j.now().Before(until):
		return nil, later{at: until, err: errNoBusinessYet}
	case business == "":
		return giveUp(errNoBusiness)
	}
	return j.fetchTokenOf(ctx, business)
}

// fetchTokenOf fetches the token of a business, and seals it if it is the one that
// the claim is about.
func (j *job) fetchTokenOf(ctx context.Context, business graph.BusinessID) (func(*Record), error) {
	token, err := j.flow.client.FetchToken(ctx, business)
	if err != nil && j.record.Variant == signup.VariantHosted && isRefused(err) && j.now().Before(j.record.Created.Add(claimWithin)) {
		// The webhook may come before the code of the same signup is exchanged.
		return nil, later{at: j.now().Add(tokenPoll), err: err}
	}
	if err != nil {
		return giveUpUnlessItPasses(err)
	}
	info, err := j.flow.client.Debug(ctx, token.Access)
	if err != nil {
		return nil, err
	}
	if reason := j.unfit(info, business); reason != "" {
		return giveUp(fmt.Errorf("%w: the fetched token %s", errNotOurs, reason))
	}
	// This is stored first: a process that goes on from here finds the token in the
	// vault, and could not know where it came from.
	if err := j.note(func(r *Record) { r.TokenFetched = true }); err != nil {
		return nil, err
	}
	return j.keepToken(ctx, signup.Token{Access: token.Access, Expires: info.ExpiresAt.Time}, true)
}

func isRefused(err error) bool {
	return errors.Is(err, graph.ErrPermission) || errors.Is(err, graph.ErrNotFound)
}

// tokenPoll is how often a record that a webhook began asks for the token.
const tokenPoll = 15 * time.Second

// claimWithin is how long a record without a claim waits for the page's event; see
// Flow.AddClaim.
const claimWithin = 10 * time.Minute

// tokenKept returns the change for a token that is in the vault.
func (j *job) tokenKept(fetched bool, expires time.Time) func(*Record) {
	return func(r *Record) {
		r.TokenFetched = fetched
		j.flow.noteToken(r, expires, j.now())
	}
}

// noteToken marks the token's step as done and opens the steps after it.
func (f *Flow) noteToken(r *Record, expires, now time.Time) {
	r.TokenKept, r.TokenExpires, r.State, r.Updated = true, expires.UTC(), StateRunning, now
	if expires.IsZero() {
		r.TokenExpires = time.Time{}
	}
	if !r.Exchange.Sent.IsZero() {
		r.Exchange = Exchange{Sent: r.Exchange.Sent, Ended: now}
	}
	step := r.Step(StepToken, "")
	step.State, step.Ended, step.Reason, step.Kind, step.NotBefore = StepDone, now, "", "", time.Time{}
	step.Attempts++
	f.openSteps(r, "", withToken)
}

// giveUp ends the record: the client must go through the signup again. The record
// has the reason.
func giveUp(err error) (func(*Record), error) {
	return func(r *Record) {
		r.State = StateNeedsNewSignup
		if step := r.Step(StepToken, ""); step != nil {
			step.note(err)
			step.State, step.Ended, step.NotBefore = StepFailed, r.Updated, time.Time{}
		}
	}, err
}

// giveUpUnlessItPasses gives up, unless the failure can pass. After a panic of the
// application's code the step only fails, so that Resume can try again.
func giveUpUnlessItPasses(err error) (func(*Record), error) {
	if _, passes := waitAfter(err, 1, time.Now()); passes || errors.Is(err, graph.ErrPanicked) {
		return nil, err
	}
	return giveUp(err)
}

// claimedBusiness returns the business to fetch the token of: the claimed one, or
// the owner of a claimed WABA that the partner can see.
func (j *job) claimedBusiness(ctx context.Context) (graph.BusinessID, error) {
	if j.record.Claim.Business != "" {
		return j.record.Claim.Business, nil
	}
	for _, id := range j.record.Claim.WABAs {
		account, err := readAccount(ctx, j.flow.cfg.Client, id)
		if errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrPermission) {
			continue
		}
		if err != nil {
			return "", err
		}
		if account.OwnerBusiness.ID != "" {
			return account.OwnerBusiness.ID, nil
		}
	}
	return "", nil
}

// unfit returns why a fetched token is not the one that the claim is about. The
// claim came from a browser, and could name any client of the partner.
func (j *job) unfit(info signup.TokenInfo, business graph.BusinessID) string {
	grants := info.Grants()
	switch {
	case info.Err() != nil:
		return "is not valid"
	case info.AppID != j.flow.cfg.App.ID:
		return "belongs to another app"
	case len(grants.Businesses) > 0 && !slices.Contains(grants.Businesses, business):
		return "belongs to another business"
	case len(grants.WABAs) == 0 && !grants.Unrestricted:
		return "reaches no WhatsApp account"
	}
	for _, id := range j.record.Claim.WABAs {
		if !grants.Unrestricted && !grants.Names(id) {
			return "does not reach the claimed WABA " + string(id)
		}
	}
	return ""
}
