package onboard

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

// Store keeps records. Every method is safe for concurrent use, and what it
// returns shares no memory with what it keeps. A Store that is used by several
// processes gives each of them the same view: a write that was acknowledged is
// seen by every later read. Package storetest has the tests that a Store must
// pass.
type Store interface {
	// Insert keeps a new record, with Revision 1. If there is one with the
	// same App and Key, it is returned with ErrExists and nothing is written.
	// An ID that another signup has is an ErrConflict, and what Record.Check
	// refuses an InputError.
	Insert(ctx context.Context, record Record) (Record, error)
	// Get returns the record, or ErrNoRecord.
	Get(ctx context.Context, id string) (Record, error)
	// Update overwrites the record if its Revision is still the stored one, and
	// returns it with the next Revision; otherwise ErrConflict, or ErrNoRecord.
	// The ID, Tenant, App and Key stay what Insert wrote: a record that says
	// otherwise is an InputError, as is what Record.Check refuses.
	Update(ctx context.Context, record Record) (Record, error)
	// List yields the records that fit, in the order of the bytes of their ids;
	// each once, if it fitted all along. It reads in pages, as the loop asks for
	// them, and holds no lock in between: the loop may write. An error ends it.
	List(ctx context.Context, filter Filter) iter.Seq2[Record, error]
}

// Filter selects records. Its zero value selects all.
type Filter struct {
	// Tenant and States keep the records of one tenant and in one of the states.
	Tenant signup.Tenant
	States []State
	// Business keeps the records whose confirmed business it is.
	Business graph.BusinessID
	// DueBefore keeps the records that have work to do before that moment: not
	// final or failed, and with Record.Due before it.
	DueBefore time.Time
	// After is the id to continue behind.
	After string
}

// Check refuses, with an InputError, a record that not every Store can keep: its
// ID, Tenant, App, Key and State must be there and, as its Business if there is
// one, be valid UTF-8 without a NUL, of at most 255 bytes each.
func (r *Record) Check() error {
	return names.Check(names.Needed("record id", r.ID), names.Needed("tenant", string(r.Tenant)),
		names.Needed("app id", string(r.App)), names.Needed("record key", r.Key),
		names.Needed("state", string(r.State)), names.Optional("business id", string(r.Business)))
}

// Match tells whether the filter selects the record; stores that cannot ask
// their database do with it.
func (f Filter) Match(r Record) bool {
	if f.Tenant != "" && r.Tenant != f.Tenant || f.Business != "" && r.Business != f.Business || r.ID <= f.After {
		return false
	}
	if len(f.States) > 0 && !slices.Contains(f.States, r.State) {
		return false
	}
	due, open := r.Due()
	return f.DueBefore.IsZero() || open && due.Before(f.DueBefore)
}

// Due is when the record has work to do next: the earliest NotBefore of the
// open steps that wait for no other, and not before a lease on it ends. Open is
// false when there is none, because the record is final or failed.
func (r *Record) Due() (due time.Time, open bool) {
	if r.State.Final() || r.State == StateFailed {
		return time.Time{}, false
	}
	for _, step := range r.Steps {
		if step.State == StepOpen && r.unlocked(step) && (!open || step.NotBefore.Before(due)) {
			due, open = step.NotBefore, true
		}
	}
	if open && r.Lease.Until.After(due) {
		due = r.Lease.Until
	}
	return due, open
}
