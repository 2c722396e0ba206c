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

// Store stores records, and leases them. Its methods are safe for concurrent use, and
// what they return shares no memory with what is stored. If several processes use a
// Store, a read sees every write that returned before it. Package storetest has the
// tests that a Store must pass.
type Store interface {
	Leases
	// Insert stores a new record, with Revision 1, and returns it. If there is one
	// with the same App and Key, or the same App and Session, Insert writes nothing,
	// and returns that one and ErrExists. If one record has the Key and another one
	// the Session, it returns the one with the Key. Errors: ErrConflict if another
	// signup has the ID; the InputError of Record.Check.
	Insert(ctx context.Context, record Record) (Record, error)
	// Get returns the record, or ErrNoRecord.
	Get(ctx context.Context, id string) (Record, error)
	// Update overwrites the record if its Revision is still the stored one, and
	// returns it with the next Revision. Errors: ErrConflict if the stored Revision
	// is another one; ErrNoRecord; an InputError if the Tenant, App, Key or Session
	// differ from what Insert stored; the InputError of Record.Check.
	Update(ctx context.Context, record Record) (Record, error)
	// List yields the records that the filter selects, ordered by the bytes of
	// their ids. It yields a record exactly once if the filter selects it during the
	// whole loop. It reads in pages and holds no lock while the loop's body runs, so
	// that the body may write. An error ends it.
	List(ctx context.Context, filter Filter) iter.Seq2[Record, error]
	// AcquireDue leases up to limit records whose Record.Due has come, by the clock
	// of the store, and whose RecordObject no lease has: those that are due longest
	// come first, and each has a lease of its own. No record is an empty result
	// without an error. Callers at the same time get different records, and none
	// waits for another one. Errors: an InputError for a limit, an owner or a ttl
	// that Acquire would refuse.
	AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]Lease, error)
	// Backlog counts the records that are not final.
	Backlog(ctx context.Context) (Backlog, error)
	// Erase deletes all records of a tenant, and returns how many there were.
	Erase(ctx context.Context, tenant signup.Tenant) (int, error)
}

// Backlog is the work that waits in a Store.
type Backlog struct {
	// Due counts the records whose Record.Due has come, and Waiting those whose
	// Record.Due has not.
	Due, Waiting int
	// Failed counts the records of StateFailed: they wait for a person.
	Failed int
	// Oldest is for how long the oldest record of Due has waited.
	Oldest time.Duration
}

// Count adds a record, as of now. It is for a Store that cannot count with a database
// query.
func (b *Backlog) Count(r Record, now time.Time) {
	due, open := r.Due()
	switch {
	case r.State == StateFailed:
		b.Failed++
	case !open:
	case due.After(now):
		b.Waiting++
	default:
		b.Due++
		b.Oldest = max(b.Oldest, now.Sub(due))
	}
}

// Filter selects records. Its zero value selects all.
type Filter struct {
	// Tenant selects the records of one tenant, States those in one of the states.
	Tenant signup.Tenant
	States []State
	// Business, WABA and Number select the records that are about the object: it
	// was claimed, or it is confirmed. Record.Business, Account and Number have only
	// what is confirmed.
	Business graph.BusinessID
	WABA     graph.WABAID
	Number   graph.PhoneNumberID
	// Session selects the record of a session: see Record.Session.
	Session string
	// DueBefore selects the records whose Record.Due is before that time. A record
	// that is final or failed is not due.
	DueBefore time.Time
	// DeadlineBefore selects the records with a Deadline before that time.
	DeadlineBefore time.Time
	// After selects the records with a greater id.
	After string
}

// Check returns an InputError for a record that not every Store can store. The ID,
// Tenant, App, Key and State are required. They, the Session and the ids of Objects
// must be valid UTF-8 without a NUL, with at most 255 bytes each.
func (r *Record) Check() error {
	if r == nil {
		return badField("record", "is nil")
	}
	err := names.Check(names.Needed("record id", r.ID), names.Needed("tenant", string(r.Tenant)),
		names.Needed("app id", string(r.App)), names.Needed("record key", r.Key), names.Optional("session", r.Session),
		names.Needed("state", string(r.State)))
	if err != nil {
		return err
	}
	for _, object := range r.Objects() {
		if err := names.Check(names.Optional(string(object.Kind)+" id", object.ID)); err != nil {
			return err
		}
	}
	return nil
}

// Objects returns what the record is about, in the order of SortObjects: the client's
// business, the WABAs and the numbers, as they were claimed and as they are confirmed.
func (r *Record) Objects() []Object {
	if r == nil {
		return nil
	}
	var objects []Object
	add := func(object Object) {
		if object.ID != "" {
			objects = append(objects, object)
		}
	}
	add(BusinessObject(r.Business))
	add(BusinessObject(r.Claim.Business))
	for _, id := range r.Claim.WABAs {
		add(WABAObject(id))
	}
	for _, id := range r.Claim.Numbers {
		add(NumberObject(id))
	}
	for _, account := range r.Accounts {
		add(WABAObject(account.ID))
	}
	for _, number := range r.Numbers {
		add(NumberObject(number.ID))
	}
	return SortObjects(objects)
}

// Objects returns the objects that a record must be about.
func (f Filter) Objects() []Object {
	var objects []Object
	for _, object := range []Object{BusinessObject(f.Business), NumberObject(f.Number), WABAObject(f.WABA)} {
		if object.ID != "" {
			objects = append(objects, object)
		}
	}
	return objects
}

// Match reports whether the filter selects the record. It is for a Store that
// cannot select with a database query.
func (f Filter) Match(r Record) bool {
	if f.Tenant != "" && r.Tenant != f.Tenant || f.Session != "" && r.Session != f.Session || r.ID <= f.After {
		return false
	}
	if len(f.States) > 0 && !slices.Contains(f.States, r.State) {
		return false
	}
	if !isAbout(r, f.Objects()) {
		return false
	}
	if deadline, open := r.NextDeadline(); !f.DeadlineBefore.IsZero() && (!open || !deadline.Before(f.DeadlineBefore)) {
		return false
	}
	due, open := r.Due()
	return f.DueBefore.IsZero() || open && due.Before(f.DueBefore)
}

// isAbout reports whether the record is about all of the objects.
func isAbout(r Record, objects []Object) bool {
	if len(objects) == 0 {
		return true
	}
	has := r.Objects()
	return !slices.ContainsFunc(objects, func(object Object) bool { return !slices.Contains(has, object) })
}

// Due returns when the next step of the record can run: the earliest NotBefore of
// the open steps that do not wait for another step, or Record.Created if that is later.
// Open is false if there is no such
// step, because the record is final or failed.
func (r *Record) Due() (due time.Time, open bool) {
	if r == nil || r.State.Final() || r.State == StateFailed {
		return time.Time{}, false
	}
	for _, step := range r.Steps {
		if step.State == StepOpen && r.unlocked(step) && (!open || step.NotBefore.Before(due)) {
			due, open = step.NotBefore, true
		}
	}
	if open && due.Before(r.Created) {
		due = r.Created
	}
	return due, open
}
