package onboard

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

// Leases gives objects to one worker at a time. A record is leased by the worker
// that does its steps; the WABAs, numbers and allocations that the steps change are
// leased too, because two records can be about the same client.
//
// Time is measured by the clock of the store, in every method: the clocks of the
// processes that call it may differ. In a database that is the clock of its server;
// SQLite has the clock of the machine.
//
// A lease cannot stop a call that was sent to Meta before the lease ended. So the
// next holder reads what is there before it changes anything.
type Leases interface {
	// Acquire gives all the objects to the owner until ttl has passed, or none of
	// them. It does not wait. If another lease has one of the objects, the error is
	// ErrBusy; an object that the same owner has is busy too. Errors: an InputError
	// for no objects, for an object that Object.Check refuses, for an owner that is
	// empty, and for a ttl that is not positive.
	Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...Object) (Lease, error)
	// Extend lets the lease end ttl from now. If it has ended, and also if an object
	// was given to another one since, the error is ErrLeaseLost and nothing changes.
	// For arguments that Acquire would refuse it is an InputError.
	Extend(ctx context.Context, lease Lease, ttl time.Duration) error
	// Release ends the lease. It does not touch what was given to another one since.
	// A lease that has ended is not an error.
	Release(ctx context.Context, lease Lease) error
}

// Lease is the right to change objects. Only the lease with its Token can be extended
// or released: no two leases of a store have the same one.
type Lease struct {
	Owner   string
	Token   string
	Objects []Object
	// Granted is when Acquire gave the lease, by the clock of the store.
	Granted time.Time
}

// ObjectKind is the kind of a leased object.
type ObjectKind string

// The kinds of objects.
const (
	ObjectRecord   ObjectKind = "record"
	ObjectBusiness ObjectKind = "business" // what a client's business gets: its share of the line
	ObjectWABA     ObjectKind = "waba"
	ObjectNumber   ObjectKind = "number"
)

// Object is what a lease is about.
type Object struct {
	Kind ObjectKind
	ID   string
}

// RecordObject is the object of a record.
func RecordObject(id string) Object { return Object{ObjectRecord, id} }

// BusinessObject is the object of a client's business portfolio.
func BusinessObject(id graph.BusinessID) Object { return Object{ObjectBusiness, string(id)} }

// WABAObject is the object of a WhatsApp Business Account.
func WABAObject(id graph.WABAID) Object { return Object{ObjectWABA, string(id)} }

// NumberObject is the object of a phone number.
func NumberObject(id graph.PhoneNumberID) Object { return Object{ObjectNumber, string(id)} }

// String reads "number 106540352242922".
func (o Object) String() string { return string(o.Kind) + " " + o.ID }

// Check returns an InputError for an Object that not every store can hold. Both parts
// are required. They must be valid UTF-8 without a NUL, with at most 255 bytes each.
func (o Object) Check() error {
	return names.Check(names.Needed("object kind", string(o.Kind)), names.Needed("object id", o.ID))
}

// SortObjects returns the objects in the order in which every store takes them, each
// of them once, so that two workers never wait for each other.
func SortObjects(objects []Object) []Object {
	sorted := slices.SortedFunc(slices.Values(objects), func(a, b Object) int {
		if order := strings.Compare(string(a.Kind), string(b.Kind)); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return slices.Compact(sorted)
}

// CheckAcquire returns the InputError of Leases.Acquire for arguments that no store
// accepts. It is for a store's own Acquire.
func CheckAcquire(owner string, ttl time.Duration, objects []Object) error {
	if len(objects) == 0 {
		return badField("objects", "are missing: a lease is about at least one")
	}
	if err := checkTerm(owner, ttl); err != nil {
		return err
	}
	for _, object := range objects {
		if err := object.Check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckAcquireDue returns the InputError of Store.AcquireDue for arguments that no
// store accepts. It is for a store's own AcquireDue.
func CheckAcquireDue(owner string, ttl time.Duration, limit int) error {
	if limit < 1 {
		return badField("limit", "must be at least 1")
	}
	return checkTerm(owner, ttl)
}

// checkTerm checks for whom and for how long a lease is.
func checkTerm(owner string, ttl time.Duration) error {
	if ttl <= 0 {
		return badField("ttl", "is not positive: a lease must end")
	}
	return names.Check(names.Needed("lease owner", owner))
}
