package onboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// OffboardRequest says which client to offboard. Record is required.
type OffboardRequest struct {
	// Record is the id of the client's record.
	Record string
	// EveryWABA must be true if the credit line was shared: Meta revokes it from
	// every WABA of the client's business, also from those of other records.
	EveryWABA bool
	// ForgetPINs deletes the numbers' PINs too. The client needs them to move its
	// numbers to another provider.
	ForgetPINs bool
}

// Offboard ends the work for a client: it revokes the credit line, unsubscribes the
// app, unassigns Config.SystemUser, and deletes the tokens, in that order: the partner
// pays until the line is revoked. With EveryWABA it does so for all records of the
// tenant that are about the same business, also those that have not ended: an
// onboarding that is under way would share the line again. What is gone already,
// because the client stopped sharing or removed the app, counts as done. Call Offboard
// again until it returns no error. Until then the records are StateOffboarding, and no
// step of the onboarding runs. They stay in the store, and say that the line was
// revoked.
//
// Errors: an InputError without EveryWABA if the line was shared; ErrNoRecord;
// ErrBusy while a worker has one of the records or assets; the errors of the calls.
func (f *Flow) Offboard(ctx context.Context, o OffboardRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	record, err := f.cfg.Store.Get(ctx, o.Record)
	if err != nil {
		return record, err
	}
	left := record.State == StateOffboarded
	switch {
	case left && !o.ForgetPINs:
		// The client may have come back since, with another record.
		return record, nil
	case record.shared() && !o.EveryWABA && record.Revoked.IsZero():
		return record, badField("every waba", "must be true: the line is taken from every WABA of the client")
	}
	records, err := f.ofClient(ctx, record, o.EveryWABA && !left)
	if err != nil {
		return record, err
	}
	objects := everything(records)
	h, err := f.hold(ctx, objects...)
	if err != nil {
		return record, err
	}
	defer h.release(ctx)
	work, cancel := h.until(ctx)
	defer cancel()
	// A record of the client may have begun or gone on before the objects were leased.
	if records, err = f.ofClient(work, record, o.EveryWABA && !left); err != nil {
		return record, err
	}
	for _, object := range everything(records) {
		if !slices.Contains(objects, object) {
			return record, fmt.Errorf("%w: the %v of the client is new", ErrBusy, object)
		}
	}
	return f.offboardAll(work, h, records, o)
}

// offboard does the work, within the lease.
func (f *Flow) offboard(ctx context.Context, h *hold, record *Record, o OffboardRequest) error {
	if record.State != StateOffboarded {
		if err := f.removeAccess(ctx, h, record, o); err != nil {
			return err
		}
	}
	if !o.ForgetPINs {
		return nil
	}
	return f.forgetPINs(ctx, record)
}

// shared reports whether the record says that the line was shared.
func (r *Record) shared() bool {
	return slices.ContainsFunc(r.Accounts, func(a AccountRecord) bool { return a.Allocation != "" })
}

// allocation returns the line's allocation that the record has, or "".
func (r *Record) allocation() graph.AllocationID {
	for _, account := range slices.Backward(r.Accounts) {
		if account.Allocation != "" {
			return account.Allocation
		}
	}
	return ""
}

// removeAccess revokes the line, and removes the app, the user and the token.
func (f *Flow) removeAccess(ctx context.Context, h *hold, record *Record, o OffboardRequest) error {
	if err := f.revoke(ctx, h, record, o); err != nil {
		return err
	}
	client, err := f.assetClient(ctx, *record)
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
	if err := f.cfg.Vault.Delete(ctx, codeRef(*record)); err != nil {
		return err
	}
	return f.cfg.Vault.Delete(ctx, tokenRef(*record))
}

// unassign removes Config.SystemUser from the WABA. It reads the users first: Meta
// has no distinct error for a user who is not assigned.
func (f *Flow) unassign(ctx context.Context, id graph.WABAID) error {
	if f.cfg.SystemUser == "" {
		return nil
	}
	accounts := waba.New(f.cfg.Client)
	for user, err := range accounts.Users(id, f.cfg.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return err
		}
		if string(user.ID) == string(f.cfg.SystemUser) {
			return accounts.Unassign(ctx, id, f.cfg.SystemUser)
		}
	}
	return nil
}

func (f *Flow) forgetPINs(ctx context.Context, record *Record) error {
	for i := range record.Numbers {
		number := record.Numbers[i].ID
		for _, ref := range []vault.Ref{pinRef(record.Tenant, number), nextPINRef(record.Tenant, number), legacyPIN(*record, number)} {
			if err := f.cfg.Vault.Delete(ctx, ref); err != nil {
				return err
			}
		}
		record.Numbers[i].PINKept = false
	}
	return nil
}

// revoke revokes the line. The record has the allocation, unless a process died
// before it stored that; then Meta's list has it. If the onboarding was never
// approved, it shared nothing, and an allocation in the list is another record's.
func (f *Flow) revoke(ctx context.Context, h *hold, record *Record, o OffboardRequest) error {
	if !record.Revoked.IsZero() {
		return nil
	}
	id := record.allocation()
	line := f.credit
	if id == "" && f.cfg.Line != "" && record.Step(StepApprove, "").over() {
		allocation, _, err := line.FindAllocation(ctx, f.cfg.Line, record.Business)
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
	record.Revoked = h.now()
	return nil
}

// gone returns nil for an object that no longer exists and for a token that no
// longer works: there is nothing left to remove.
func gone(err error) error {
	switch graph.KindOf(err) {
	case graph.ErrNotFound, graph.ErrAuth, graph.ErrPermission:
		return nil
	}
	return err
}

// Revoked reports whether the line was revoked from a business and not shared with it
// since, as the records say. So a Flow implements credit.History. An offboarding that
// began counts as a revocation: it may have died before it stored that it revoked.
func (f *Flow) Revoked(ctx context.Context, _ graph.CreditLineID, business graph.BusinessID) (bool, error) {
	if err := f.made(ctx); err != nil {
		return false, err
	}
	var revoked, shared time.Time
	for record, err := range f.cfg.Store.List(ctx, Filter{Business: business}) {
		if err != nil {
			return false, err
		}
		if record.Business != business {
			continue // it was only claimed
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

// Reinstate shares the line with a client that has come back after the line was
// revoked from it. Call it for the record whose share step failed for that reason.
// Errors: ErrBusy, and those of Resume.
func (f *Flow) Reinstate(ctx context.Context, id string) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	record, err := f.edit(ctx, id, func(record *Record) (bool, error) {
		record.Reinstate = true
		return true, nil
	})
	if err != nil {
		return record, err
	}
	return f.Resume(ctx, id)
}
