package signup

import (
	"context"
	"iter"
	"time"
)

// Error is a state of affairs that is an error to whoever expected another.
type Error string

// What a Store, a Vault or a Flow answers when something is not as expected.
const (
	// ErrNoRecord: there is no record with that id.
	ErrNoRecord = Error("signup: no such record")
	// ErrConflict: somebody else wrote the record in the meantime.
	ErrConflict = Error("signup: the record was changed by another writer")
	// ErrExists: there is a record with that key already; it is returned.
	ErrExists = Error("signup: there is a record for this signup already")
	// ErrNoSecret: the vault holds nothing under that reference.
	ErrNoSecret = Error("signup: no such secret in the vault")
	// ErrSealBroken: a stored secret cannot be opened: it was changed, belongs
	// to another tenant or record, or its key is not in the ring.
	ErrSealBroken = Error("signup: a stored secret cannot be opened")
)

// Error makes an Error an error.
func (e Error) Error() string { return string(e) }

// Store keeps records. Every method is safe for concurrent use, and what it
// returns shares no memory with what it keeps. A Store that is used by several
// processes gives each of them the same view: a write that was acknowledged is
// seen by every later read. Package signuptest has the tests that a Store must
// pass.
type Store interface {
	// Insert keeps a new record, with Revision 1. If there is one with the
	// same App and Key, it is returned with ErrExists and nothing is written.
	Insert(ctx context.Context, record Record) (Record, error)
	// Get returns the record, or ErrNoRecord.
	Get(ctx context.Context, id string) (Record, error)
	// Update overwrites the record if its Revision is still the stored one, and
	// returns it with the next Revision; otherwise ErrConflict, or ErrNoRecord.
	Update(ctx context.Context, record Record) (Record, error)
	// List yields the records that fit, in the order of their ids; each once,
	// if it was there all along. It reads in pages and holds no lock in between.
	List(ctx context.Context, filter Filter) iter.Seq2[Record, error]
}

// Filter selects records. Its zero value selects all.
type Filter struct {
	// Tenant and States keep the records of one tenant and in one of the states.
	Tenant Tenant
	States []State
	// DueBefore keeps the records that have work to do before that moment: not
	// final or failed, and with Record.Due before it.
	DueBefore time.Time
	// After is the id to continue behind.
	After string
}

// Match tells whether the filter selects the record; stores that cannot ask
// their database do with it.
func (f Filter) Match(r Record) bool {
	if f.Tenant != "" && r.Tenant != f.Tenant || r.ID <= f.After {
		return false
	}
	if len(f.States) > 0 {
		found := false
		for _, state := range f.States {
			found = found || state == r.State
		}
		if !found {
			return false
		}
	}
	due, open := r.Due()
	return f.DueBefore.IsZero() || open && due.Before(f.DueBefore)
}

// Due is when the record has work to do next: the earliest NotBefore of its
// open steps, and not before a lease on it ends. Open is false when there is
// none, because the record is final or failed.
func (r *Record) Due() (due time.Time, open bool) {
	if r.State.Final() || r.State == StateFailed {
		return time.Time{}, false
	}
	for _, step := range r.Steps {
		if step.State == StepOpen && (!open || step.NotBefore.Before(due)) {
			due, open = step.NotBefore, true
		}
	}
	if open && r.Lease.Until.After(due) {
		due = r.Lease.Until
	}
	return due, open
}
