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

// BeginRequest is a signup that the BSP's backend received. Tenant and Callback are
// required.
type BeginRequest struct {
	Tenant signup.Tenant
	// Callback is what FB.login gave to the page.
	Callback signup.Callback
	// Claim is what the page's message event said. It may be empty or wrong.
	Claim signup.Claim
	// Variant is the kind of signup. The default is VariantCloud.
	Variant signup.Variant
	// Currency is used in place of Config.Currency.
	Currency string
	// Reinstate shares the credit line even if it was revoked from this client.
	Reinstate bool
}

// Begin stores a record of a signup, exchanges the code at once, and seals the
// token in the vault. Run does the rest. Once the record is stored, Begin
// continues even if ctx ends: a browser's request often ends early, and a code can
// be exchanged only once.
//
// The same code again, from a double click or a repeated request, returns the
// first record and is not exchanged. A failed exchange is not an error of Begin:
// the record has the reason, and Run tries to fetch the token if the answer was
// lost.
//
// Errors: an InputError before anything is stored or sent; ErrOtherTenant; the
// errors of the Store and of the Vault.
func (f *Flow) Begin(ctx context.Context, start BeginRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	if err := start.Callback.Check(); err != nil {
		return Record{}, err
	}
	record := f.newRecord(start.Tenant, start.Variant, start.Claim, start.Currency)
	record.Key = beginKey("callback", start.Callback.Code.Reveal()+start.Callback.AccessToken.Reveal())
	record.Reinstate = start.Reinstate
	record.TokenOfUser = !start.Callback.AccessToken.IsZero()
	record, first, err := f.insert(ctx, record)
	if err == nil && !first && start.tokenLost(record) {
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

// redeem exchanges the code. It has its own time limit: an exchange that uses all
// of it leaves enough time to store the result.
func (f *Flow) redeem(ctx context.Context, callback signup.Callback) (signup.Token, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	return f.client.Redeem(ctx, callback)
}

// detached returns a context for work that goes on after the caller's ctx ends.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), keepTime)
}

// tokenLost reports whether the first Begin with this access token died before it
// sealed the token. That is repaired for an access token only: a code cannot be
// exchanged again.
func (s BeginRequest) tokenLost(record Record) bool {
	return !s.Callback.AccessToken.IsZero() && !record.TokenKept && !record.State.Final() && !record.leased(time.Now())
}

// BeginSharedRequest is what a PARTNER_ADDED event of an account_update webhook
// says. Tenant, Business and WABA are required.
type BeginSharedRequest struct {
	Tenant   signup.Tenant
	Business graph.BusinessID // owner_business_id
	WABA     graph.WABAID
	Solution graph.SolutionID
	// At is when Meta sent the event (entry.time). Meta repeats events: events with
	// the same At are one onboarding, and a client that comes back later is another
	// one. If it is zero, all events of the WABA are one onboarding.
	At time.Time
	// Currency is used in place of Config.Currency.
	Currency string
	// Reinstate shares the credit line even if it was revoked from this client.
	Reinstate bool
}

// BeginShared stores a record of a client that a PARTNER_ADDED webhook announced:
// hosted signups have no code, and the callback of another one may be lost. The
// caller has checked the webhook's signature. Run fetches the token.
//
// The webhook also comes for signups that have a code. Begin those with the code:
// Filter.Business finds their records.
//
// Errors: an InputError; ErrOtherTenant; the errors of the Store.
func (f *Flow) BeginShared(ctx context.Context, added BeginSharedRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
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

// beginKey returns the hash that makes a record unique within the app. A plain
// hash is enough: a code cannot be guessed, and is worthless after 30 seconds.
func beginKey(kind, text string) string {
	sum := sha256.Sum256([]byte("wagraph\x00" + kind + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

// newRecord returns a record with its first step open, leased to this worker.
func (f *Flow) newRecord(tenant signup.Tenant, variant signup.Variant, claim signup.Claim, currency string) Record {
	now := time.Now().UTC()
	if variant == "" {
		variant = signup.VariantCloud
	}
	if currency == "" {
		currency = f.cfg.Currency
	}
	record := Record{
		ID: rand.Text(), Tenant: tenant, App: f.cfg.App.ID, State: StateExchanging, Variant: variant,
		Claim: claim, Currency: currency, Created: now, Updated: now,
		Lease: f.lease(now),
	}
	f.openSteps(&record, "", atBeginning)
	return record
}

// insert stores a new record. If there is one with its key, insert returns that
// one, and first is false.
func (f *Flow) insert(ctx context.Context, record Record) (_ Record, first bool, err error) {
	if record.Tenant == "" {
		return Record{}, false, badField("tenant", "is empty")
	}
	if record.Currency != "" || f.cfg.Line != "" {
		if err := credit.CheckCurrency(record.Currency); err != nil {
			return Record{}, false, err
		}
	}
	stored, err := f.cfg.Store.Insert(ctx, record)
	if errors.Is(err, ErrExists) {
		if stored.Tenant != record.Tenant {
			return Record{}, false, ErrOtherTenant
		}
		return stored, false, nil
	}
	return stored, err == nil, err
}

// keepToken seals the token, then stores that it is in the vault. If the process
// dies in between, the next one finds the token there.
func (f *Flow) keepToken(ctx context.Context, record Record, token signup.Token) (Record, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	if err := f.cfg.Vault.Put(ctx, tokenRef(record), token.Access, token.Expires); err != nil {
		return record, err
	}
	f.noteToken(&record, token.Expires)
	record.Lease = Lease{}
	return f.cfg.Store.Update(ctx, record)
}

// noteToken marks the token's step as done and opens the steps after it.
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

// codeUsed is Meta's answer to a code that was exchanged before, probably by an
// attempt of this Flow whose answer was lost.
const codeUsed = graph.Code(36009)

// noteExchangeFailure leaves the token's step open if the token can perhaps be
// fetched, and otherwise ends the record: a new signup is needed.
func (f *Flow) noteExchangeFailure(ctx context.Context, record Record, err error) (Record, error) {
	step := record.Step(StepToken, "")
	step.note(err)
	record.Lease, record.Updated = Lease{}, time.Now().UTC()
	if !mayBeFetched(err) {
		step.State, step.Ended = StepFailed, record.Updated
		record.State = StateNeedsNewSignup
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	return f.cfg.Store.Update(ctx, record)
}

// mayBeFetched reports whether Meta may have made the token although its answer did
// not arrive.
func mayBeFetched(err error) bool {
	switch graph.KindOf(err) {
	case graph.ErrOutcomeUnknown, graph.ErrThrottled, graph.ErrTransient, graph.ErrInterrupted, graph.ErrBadResponse, graph.ErrPanicked:
		return true
	}
	return errors.Is(err, codeUsed)
}
