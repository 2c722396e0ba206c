package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// work does the steps of a record until none is left, or until the next one has
// to wait for longer than this program does.
//
// It does one step at a time, so that it prints them in order. A service calls
// Flow.Run, which does the steps that do not need each other at the same time.
func (b *backend) work(ctx context.Context, id string) error {
	record, err := b.state.store.Get(ctx, id)
	if err != nil {
		return err
	}
	b.account.goesOn(record)
	if record.State == onboard.StateFailed && b.opts.resume {
		if err := b.givePIN(ctx, record); err != nil {
			return err
		}
		if record, err = b.flow.Resume(ctx, id); err != nil {
			return err
		}
	}
	for {
		due, open := record.Due()
		if !open || time.Until(due) > b.opts.wait {
			return b.ended(ctx, record)
		}
		if time.Until(due) > 0 {
			if err := b.progress.Wait(ctx, due, waitReason(record)); err != nil {
				return err
			}
		}
		if err := b.before(ctx, record); err != nil {
			return err
		}
		record, err = b.flow.Advance(ctx, id)
		if errors.Is(err, onboard.ErrBusy) {
			record, err = b.state.store.Get(ctx, id) // its lease is in what Due returns
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
}

// waitReason says what a record waits for.
func waitReason(record onboard.Record) string {
	if leased(record) {
		return "the lease of a run that was killed has to end first"
	}
	step := next(record)
	if step == nil {
		return "the record is not due"
	}
	return fmt.Sprintf("%s is tried again then", step.Name)
}

// leased reports whether another run has a lease on the record. The state's lock
// allows one process at a time, and so that run was killed. What it sent may still be
// on its way to the server.
func leased(record onboard.Record) bool {
	return record.Lease.Owner != "" && record.Lease.Until.After(time.Now())
}

// next returns the step that the flow takes next, which is the one that the record
// is due for; nil if there is none.
func next(record onboard.Record) (step *onboard.StepRecord) {
	record.Lease = onboard.Lease{} // what Due returns is the step's own time then
	due, _ := record.Due()
	for i := range record.Steps {
		if record.Steps[i].State == onboard.StepOpen && record.Steps[i].NotBefore.Equal(due) {
			return &record.Steps[i]
		}
	}
	return nil
}

// before prepares the next step: it asks a person before the first write, and puts
// a PIN into the vault before a registration.
func (b *backend) before(ctx context.Context, record onboard.Record) error {
	step := next(record)
	if step == nil {
		return nil
	}
	if step.Name == onboard.StepApprove && !b.approved[record.ID] {
		b.progress.Clear()
		if err := b.ask.Confirm(ctx, b.question(record)); err != nil {
			return err
		}
		b.approved[record.ID] = true
	}
	if step.Name == onboard.StepRegister {
		return b.givePIN(ctx, record)
	}
	return nil
}

var errNotApproved = errors.New("this client has not been approved yet")

// approve is the Flow's Approve. The Flow calls it during the lease of the record,
// and a person may need longer than that: approve only returns the answer that was
// given before. A backend reads it from its own database. onboard.ErrRefused would
// end the onboarding.
func (b *backend) approve(_ context.Context, record onboard.Record) error {
	if b.approved[record.ID] {
		return nil
	}
	return errNotApproved
}

// question names everything that cannot be taken back.
func (b *backend) question(record onboard.Record) string {
	var text strings.Builder
	for _, a := range record.Accounts {
		fmt.Fprintf(&text, "Share credit line %s with business %s, and invoice WABA %s (%s) in %s? "+
			"Meta bills you for it, and neither the line nor the currency can be changed later. ",
			b.to.CreditLine, record.Business, a.ID, a.Name, record.Currency)
	}
	for _, n := range record.Numbers {
		if !n.Connected && !n.OnBusinessApp {
			fmt.Fprintf(&text, "Register %s (%s) with the Cloud API? Meta allows 10 registrations in 72 hours. ", n.Display, n.ID)
		}
	}
	return text.String()
}

// givePIN puts the PIN that the client told its partner into the vault, for each
// number that is not registered. Without one, the flow makes a PIN for each number.
func (b *backend) givePIN(ctx context.Context, record onboard.Record) error {
	if b.opts.pin.IsZero() {
		return nil
	}
	for _, n := range record.Numbers {
		if n.Connected {
			continue
		}
		if err := b.flow.SetPIN(ctx, record.ID, n.ID, b.opts.pin); err != nil {
			return err
		}
	}
	return nil
}

// ended reports how a record stands when nothing more is done about it now.
func (b *backend) ended(ctx context.Context, record onboard.Record) error {
	doc := b.account.record(record)
	switch record.State {
	case onboard.StateDone:
		return b.inspectResult(ctx, record, doc)
	case onboard.StateFailed, onboard.StateNeedsNewSignup, onboard.StateRefused:
		return b.account.failed(record, doc, b.opts)
	}
	return b.account.postponed(record, doc, b.opts)
}

// conclude prints the summary, and explains an error of the run. After a wrong flag
// there is nothing to sum up.
func (b *backend) conclude(err error) error {
	if usage, wrong := errors.AsType[*cli.UsageError](err); wrong {
		return usage
	}
	stop, known := errors.AsType[*cli.StopError](err)
	if err != nil && !known {
		stop = &cli.StopError{Err: err, Next: advice(err, b.opts)}
		err = stop
	}
	return errors.Join(err, b.account.close(b.calls.Count(), stop))
}
