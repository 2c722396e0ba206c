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

// fetchToken gets the token of a record whose exchange left none. If a process died
// after it sealed the token, the token is in the vault. Otherwise Meta has the token
// that the signup made for the client's business.
func (j *job) fetchToken(ctx context.Context) (func(*Record), error) {
	switch _, err := j.flow.cfg.Vault.Get(ctx, tokenRef(j.record)); {
	case err == nil:
		return j.tokenKept(j.record.TokenFetched, time.Time{}), nil
	case !errors.Is(err, vault.ErrNoSecret):
		return nil, err
	}
	if j.record.TokenOfUser {
		return giveUp(fmt.Errorf("%w: the access token of the login was not kept, and a person's token cannot be fetched", errNotOurs))
	}
	if j.record.Variant == signup.VariantAdopted {
		return nil, fmt.Errorf("%w: the token was not kept: adopt the client again with it", errNotOurs)
	}
	business, err := j.claimedBusiness(ctx)
	switch until := j.record.Created.Add(claimWithin); {
	case err != nil:
		return giveUpUnlessItPasses(err)
	case business == "" && time.Now().Before(until):
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
	if err := j.flow.cfg.Vault.Put(ctx, tokenRef(j.record), token.Access, info.ExpiresAt.Time); err != nil {
		return nil, err
	}
	return j.tokenKept(true, info.ExpiresAt.Time), nil
}

// claimWithin is how long a record without a claim waits for the page's event; see
// Flow.AddClaim.
const claimWithin = 10 * time.Minute

// tokenKept returns the change for a token that is in the vault.
func (j *job) tokenKept(fetched bool, expires time.Time) func(*Record) {
	return func(r *Record) {
		r.TokenFetched = fetched
		j.flow.noteToken(r, expires)
	}
}

// giveUp ends the record: the client must go through the signup again. The record
// has the reason.
func giveUp(err error) (func(*Record), error) {
	return func(r *Record) {
		r.State = StateNeedsNewSignup
		if step := r.Step(StepToken, ""); step != nil {
			step.note(err)
			step.State, step.Ended, step.NotBefore = StepFailed, time.Now().UTC(), time.Time{}
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
