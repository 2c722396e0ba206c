package onboard

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// BeginRequest is a signup that reached the BSP's backend.
type BeginRequest struct {
	Tenant signup.Tenant
	// Callback is what FB.login gave to the page.
	Callback signup.Callback
	// Claim is what the page's message event said. It may be empty, or wrong.
	Claim signup.Claim
	// Variant is the kind of signup; VariantCloud if empty.
	Variant signup.Variant
	// Currency overrides Config.Currency.
	Currency string
	// Reinstate shares the credit line again with a client that it was revoked
	// from.
	Reinstate bool
}

// Begin takes a signup in: it notes it, exchanges the code at once, and keeps
// the token in the vault. Run then does the rest. Once the record is noted
// Begin goes on even if ctx ends, because the browser's request ends easily and
// the code gives no second token.
//
// The same code again, by a double click or a repeated request, returns the
// first record and is not exchanged. An exchange that failed is no error of
// Begin's: the record says so, and Run tries to fetch the token if its answer
// was lost.
func (f *Flow) Begin(ctx context.Context, start BeginRequest) (Record, error) {
	if err := start.Callback.Check(); err != nil {
		return Record{}, err
	}
	record := f.newRecord(start.Tenant, start.Variant, start.Claim, start.Currency)
	record.Key = beginKey("callback", start.Callback.Code.Reveal()+start.Callback.AccessToken.Reveal())
	record.Reinstate = start.Reinstate
	record.TokenOfUser = !start.Callback.AccessToken.IsZero()
	record, first, err := f.insert(ctx, record)
	if err == nil && !first && start.lost(record) {
		return f.keepToken(ctx, record, signup.Token{Access: start.Callback.AccessToken})
	}
	if err != nil || !first {
		return record, err
	}
	token, err := f.redeem(ctx, start.Callback)
	if err != nil {
		return f.noteExchangeFailure(ctx, record, err)
	}
	return f.keepToken(ctx, record, token)
}

// redeem has a time of its own: an exchange that takes all of it must leave
// enough to note what became of it.
func (f *Flow) redeem(ctx context.Context, callback signup.Callback) (signup.Token, error) {
	ctx, cancel := keeping(ctx)
	defer cancel()
	return f.client.Redeem(ctx, callback)
}

// keeping is the context of what goes on although the caller has gone away.
func keeping(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), keepTime)
}

// lost tells whether the first try to keep the callback's token died before it
// was kept. A code is not taken for that: it cannot be exchanged again.
func (s BeginRequest) lost(record Record) bool {
	return !s.Callback.AccessToken.IsZero() && !record.TokenKept && !record.State.Final() && !record.leased(time.Now())
}

// BeginSharedRequest is what an account_update webhook of that name says: the way in
// for hosted signups, which have no code, and for callbacks that were lost.
type BeginSharedRequest struct {
	Tenant   signup.Tenant
	Business graph.BusinessID // owner_business_id
	WABA     graph.WABAID
	Solution graph.SolutionID
	// At is when Meta sent the event (entry.time). Meta repeats events; with the
	// same At they are one onboarding, and a client who comes back later is
	// another one. Zero takes every event of the WABA for the same.
	At       time.Time
	Currency string
	// Reinstate shares the credit line again with a client that it was revoked
	// from.
	Reinstate bool
}

// BeginShared takes in a client from a PARTNER_ADDED webhook, whose signature
// the caller has checked. The token is fetched by Run.
//
// The webhook also comes for signups that have a code. Begin those from the code:
// Filter.Business finds their records.
func (f *Flow) BeginShared(ctx context.Context, added BeginSharedRequest) (Record, error) {
	if err := errors.Join(graph.CheckID("business-id", added.Business), graph.CheckID("waba-id", added.WABA)); err != nil {
		return Record{}, err
	}
	record := f.newRecord(added.Tenant, signup.VariantHosted, signup.Claim{
		Business: added.Business, WABAs: []graph.WABAID{added.WABA}, Solution: added.Solution,
	}, added.Currency)
	key := string(added.Business) + "/" + string(added.WABA)
	if !added.At.IsZero() {
		key += "/" + added.At.UTC().Format(time.RFC3339)
	}
	record.Key, record.Reinstate = beginKey("shared", key), added.Reinstate
	record.Lease = Lease{}
	record, _, err := f.insert(ctx, record)
	return record, err
}

