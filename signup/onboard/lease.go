package onboard

import (
	"context"
	"errors"
	"time"
)

// Lease keeps a record for one worker until it ends, is given up, or runs out.
type Lease struct {
	Owner string    `json:"owner"`
	Until time.Time `json:"until"`
}

// leased reports whether a worker has the record.
func (r *Record) leased(now time.Time) bool {
	return r.Lease.Owner != "" && r.Lease.Until.After(now)
}

// lease returns a lease of this worker that begins now.
func (f *Flow) lease(now time.Time) Lease {
	return Lease{Owner: f.Worker, Until: now.Add(f.Lease)}
}

// unleased reads a record that no worker has. It returns the record and ErrBusy
// if one has it.
func (f *Flow) unleased(ctx context.Context, id string) (Record, error) {
	record, err := f.Store.Get(ctx, id)
	if err == nil && record.leased(time.Now()) {
		return record, ErrBusy
	}
	return record, err
}

// update writes a record that was read without a lease. If another worker wrote
// it in the meantime, that worker has it: the answer is the record as it was
// passed, and ErrBusy.
func (f *Flow) update(ctx context.Context, record Record) (Record, error) {
	record.Updated = time.Now().UTC()
	stored, err := f.Store.Update(ctx, record)
	switch {
	case errors.Is(err, ErrConflict):
		return record, ErrBusy
	case err != nil:
		return record, err
	}
	return stored, nil
}
