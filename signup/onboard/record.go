package onboard

import (
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// State is the state of an onboarding.
type State string

// The states. Done, NeedsNewSignup, Refused, Offboarding and Offboarded are final.
const (
	// StateExchanging means that the token is not in the vault yet.
	StateExchanging State = "exchanging"
	// StateRunning means that the token is in the vault, and that steps are open.
	StateRunning State = "running"
	// StateFailed means that an essential step failed, and that waiting does not
	// help. Once the reason is removed, Resume opens the step again.
	StateFailed State = "failed"
	// StateDone means that every essential step is done.
	StateDone State = "done"
	// StateNeedsNewSignup means that the code gave no token and that no token could
	// be fetched. The client must go through the signup again.
	StateNeedsNewSignup State = "needs_new_signup"
	// StateRefused means that Config.Approve refused the client. The token was
	// deleted.
	StateRefused State = "refused"
	// StateOffboarding means that Flow.Offboard began and has not ended. Call it
	// again unless it still runs.
	StateOffboarding State = "offboarding"
	// StateOffboarded means that Flow.Offboard has ended.
	StateOffboarded State = "offboarded"
)

// Final reports whether the onboarding has ended: no step runs any more.
func (s State) Final() bool {
	switch s {
	case StateDone, StateNeedsNewSignup, StateRefused, StateOffboarding, StateOffboarded:
		return true
	}
	return false
}

// Record is the durable state of one onboarding. It holds no secret: the token and
// the PINs are in the Vault, under the record's id. It is plain data, and a Store
// may store it as JSON.
type Record struct {
	// ID names the record in every process. Begin makes it.
	ID     string        `json:"id"`
	Tenant signup.Tenant `json:"tenant"`
	App    graph.AppID   `json:"app"`
	// Key is the hash of the code, the token or the event that the onboarding began
	// with. It is unique within the app. The code itself is not stored.
	Key string `json:"key"`
	// Session is the hash of the page's session, if the request that began the
	// onboarding named one. It is unique within the app.
	Session string `json:"session,omitempty"`
	// Revision counts the writes. A Store does not overwrite a newer one.
	Revision int64          `json:"revision"`
	State    State          `json:"state"`
	Variant  signup.Variant `json:"variant"`
	// Claim is what the browser or the webhook said. The Flow confirms it with Meta
	// before it acts.
	Claim signup.Claim `json:"claim"`
	// Business is the client's portfolio, as Meta confirmed it.
	Business graph.BusinessID `json:"business,omitempty"`
	// TokenKept is true once the client's token is in the vault.
	TokenKept bool `json:"token_kept"`
	// Exchange is the state of the code's exchange.
	Exchange Exchange `json:"exchange,omitzero"`
	// TokenFetched is true if the token was fetched, because the exchange's answer
	// was lost or there was no code.
	TokenFetched bool `json:"token_fetched,omitempty"`
	// TokenOfUser is true for the token of a person, from the older login callback.
	// It shows which accounts were shared; the rest is done with the partner's token.
	TokenOfUser bool `json:"token_of_user,omitempty"`
	// TokenExpires is zero for a token that does not expire.
	TokenExpires time.Time `json:"token_expires,omitzero"`
	// Currency is the currency of the invoices, once the credit line is shared.
	Currency string `json:"currency,omitempty"`
	// Granted are the WABAs that the token's scopes name. If Unrestricted is true,
	// the token may reach others.
	Granted      []graph.WABAID `json:"granted,omitempty"`
	Unrestricted bool           `json:"unrestricted,omitempty"`
	// Accounts and Numbers are the confirmed assets.
	Accounts []AccountRecord `json:"accounts,omitempty"`
	Numbers  []NumberRecord  `json:"numbers,omitempty"`
	Steps    []StepRecord    `json:"steps"`
	// Reinstate shares the credit line even if it was revoked from the client.
	Reinstate bool `json:"reinstate,omitempty"`
	// Revoked is when the credit line was revoked from the client.
	Revoked time.Time `json:"revoked,omitzero"`
	// Deadlines are the dates of actions that are still to be done.
	Deadlines []Deadline `json:"deadlines,omitempty"`
	// Holder is the worker that does the steps now.
	Holder  Holder    `json:"holder,omitzero"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Exchange is the state of the exchange of a code.
type Exchange struct {
	// Sent is when the code was sent to Meta. It is stored before the call, and
	// removed if Meta says that it did not process the call. While it is zero, the
	// same code may still be exchanged.
	Sent time.Time `json:"sent,omitzero"`
	// Ended is when the answer came, or when it was given up.
	Ended time.Time `json:"ended,omitzero"`
	// Refused is true if Meta refused to process the code. It is in the vault as
	// long as it lives.
	Refused bool `json:"refused,omitempty"`
}

// AccountRecord is a confirmed WABA.
type AccountRecord struct {
	ID       graph.WABAID     `json:"id"`
	Name     string           `json:"name,omitempty"`
	Business graph.BusinessID `json:"business,omitempty"`
	// Funding is what paid for the account when it was last read.
	Funding graph.FundingID `json:"funding,omitempty"`
	// Allocation is the line's allocation, once the line is attached. Revoking
	// needs it, also when the client no longer shares the WABA.
	Allocation graph.AllocationID `json:"allocation,omitempty"`
	Currency   string             `json:"currency,omitempty"`
}

// NumberRecord is a confirmed phone number.
type NumberRecord struct {
	ID      graph.PhoneNumberID `json:"id"`
	WABA    graph.WABAID        `json:"waba"`
	Display string              `json:"display,omitempty"`
	// Connected is true once the number was seen connected.
	Connected bool `json:"connected"`
	// OnBusinessApp is true for a number of the Business app. It is registered
	// there, and never registered here.
	OnBusinessApp bool `json:"on_business_app,omitempty"`
	// PINKept is true once the number's PIN is in the vault.
	PINKept bool `json:"pin_kept,omitempty"`
	// Registrations are the times of the registrations of the last 72 hours. Each
	// was stored before it was sent.
	Registrations []time.Time `json:"registrations,omitempty"`
	// Notes do not prevent anything, but are worth knowing: the review of the
	// name, a missing certificate.
	Notes []string `json:"notes,omitempty"`
}

// StepName names a kind of step.
type StepName string

// The steps, in the order in which they become ready.
const (
	StepToken     StepName = "token"     // exchange or fetch the token, and seal it
	StepInspect   StepName = "inspect"   // ask Meta what the token grants
	StepConfirm   StepName = "confirm"   // read the WABAs, their owner, their numbers
	StepApprove   StepName = "approve"   // ask the BSP
	StepSubscribe StepName = "subscribe" // per WABA: our app's webhooks
	StepCallback  StepName = "callback"  // per WABA: Config.Callback
	StepAssign    StepName = "assign"    // per WABA: our system user
	StepShare     StepName = "share"     // per WABA: our credit line
	StepRegister  StepName = "register"  // per number: the Cloud API
	StepCheck     StepName = "check"     // read everything again
	// StepReregister registers a number again, so that it takes its approved name.
	// Flow.Reregister opens it.
	StepReregister StepName = "reregister"
)

// StepState is the state of a step.
type StepState string

// The states of a step.
const (
	StepOpen    StepState = "open"
	StepDone    StepState = "done"
	StepSkipped StepState = "skipped" // not needed: Reason says why
	StepFailed  StepState = "failed"
)

// StepRecord is the durable state of one step.
type StepRecord struct {
	Name StepName `json:"name"`
	// Subject is the id of the WABA or the number. It is empty for a step of the
	// record.
	Subject string    `json:"subject,omitempty"`
	State   StepState `json:"state"`
	// Essential is true if the record fails with the step.
	Essential bool `json:"essential"`
	// Needs is a step that has to be done before, as Meta's answer showed: the one of
	// the same subject, or of the number's WABA.
	Needs StepName `json:"needs,omitempty"`
	// Attempts counts how often the step was tried.
	Attempts int `json:"attempts,omitempty"`
	// NotBefore is when the step may be tried again.
	NotBefore time.Time `json:"not_before,omitzero"`
	// Reason is the last error, or why the step was skipped.
	Reason string `json:"reason,omitempty"`
	// Kind is the last error's kind. It is empty for an error that has none.
	Kind graph.Kind `json:"kind,omitempty"`
	// TraceID is the last error's id, for Meta's support.
	TraceID string `json:"trace_id,omitempty"`
	// Stack is the stack of a panic, if code of the application panicked in the
	// step. It is cut after 8 KiB.
	Stack string    `json:"stack,omitempty"`
	Ended time.Time `json:"ended,omitzero"`
}

// Step returns a step's record, or nil if there is none.
func (r *Record) Step(name StepName, subject string) *StepRecord {
	if r == nil {
		return nil
	}
	for i := range r.Steps {
		if r.Steps[i].Name == name && r.Steps[i].Subject == subject {
			return &r.Steps[i]
		}
	}
	return nil
}

// Account returns a confirmed WABA, or nil if there is none.
func (r *Record) Account(id graph.WABAID) *AccountRecord {
	if r == nil {
		return nil
	}
	for i := range r.Accounts {
		if r.Accounts[i].ID == id {
			return &r.Accounts[i]
		}
	}
	return nil
}

// Number returns a confirmed number, or nil if there is none.
func (r *Record) Number(id graph.PhoneNumberID) *NumberRecord {
	if r == nil {
		return nil
	}
	for i := range r.Numbers {
		if r.Numbers[i].ID == id {
			return &r.Numbers[i]
		}
	}
	return nil
}

// Clone returns a deep copy of the record.
func (r Record) Clone() Record {
	r.Claim.WABAs = slices.Clone(r.Claim.WABAs)
	r.Claim.Numbers = slices.Clone(r.Claim.Numbers)
	r.Claim.PreVerified = slices.Clone(r.Claim.PreVerified)
	r.Granted = slices.Clone(r.Granted)
	r.Accounts = slices.Clone(r.Accounts)
	r.Numbers = slices.Clone(r.Numbers)
	for i := range r.Numbers {
		r.Numbers[i].Registrations = slices.Clone(r.Numbers[i].Registrations)
		r.Numbers[i].Notes = slices.Clone(r.Numbers[i].Notes)
	}
	r.Steps = slices.Clone(r.Steps)
	r.Deadlines = slices.Clone(r.Deadlines)
	return r
}