// beginKey is the hash that makes a beginning unique within the app. It is a
// plain hash: a code has more entropy than can be guessed, and is worthless
// after 30 seconds.
func beginKey(kind, text string) string {
	sum := sha256.Sum256([]byte("wagraph\x00" + kind + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

func (f *Flow) newRecord(tenant signup.Tenant, variant signup.Variant, claim signup.Claim, currency string) Record {
	now := time.Now().UTC()
	if variant == "" {
		variant = signup.VariantCloud
	}
	if currency == "" {
		currency = f.Currency
	}
	record := Record{
		ID: rand.Text(), Tenant: tenant, App: f.App.ID, State: StateExchanging, Variant: variant,
		Claim: claim, Currency: currency, Created: now, Updated: now,
		Lease: f.lease(now),
	}
	f.openSteps(&record, "", atBeginning)
	return record
}

// insert notes a beginning; first is false if it was noted before.
func (f *Flow) insert(ctx context.Context, record Record) (_ Record, first bool, err error) {
	if record.Tenant == "" {
		return Record{}, false, &graph.InputError{Field: "tenant", Reason: "is empty"}
	}
	if record.Currency != "" {
		if err := credit.CheckCurrency(record.Currency); err != nil {
			return Record{}, false, err
		}
	}
	stored, err := f.Store.Insert(ctx, record)
	if errors.Is(err, ErrExists) {
		if stored.Tenant != record.Tenant {
			return Record{}, false, ErrOtherTenant
		}
		return stored, false, nil
	}
	return stored, err == nil, err
}

// keepToken seals the token, then notes that it is there. A process that dies
// in between leaves a token that the next one finds.
func (f *Flow) keepToken(ctx context.Context, record Record, token signup.Token) (Record, error) {
	ctx, cancel := keeping(ctx)
	defer cancel()
	if err := f.Vault.Put(ctx, tokenRef(record), token.Access, token.Expires); err != nil {
		return record, err
	}
	f.noteToken(&record, token.Expires)
	record.Lease = Lease{}
	return f.Store.Update(ctx, record)
}

// noteToken marks the token's step done and opens the ones behind it.
func (f *Flow) noteToken(r *Record, expires time.Time) {
	now := time.Now().UTC()
	r.TokenKept, r.TokenExpires, r.State, r.Updated = true, expires.UTC(), StateRunning, now
	if expires.IsZero() {
		r.TokenExpires = time.Time{}
	}
	step := r.Step(StepToken, "")
	step.State, step.Ended, step.Reason, step.Kind, step.NotBefore = StepDone, now, "", "", time.Time{}
	step.Attempts++
	f.openSteps(r, "", withToken)
}

// codeUsed is Meta's answer to a code that was exchanged before: by an attempt
// of ours whose answer was lost, if by anybody's.
const codeUsed = graph.Code(36009)

// noteExchangeFailure leaves the token's step open when the token may be there
// to be fetched, and otherwise says that a new signup is needed.
func (f *Flow) noteExchangeFailure(ctx context.Context, record Record, err error) (Record, error) {
	step := record.Step(StepToken, "")
	step.note(err)
	record.Lease, record.Updated = Lease{}, time.Now().UTC()
	if !mayBeFetched(err) {
		step.State, step.Ended = StepFailed, record.Updated
		record.State = StateNeedsNewSignup
	}
	ctx, cancel := keeping(ctx)
	defer cancel()
	return f.Store.Update(ctx, record)
}

// mayBeFetched: the client went through with the signup, so Meta may have made
// the token although we did not get it.
func mayBeFetched(err error) bool {
	switch graph.KindOf(err) {
	case graph.ErrOutcomeUnknown, graph.ErrThrottled, graph.ErrTransient, graph.ErrInterrupted, graph.ErrBadResponse:
		return true
	}
	return errors.Is(err, codeUsed)
}
