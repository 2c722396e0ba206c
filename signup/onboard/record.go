package onboard

import (
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// State is where an onboarding stands.
type State string

// The states. Done, NeedsNewSignup, Refused, Offboarding and Offboarded are final.
const (
	// StateExchanging: the code was taken in, its token is not in the vault yet.
	StateExchanging State = "exchanging"
	// StateRunning: the token is kept, steps are open.
	StateRunning State = "running"
	// StateFailed: an essential step failed for a reason that waiting does not
	// cure. Once the reason is removed, Resume opens the step again.
	StateFailed State = "failed"
	// StateDone: every essential step is done.
	StateDone State = "done"
	// StateNeedsNewSignup: the code gave no token and none could be fetched.
	StateNeedsNewSignup State = "needs_new_signup"
	// StateRefused: Approve said no; the token was deleted.
	StateRefused State = "refused"
	// StateOffboarding: letting the client go was begun. Flow.Offboard has to be
	// called again unless it is at work.
	StateOffboarding State = "offboarding"
	// StateOffboarded: the client was let go; see Flow.Offboard.
	StateOffboarded State = "offboarded"
)

// Final tells whether no step will ever run again.
func (s State) Final() bool {
	switch s {
	case StateDone, StateNeedsNewSignup, StateRefused, StateOffboarding, StateOffboarded:
		return true
	}
	return false
}

// Record is the durable account of one onboarding. It holds no secret: the
// token and the PINs are in the Vault, under the record's id. It is plain data,
// and a Store may keep it as the JSON that it marshals to.
type Record struct {
	// ID is made by Begin, and names the record in every process.
	ID     string        `json:"id"`
	Tenant signup.Tenant `json:"tenant"`
	App    graph.AppID   `json:"app"`
	// Key is the hash of what the onboarding began with (a code, a token, or
	// an event), unique within the app. The code itself is not kept anywhere.
	Key string `json:"key"`
	// Revision counts the writes; a Store refuses to overwrite a newer one.
	Revision int64          `json:"revision"`
	State    State          `json:"state"`
	Variant  signup.Variant `json:"variant"`
	// Claim is what the browser or the webhook said. Nothing is done on its word.
	Claim signup.Claim `json:"claim"`
	// Business is the client's portfolio, as Meta confirmed it.
	Business graph.BusinessID `json:"business,omitempty"`
	// TokenKept is true once the client's token is in the vault.
	TokenKept bool `json:"token_kept"`
	// TokenFetched is true if it came by fetching, because the exchange's
	// answer was lost.
	TokenFetched bool `json:"token_fetched,omitempty"`
	// TokenOfUser is true for the token of a person from the older login
	// callback: it shows what was shared, and the partner's own token does the rest.
	TokenOfUser bool `json:"token_of_user,omitempty"`
	// TokenExpires is zero for a token that does not expire.
	TokenExpires time.Time `json:"token_expires,omitzero"`
	// Currency is what the WABAs are invoiced in when the credit line is shared.
	Currency string `json:"currency,omitempty"`
	// Granted are the WABAs that the token's scopes name; with Unrestricted it
	// may reach others.
	Granted      []graph.WABAID `json:"granted,omitempty"`
	Unrestricted bool           `json:"unrestricted,omitempty"`
	// Accounts and Numbers are the assets that the token was seen to reach.
	Accounts []AccountRecord `json:"accounts,omitempty"`
	Numbers  []NumberRecord  `json:"numbers,omitempty"`
	Steps    []StepRecord    `json:"steps"`
	// Reinstate shares the credit line although it was revoked from the client.
	Reinstate bool `json:"reinstate,omitempty"`
	// Revoked is when the credit line was taken from the client.
	Revoked time.Time `json:"revoked,omitzero"`
	// Deadlines are the dates after which something is no longer possible, and
	// that has not been done.
	Deadlines []Deadline `json:"deadlines,omitempty"`
	Lease     Lease      `json:"lease,omitzero"`
	Created   time.Time  `json:"created"`
	Updated   time.Time  `json:"updated"`
}

// AccountRecord is a confirmed WABA.
type AccountRecord struct {
	ID       graph.WABAID     `json:"id"`
	Name     string           `json:"name,omitempty"`
	Business graph.BusinessID `json:"business,omitempty"`
	// Funding is what paid for it when it was last read.
	Funding graph.FundingID `json:"funding,omitempty"`
	// Allocation is the line's allocation once the line is attached: the handle
	// for revoking it, also when the client no longer shares the WABA.
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
	// OnBusinessApp is true for a number of the Business app: it came registered,
	// and is never registered.
	OnBusinessApp bool `json:"on_business_app,omitempty"`
	// PINKept is true once the number's PIN is in the vault.
	PINKept bool `json:"pin_kept,omitempty"`
	// Registrations are the moments of the registrations of the last 72
	// hours, noted before each was sent.
	Registrations []time.Time `json:"registrations,omitempty"`
	// Notes are what is not in the way but worth knowing: the name's review,
	// a missing certificate.
	Notes []string `json:"notes,omitempty"`
}

// StepName names a kind of step.
type StepName string

// The steps, in the order in which they become ready.
const (
	StepToken     StepName = "token"     // exchange or fetch the token, and keep it
	StepInspect   StepName = "inspect"   // ask what the token is good for
	StepConfirm   StepName = "confirm"   // read the WABAs, their owner, their numbers
	StepApprove   StepName = "approve"   // ask the BSP
	StepSubscribe StepName = "subscribe" // per WABA: our app's webhooks
	StepCallback  StepName = "callback"  // per WABA: a callback of its own
	StepAssign    StepName = "assign"    // per WABA: our system user
	StepShare     StepName = "share"     // per WABA: our credit line
	StepRegister  StepName = "register"  // per number: the Cloud API
	StepCheck     StepName = "check"     // read everything back
	// StepReregister is opened by Flow.Reregister, per number: take on the name
	// that was approved.
	StepReregister StepName = "reregister"
)

// StepState is where a step stands.
type StepState string

// The states of a step.
const (
	StepOpen    StepState = "open"
	StepDone    StepState = "done"
	StepSkipped StepState = "skipped" // not needed, Reason says why
	StepFailed  StepState = "failed"
)

// StepRecord is the durable account of one step.
type StepRecord struct {
	Name StepName `json:"name"`
	// Subject is the id of the WABA or the number; empty for steps of the whole.
	Subject string    `json:"subject,omitempty"`
	State   StepState `json:"state"`
	// Essential steps have to be done; the others may fail.
	Essential bool `json:"essential"`
	// Needs is a step of the same subject that turned out to have to come first.
	Needs StepName `json:"needs,omitempty"`
	// Attempts counts how often the step was tried.
	Attempts int `json:"attempts,omitempty"`
	// NotBefore is when it may be tried again: a throttle's wait, or a backoff.
	NotBefore time.Time `json:"not_before,omitzero"`
	// Reason is the last error, or why the step was skipped.
	Reason string `json:"reason,omitempty"`
	// Kind is the last error's kind.
	Kind graph.Kind `json:"kind,omitempty"`
	// TraceID is what Meta's support asks for about the last error.
	TraceID string    `json:"trace_id,omitempty"`
	Ended   time.Time `json:"ended,omitzero"`
}

// Step finds a step's record; nil if there is none.
func (r *Record) Step(name StepName, subject string) *StepRecord {
	for i := range r.Steps {
		if r.Steps[i].Name == name && r.Steps[i].Subject == subject {
			return &r.Steps[i]
		}
	}
	return nil
}

// Account finds a confirmed WABA; nil if there is none.
func (r *Record) Account(id graph.WABAID) *AccountRecord {
	for i := range r.Accounts {
		if r.Accounts[i].ID == id {
			return &r.Accounts[i]
		}
	}
	return nil
}

// Number finds a confirmed number; nil if there is none.
func (r *Record) Number(id graph.PhoneNumberID) *NumberRecord {
	for i := range r.Numbers {
		if r.Numbers[i].ID == id {
			return &r.Numbers[i]
		}
	}
	return nil
}

// Clone copies the record with everything in it.
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
