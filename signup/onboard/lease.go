package onboard

import (
	"context"
	"errors"
	"time"
)

// Lease says which worker holds a record, and until when.
type Lease struct {
	Owner string    `json:"owner"`
	Until time.Time `json:"until"`
}

// leased reports whether a worker holds the record.
func (r *Record) leased(now time.Time) bool {
	return r.Lease.Owner != "" && r.Lease.Until.After(now)
}

// lease returns a lease of this worker that begins now.
func (f *Flow) lease(now time.Time) Lease {
	return Lease{Owner: f.cfg.Worker, Until: now.Add(f.cfg.Lease)}
}

// workUntil returns when the calls under the record's lease have to end: a tenth of
// Config.Lease before the lease ends.
func (f *Flow) workUntil(r Record) time.Time {
	return r.Lease.Until.Add(-f.cfg.Lease / 10)
}

// unleased reads a record. If a worker holds it, unleased returns the record and
// ErrBusy.
func (f *Flow) unleased(ctx context.Context, id string) (Record, error) {
	record, err := f.cfg.Store.Get(ctx, id)
	if err == nil && record.leased(time.Now()) {
		return record, ErrBusy
	}
	return record, err
}

// update writes a record that was read without a lease. If another worker wrote it
// meanwhile, that worker holds it: update returns the record that was passed, and
// ErrBusy.
func (f *Flow) update(ctx context.Context, record Record) (Record, error) {
	record.Updated = time.Now().UTC()
	stored, err := f.cfg.Store.Update(ctx, record)
	switch {
	case errors.Is(err, ErrConflict):
		return record, ErrBusy
	case err != nil:
		return record, err
	}
	return stored, nil
}
