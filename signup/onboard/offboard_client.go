package onboard

import (
	"context"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// everything lists the records, and what their steps change.
func everything(records []Record) []Object {
	var objects []Object
	for _, record := range records {
		objects = append(objects, RecordObject(record.ID))
		objects = append(objects, record.assets()...)
	}
	return objects
}

// offboardAll does the work for the records, and returns the last one, for which the
// caller asked. If a process dies in between, that one has not ended: the next call
// then goes on with the others too.
func (f *Flow) offboardAll(ctx context.Context, h *hold, records []Record, o OffboardRequest) (last Record, err error) {
	for i := range records {
		if last, err = f.beginOffboarding(ctx, h, records[i].ID); err != nil {
			return last, err
		}
	}
	revoked := map[graph.AllocationID]time.Time{}
	for i := range records {
		record, err := f.offboardOne(ctx, h, records[i].ID, o, revoked)
		if record.ID == last.ID {
			last = record
		}
		if err != nil {
			return last, err
		}
	}
	return last, nil
}

// beginOffboarding stores that the record is offboarded: no step runs any more.
func (f *Flow) beginOffboarding(ctx context.Context, h *hold, id string) (Record, error) {
	return f.edit(ctx, id, func(record *Record) (bool, error) {
		if record.State != StateOffboarded {
			record.State = StateOffboarding
		}
		record.Holder, record.Updated = Holder{Worker: f.cfg.Worker, Token: h.token()}, h.now()
		return true, nil
	})
}

// toOffboard returns the record of the request as it is now, and the records to
// offboard: that one is the last of them.
func (f *Flow) toOffboard(ctx context.Context, o OffboardRequest) (record Record, records []Record, err error) {
	record, err = f.cfg.Store.Get(ctx, o.Record)
	switch {
	case err != nil:
		return record, nil, err
	case record.State == StateOffboarded:
		// The client may have come back since, with another record.
		return record, []Record{record}, nil
	case record.shared() && !o.EveryWABA && record.Revoked.IsZero():
		return record, nil, badField("every waba", "must be true: the line is taken from every WABA of the client")
	case !o.EveryWABA:
		return record, []Record{record}, f.refuseSharedWABA(ctx, record)
	case record.Business == "":
		return record, []Record{record}, nil
	}
	for other, err := range f.cfg.Store.List(ctx, Filter{Tenant: record.Tenant, Business: record.Business}) {
		if err != nil {
			return record, nil, err
		}
		// A browser may claim the business of another client.
		sameClient := other.Business == record.Business
		if sameClient && other.ID != record.ID && other.App == record.App && other.State != StateOffboarded {
			records = append(records, other)
		}
	}
	return record, append(records, record), nil
}

// refuseSharedWABA refuses a record if another one that is in use has one of its WABAs: that one
// would still be done, and its WABA would send no webhooks.
func (f *Flow) refuseSharedWABA(ctx context.Context, record Record) error {
	for _, account := range record.Accounts {
		for other, err := range f.cfg.Store.List(ctx, Filter{Tenant: record.Tenant, WABA: account.ID}) {
			if err != nil {
				return err
			}
			inUse := other.State == StateDone || !other.State.Final()
			if inUse && other.ID != record.ID && other.App == record.App && other.Account(account.ID) != nil {
				return badField("every waba", "must be true: record "+other.ID+" has WABA "+string(account.ID)+" too")
			}
		}
	}
	return nil
}

// offboardOne does the work for one record. revoked is when an allocation of the line
// was revoked. A client that left and came back has another one.
func (f *Flow) offboardOne(ctx context.Context, h *hold, id string, o OffboardRequest, revoked map[graph.AllocationID]time.Time) (Record, error) {
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil {
		return record, err
	}
	if record.Revoked.IsZero() && record.shared() {
		record.Revoked = revoked[record.allocation()]
	}
	workErr := f.offboard(ctx, h, &record, o)
	if workErr == nil {
		record.State, record.TokenKept = StateOffboarded, false
		if record.shared() && !record.Revoked.IsZero() {
			revoked[record.allocation()] = record.Revoked
		}
	}
	record.Holder, record.Updated = Holder{}, h.now()
	err = joined(workErr, f.storeOffboarding(ctx, h, &record))
	return record, err
}

// storeOffboarding writes what the offboarding changed into the stored record. It keeps
// what Reinstate, SetCurrency and Refresh have written there meanwhile.
func (f *Flow) storeOffboarding(ctx context.Context, h *hold, record *Record) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	stored, err := f.edit(ctx, record.ID, func(stored *Record) (bool, error) {
		if stored.Holder.Token != h.token() {
			return false, ErrConflict
		}
		stored.State, stored.Revoked, stored.TokenKept = record.State, record.Revoked, record.TokenKept
		stored.Accounts, stored.Numbers = record.Accounts, record.Numbers
		if stored.State == StateOffboarded {
			stored.Deadlines = nil
		}
		stored.Holder, stored.Updated = record.Holder, record.Updated
		return true, nil
	})
	if err == nil {
		*record = stored
	}
	return err
}
