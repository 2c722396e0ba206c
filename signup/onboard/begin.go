package onboard

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// BeginRequest is a signup that the BSP's backend received. Tenant and Callback are
// required.
type BeginRequest struct {
	Tenant signup.Tenant
	// Callback is what FB.login gave to the page.
	Callback signup.Callback
	// Session, if the page has one, makes the record the session's: the session is
	// used up with the write that stores the record, and with nothing else. Pass what
	// popup.Sessions.Verify returned for the logged-in tenant.
	Session popup.Session
	// Claim is what the page's message event said. It may be empty or wrong. An id that
	// cannot be one is left out: a browser's mistake does not cost the code.
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
// The same code or session again, from a double click or a repeated request, returns
// the first record. The code is exchanged then if it was not sent to Meta yet, or if
// Meta refused to process it. A failed exchange is not an error of Begin: the record
// has the reason, and Run tries to fetch the token if the answer was lost.
//
// Errors: an InputError before anything is stored or sent; ErrOtherTenant; the
// errors of the Store and of the Vault. After an error of the Store nothing was sent,
// and the page may post the same again.
func (f *Flow) Begin(ctx context.Context, start BeginRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	if err := start.check(); err != nil {
		return Record{}, err
	}
	record := f.newRecord(start.Tenant, start.Variant, usableClaim(start.Claim), start.Currency)
	record.Key = beginKey("callback", start.Callback.Code.Reveal()+start.Callback.AccessToken.Reveal())
	if start.Session.ID != "" {
		record.Session = sessionKey(start.Session)
	}
	record.Reinstate = start.Reinstate
	record.TokenOfUser = !start.Callback.AccessToken.IsZero()
	return f.begin(ctx, record, given{code: start.Callback.Code, token: signup.Token{Access: start.Callback.AccessToken, User: record.TokenOfUser}})
}

// check refuses a request before anything is stored.
func (s BeginRequest) check() error {
	if err := s.Callback.Check(); err != nil {
		return err
	}
	if s.Session.ID != "" && s.Session.Tenant != s.Tenant {
		return badField("session", "belongs to another tenant than the request")
	}
	return checkVariant(s.Variant)
}

// checkVariant refuses a variant that a callback cannot have: a hosted signup and an
// adoption have no code, so that the code would never be sent.
func checkVariant(variant signup.Variant) error {
	switch variant {
	case "", signup.VariantCloud, signup.VariantCoexistence, signup.VariantOnlyWABA, signup.VariantPreVerified, signup.VariantOnPremises:
		return nil
	}
	return badField("variant", fmt.Sprintf("is %.40q, which is not a kind of signup with a code", string(variant)))
}

// sessionKey is what a record has of a session.
func sessionKey(session popup.Session) string { return beginKey("session", session.ID) }

// given is what the caller of Begin or Adopt brings: a code, or a token.
type given struct {
	code  graph.Secret
	token signup.Token
}

func (g given) empty() bool { return g.code.IsZero() && g.token.Access.IsZero() }

// begin stores a new record, or finds the one with its key. If something was given, it
// does the token's step with it.
func (f *Flow) begin(ctx context.Context, record Record, g given) (Record, error) {
	if err := f.checkNew(record); err != nil {
		return Record{}, err
	}
	// The lease comes first: a worker that looks for work must not take the record
	// between its first write and the exchange. It is short: if this process dies
	// before it sends the code, the page may post the code again while it lives.
	h, err := f.holdFor(ctx, MinLease, RecordObject(record.ID))
	if err != nil {
		return Record{}, err
	}
	defer func() { h.release(ctx) }()
	key := record.Key
	record.Created, record.Updated = h.now(), h.now()
	record, first, err := f.insert(ctx, record)
	if err != nil {
		return Record{}, err
	}
	if g.empty() {
		return record, nil
	}
	if !first {
		if record.State.Final() || record.Step(StepToken, "").over() {
			return record, nil
		}
		if record.Key != key {
			return record, nil // the session is used up, by another code
		}
		again, err := f.holdFor(ctx, MinLease, RecordObject(record.ID))
		if errors.Is(err, ErrBusy) && record.Variant != signup.VariantAdopted {
			return record, f.leaveCode(ctx, record, g, h.now())
		}
		if err != nil {
			return record, err
		}
		h.release(ctx)
		h = again
	}
	// From here on the caller may be gone.
	ctx = context.WithoutCancel(ctx)
	return f.workHeld(ctx, h, record.ID, task{limit: 1, only: StepToken, given: g})
}

// leaveCode seals a code while another worker has the record. Usually that is the worker
// of the page's first post, which sends the code itself. If that worker is dead, the next
// one finds the code, as long as it lives.
func (f *Flow) leaveCode(ctx context.Context, record Record, g given, now time.Time) error {
	dies := record.Created.Add(codeLife)
	if g.code.IsZero() || !record.Exchange.Sent.IsZero() || !now.Before(dies) {
		return nil
	}
	return f.cfg.Vault.Put(ctx, codeRef(record), g.code, dies)
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
	if err := joined(graph.CheckID("business-id", added.Business), graph.CheckID("waba-id", added.WABA)); err != nil {
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
	return f.begin(ctx, record, given{})
}

// beginKey returns the hash that makes a record unique within the app. A plain
// hash is enough: a code cannot be guessed, and is worthless after 30 seconds.
func beginKey(kind, text string) string {
	sum := sha256.Sum256([]byte("wagraph\x00" + kind + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

// newRecord returns a record with its first step open.
func (f *Flow) newRecord(tenant signup.Tenant, variant signup.Variant, claim signup.Claim, currency string) Record {
	if variant == "" {
		variant = signup.VariantCloud
	}
	if currency == "" {
		currency = f.cfg.Currency
	}
	record := Record{
		ID: rand.Text(), Tenant: tenant, App: f.cfg.App.ID, State: StateExchanging, Variant: variant,
		Claim: claim, Currency: currency,
	}
	f.openSteps(&record, "", atBeginning)
	return record
}

// checkNew refuses a record that cannot be stored or finished.
func (f *Flow) checkNew(record Record) error {
	if record.Tenant == "" {
		return badField("tenant", "is empty")
	}
	if record.Currency != "" || f.cfg.Line != "" {
		return credit.CheckCurrency(record.Currency)
	}
	return nil
}

// insert stores a new record. If there is one with its key or session, insert returns
// that one, and first is false.
func (f *Flow) insert(ctx context.Context, record Record) (_ Record, first bool, err error) {
	stored, err := f.cfg.Store.Insert(ctx, record)
	if errors.Is(err, ErrExists) {
		if stored.Tenant != record.Tenant {
			return Record{}, false, ErrOtherTenant
		}
		return stored, false, nil
	}
	return stored, err == nil, err
}

// detached returns a context for work that goes on after the caller's ctx ends.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), keepTime)
}
