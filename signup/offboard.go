package signup

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Offboarding says which client is let go.
type Offboarding struct {
	// Record is the id of its onboarding.
	Record string
	// EveryWABA has to be true if the credit line was shared: it is taken from
	// every WABA of the client's business, those of other records included.
	EveryWABA bool
	// ForgetPINs deletes the numbers' PINs too. The client needs them to take
	// its numbers elsewhere.
	ForgetPINs bool
}

// Offboard lets a client go: it revokes the credit line, first of all because
// the partner pays until then, unsubscribes our app, takes our system user off,
// and forgets the token, in that order. What is gone already, because the client
// stopped sharing or removed the app, counts as done; Offboard can be called
// again until it returns no error. The record stays, and remembers that the line
// was revoked.
func (f *Flow) Offboard(ctx context.Context, o Offboarding) (Record, error) {
	record, err := f.Store.Get(ctx, o.Record)
	if err != nil {
		return record, err
	}
	if record.Lease.Owner != "" && record.Lease.Until.After(time.Now()) {
		return record, ErrBusy
	}
	record.Lease = Lease{Owner: f.Worker, Until: time.Now().UTC().Add(f.Lease)}
	if record, err = f.Store.Update(ctx, record); err != nil {
		return record, err
	}
	workErr := f.letGo(ctx, &record, o)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	record.Lease, record.Updated = Lease{}, time.Now().UTC()
	if workErr == nil {
		record.State, record.TokenKept = StateOffboarded, false
	}
	stored, err := f.Store.Update(ctx, record)
	if err != nil {
		return record, errors.Join(workErr, err)
	}
	return stored, workErr
}

func (f *Flow) letGo(ctx context.Context, record *Record, o Offboarding) error {
	if err := f.revoke(ctx, record, o); err != nil {
		return err
	}
	graph, err := f.acting(ctx, *record)
	noToken := errors.Is(err, ErrNoSecret)
	if err != nil && !noToken {
		return err
	}
	for _, account := range record.Accounts {
		if !noToken {
			if err := gone(waba.New(graph).Unsubscribe(ctx, account.ID)); err != nil {
				return err
			}
		}
		if f.SystemUser != "" {
			if err := gone(waba.New(f.Graph).Unassign(ctx, account.ID, f.SystemUser)); err != nil {
				return err
			}
		}
	}
	if err := f.Vault.Delete(ctx, tokenRef(*record)); err != nil {
		return err
	}
	if !o.ForgetPINs {
		return nil
	}
	for i := range record.Numbers {
		if err := f.Vault.Delete(ctx, pinRef(*record, record.Numbers[i].ID)); err != nil {
			return err
		}
		record.Numbers[i].PINKept = false
	}
	return nil
}

// revoke takes the line back, by the allocation noted at the onboarding or, if
// the process died before noting it, by the one that Meta lists for the client.
func (f *Flow) revoke(ctx context.Context, record *Record, o Offboarding) error {
	if f.Line == "" || !record.Revoked.IsZero() {
		return nil
	}
	id := wagraph.AllocationID("")
	for _, account := range record.Accounts {
		if account.Allocation != "" {
			id = account.Allocation
		}
	}
	line := credit.New(f.Graph)
	if id == "" && record.Business != "" {
		allocation, _, err := line.AllocationFor(ctx, f.Line, record.Business)
		if err != nil {
			return err
		}
		id = allocation.ID
	}
	if id == "" {
		return nil
	}
	if err := line.Revoke(ctx, credit.RevokeRequest{Allocation: id, EveryWABA: o.EveryWABA}); err != nil {
		return err
	}
	record.Revoked = time.Now().UTC()
	return nil
}

// gone takes an object that is no longer there, or a token that no longer
// works, for a job that is done.
func gone(err error) error {
	switch wagraph.KindOf(err) {
	case wagraph.ErrNotFound, wagraph.ErrAuth, wagraph.ErrPermission:
		return nil
	}
	return err
}

// Revoked tells, from the records, whether the line was taken from a business
// and not shared with it again since. It makes a Flow a credit.History.
func (f *Flow) Revoked(ctx context.Context, _ wagraph.CreditLineID, business wagraph.BusinessID) (bool, error) {
	var revoked, shared time.Time
	for record, err := range f.Store.List(ctx, Filter{Business: business}) {
		if err != nil {
			return false, err
		}
		if record.Revoked.After(revoked) {
			revoked = record.Revoked
		}
		for _, step := range record.Steps {
			if step.Name == StepShare && step.State == StepDone && step.Ended.After(shared) {
				shared = step.Ended
			}
		}
	}
	return !revoked.IsZero() && !shared.After(revoked), nil
}
