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

// fetchToken gets the token of a record whose exchange gave none that is kept.
// A process that died after sealing it left it in the vault; otherwise Meta is
// asked for the token that the client business's signup made.
func (j *job) fetchToken(ctx context.Context) (func(*Record), error) {
	switch _, err := j.flow.Vault.Get(ctx, tokenRef(j.record)); {
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
	if until := j.record.Created.Add(claimWithin); err == nil && business == "" && time.Now().Before(until) {
		return nil, later{at: until, err: errNoBusinessYet}
	}
	if err == nil && business == "" {
		return giveUp(errNoBusiness)
	}
	if err != nil {
		return giveUpUnlessItPasses(err)
	}
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
	// Noted first: whoever goes on from here finds a token in the vault, and not
	// where it came from.
	if err := j.note(func(r *Record) { r.TokenFetched = true }); err != nil {
		return nil, err
	}
	if err := j.flow.Vault.Put(ctx, tokenRef(j.record), token.Access, info.ExpiresAt.Time); err != nil {
		return nil, err
	}
	return j.tokenKept(true, info.ExpiresAt.Time), nil
}

// claimWithin is how long the page's event may come after the code, for a record
// that has nothing else to go by; see Flow.AddClaim.
const claimWithin = 10 * time.Minute

func (j *job) tokenKept(fetched bool, expires time.Time) func(*Record) {
	return func(r *Record) {
		r.TokenFetched = fetched
		j.flow.noteToken(r, expires)
	}
}

// giveUp ends the record with the reason; what is known stays in it.
func giveUp(err error) (func(*Record), error) {
	return func(r *Record) {
		r.State = StateNeedsNewSignup
		if step := r.Step(StepToken, ""); step != nil {
			step.note(err)
			step.State, step.Ended, step.NotBefore = StepFailed, time.Now().UTC(), time.Time{}
		}
	}, err
}

// giveUpUnlessItPasses keeps trying after what may pass.
func giveUpUnlessItPasses(err error) (func(*Record), error) {
	if _, passes := waitAfter(err, 1, time.Now()); passes {
		return nil, err
	}
	return giveUp(err)
}

// claimedBusiness is the business to fetch the token of: the claimed one, or
// the owner of a claimed WABA, if the partner can see that.
func (j *job) claimedBusiness(ctx context.Context) (graph.BusinessID, error) {
	if j.record.Claim.Business != "" {
		return j.record.Claim.Business, nil
	}
	for _, id := range j.record.Claim.WABAs {
		account, err := readAccount(ctx, j.flow.Client, id)
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

// unfit says why a fetched token is not the one that the claim is about. The
// claim came from a browser: without this look it could name any client.
func (j *job) unfit(info signup.TokenInfo, business graph.BusinessID) string {
	grants := info.Grants()
	switch {
	case info.Err() != nil:
		return "is not valid"
	case info.AppID != j.flow.App.ID:
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
