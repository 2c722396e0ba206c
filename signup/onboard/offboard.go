package onboard

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// OffboardRequest says which client is let go.
type OffboardRequest struct {
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
// again until it returns no error. Until then the record is StateOffboarding, and
// no step of the onboarding runs any more. It stays in the store, and remembers
// that the line was revoked.
//
// Errors: ErrInput without EveryWABA if the line was shared; ErrBusy; those of the
// calls.
func (f *Flow) Offboard(ctx context.Context, o OffboardRequest) (Record, error) {
	record, err := f.unleased(ctx, o.Record)
	if err != nil {
		return record, err
	}
	left := record.State == StateOffboarded
	switch {
	case left && !o.ForgetPINs:
		// The client may have come back since, with a record of its own.
		return record, nil
	case record.shared() && !o.EveryWABA && record.Revoked.IsZero():
		return record, errEveryWABA
	}
	if !left {
		record.State = StateOffboarding
	}
	record.Lease = f.lease(time.Now().UTC())
	if record, err = f.update(ctx, record); err != nil {
		return record, err
	}
	work, cancelWork := context.WithDeadline(ctx, record.Lease.Until.Add(-f.Lease/10))
	defer cancelWork()
	var workErr error
	if !left {
		workErr = f.letGo(work, &record, o)
	}
	if workErr == nil && o.ForgetPINs {
		workErr = f.forgetPINs(work, &record)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	record.Lease, record.Updated = Lease{}, time.Now().UTC()
	if workErr == nil {
		record.State, record.TokenKept, record.Deadlines = StateOffboarded, false, nil
	}
	stored, err := f.Store.Update(ctx, record)
	if err != nil {
		return record, errors.Join(workErr, err)
	}
	return stored, workErr
}

// errEveryWABA is Offboard's answer to whoever does not say what a revocation does.
var errEveryWABA = &graph.InputError{Field: "every waba", Reason: "must be true: the line is taken from every WABA of the client"}

// shared tells whether the record knows that the line was shared.
func (r *Record) shared() bool {
	return slices.ContainsFunc(r.Accounts, func(a AccountRecord) bool { return a.Allocation != "" })
}

func (f *Flow) letGo(ctx context.Context, record *Record, o OffboardRequest) error {
	if err := f.revoke(ctx, record, o); err != nil {
		return err
	}
	client, err := f.acting(ctx, *record)
	noToken := errors.Is(err, vault.ErrNoSecret)
	if err != nil && !noToken {
		return err
	}
	for _, account := range record.Accounts {
		if !noToken {
			if err := gone(waba.New(client).Unsubscribe(ctx, account.ID)); err != nil {
				return err
			}
		}
		if err := gone(f.unassign(ctx, account.ID)); err != nil {
			return err
		}
	}
	return f.Vault.Delete(ctx, tokenRef(*record))
}

// unassign takes our system user off the WABA, if it is on it: Meta has no error
// of its own for a user who is not.
func (f *Flow) unassign(ctx context.Context, id graph.WABAID) error {
	if f.SystemUser == "" {
		return nil
	}
	accounts := waba.New(f.Client)
	for user, err := range accounts.Users(id, f.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return err
		}
		if string(user.ID) == string(f.SystemUser) {
			return accounts.Unassign(ctx, id, f.SystemUser)
		}
	}
	return nil
}

func (f *Flow) forgetPINs(ctx context.Context, record *Record) error {
	for i := range record.Numbers {
		if err := f.Vault.Delete(ctx, pinRef(*record, record.Numbers[i].ID)); err != nil {
			return err
		}
		record.Numbers[i].PINKept = false
	}
	return nil
}

// revoke takes the line back, by the allocation noted at the onboarding or, if
// the process died before noting it, by the one that Meta lists for the client. An
// onboarding that was never approved shared nothing: what Meta lists for the same
// client is another record's.
func (f *Flow) revoke(ctx context.Context, record *Record, o OffboardRequest) error {
	if !record.Revoked.IsZero() {
		return nil
	}
	id := graph.AllocationID("")
	for _, account := range record.Accounts {
		if account.Allocation != "" {
			id = account.Allocation
		}
	}
	line := f.credit
	if id == "" && f.Line != "" && record.Step(StepApprove, "").over() {
		allocation, _, err := line.FindAllocation(ctx, f.Line, record.Business)
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
	switch graph.KindOf(err) {
	case graph.ErrNotFound, graph.ErrAuth, graph.ErrPermission:
		return nil
	}
	return err
}

// Revoked tells, from the records, whether the line was taken from a business
// and not shared with it again since. It makes a Flow a credit.History. An
// offboarding that was begun counts: it revokes first of all, and may have died
// before it noted that.
func (f *Flow) Revoked(ctx context.Context, _ graph.CreditLineID, business graph.BusinessID) (bool, error) {
	var revoked, shared time.Time
	for record, err := range f.Store.List(ctx, Filter{Business: business}) {
		if err != nil {
			return false, err
		}
		at := record.Revoked
		if at.IsZero() && record.State == StateOffboarding && record.shared() {
			at = record.Updated
		}
		if at.After(revoked) {
			revoked = at
		}
		for _, step := range record.Steps {
			if step.Name == StepShare && step.State == StepDone && step.Ended.After(shared) {
				shared = step.Ended
			}
		}
	}
	return !revoked.IsZero() && !shared.After(revoked), nil
}

// Reinstate shares the line with a client from whom it was revoked before, and
// who is back: the record whose share step failed for that goes on. Errors: ErrBusy,
// and those of Resume.
func (f *Flow) Reinstate(ctx context.Context, id string) (Record, error) {
	record, err := f.unleased(ctx, id)
	if err != nil {
		return record, err
	}
	record.Reinstate = true
	if record, err = f.update(ctx, record); err != nil {
		return record, err
	}
	return f.Resume(ctx, id)
}
