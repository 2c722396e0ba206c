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

// ofClient lists the records to offboard, the given one last.
func (f *Flow) ofClient(ctx context.Context, record Record, all bool) ([]Record, error) {
	if !all || record.Business == "" {
		return []Record{record}, nil
	}
	var records []Record
	for other, err := range f.cfg.Store.List(ctx, Filter{Tenant: record.Tenant, Business: record.Business}) {
		if err != nil {
			return nil, err
		}
		// A claim counts only as long as nothing is confirmed.
		sameClient := other.Business == record.Business || other.Business == ""
		if sameClient && other.ID != record.ID && other.App == record.App && other.State != StateOffboarded {
			records = append(records, other)
		}
	}
	return append(records, record), nil
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
		record.State, record.TokenKept, record.Deadlines = StateOffboarded, false, nil
		if record.shared() && !record.Revoked.IsZero() {
			revoked[record.allocation()] = record.Revoked
		}
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	record.Holder, record.Updated = Holder{}, h.now()
	stored, err := f.cfg.Store.Update(ctx, record)
	if err != nil {
		return record, joined(workErr, err)
	}
	return stored, workErr
}
