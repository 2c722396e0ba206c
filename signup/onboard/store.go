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

// Store stores records. Its methods are safe for concurrent use, and what they
// return shares no memory with what is stored. If several processes use a Store, a
// read sees every write that returned before it. Package storetest has the tests
// that a Store must pass.
type Store interface {
	// Insert stores a new record, with Revision 1, and returns it. If there is one
	// with the same App and Key, Insert writes nothing, and returns that one and
	// ErrExists. Errors: ErrConflict if another signup has the ID; the InputError
	// of Record.Check.
	Insert(ctx context.Context, record Record) (Record, error)
	// Get returns the record, or ErrNoRecord.
	Get(ctx context.Context, id string) (Record, error)
	// Update overwrites the record if its Revision is still the stored one, and
	// returns it with the next Revision. Errors: ErrConflict if the stored Revision
	// is another one; ErrNoRecord; an InputError if the Tenant, App or Key differ
	// from what Insert stored; the InputError of Record.Check.
	Update(ctx context.Context, record Record) (Record, error)
	// List yields the records that the filter selects, ordered by the bytes of
	// their ids. It yields a record exactly once if the filter selects it during the
	// whole loop. It reads in pages and holds no lock while the loop's body runs, so
	// that the body may write. An error ends it.
	List(ctx context.Context, filter Filter) iter.Seq2[Record, error]
}

// Filter selects records. Its zero value selects all.
type Filter struct {
	// Tenant selects the records of one tenant, States those in one of the states.
	Tenant signup.Tenant
	States []State
	// Business selects the records with this confirmed business.
	Business graph.BusinessID
	// DueBefore selects the records whose Record.Due is before that time. A record
	// that is final or failed is not due.
	DueBefore time.Time
	// After selects the records with a greater id.
	After string
}

// Check returns an InputError for a record that not every Store can store. The ID,
// Tenant, App, Key and State are required. They and the Business must be valid
// UTF-8 without a NUL, with at most 255 bytes each.
func (r *Record) Check() error {
	if r == nil {
		return badField("record", "is nil")
	}
	return names.Check(names.Needed("record id", r.ID), names.Needed("tenant", string(r.Tenant)),
		names.Needed("app id", string(r.App)), names.Needed("record key", r.Key),
		names.Needed("state", string(r.State)), names.Optional("business id", string(r.Business)))
}

// Match reports whether the filter selects the record. It is for a Store that
// cannot select with a database query.
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

// Due returns when the next step of the record can run: the earliest NotBefore of
// the open steps that do not wait for another step, but not before a lease on the
// record ends. Open is false if there is no such step, because the record is final
// or failed.
func (r *Record) Due() (due time.Time, open bool) {
	if r == nil || r.State.Final() || r.State == StateFailed {
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
