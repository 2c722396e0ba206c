package onboard

import (
	"context"
	"errors"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Reregister registers numbers again whose changed display name was approved:
// that is how a number takes its new name on. It reads which numbers of the
// record have a certificate for a new name waiting, and does nothing if none has.
// Call it when a phone_number_name_update webhook says APPROVED, or when
// Diagnose reports the name.
//
// The registration counts like the first one: it is kept within the 72-hour
// budget, is noted before it is sent, and uses the PIN in the vault, so that a
// client who was adopted needs SetPIN first. A number that cannot be registered
// again goes on under its old name; its step says why, and the record stays done.
//
// Errors: ErrBusy; an InputError for a record that is not past its confirmation, or
// whose client was let go.
func (f *Flow) Reregister(ctx context.Context, id string) (Record, error) {
	record, err := f.unleased(ctx, id)
	if err != nil {
		return record, err
	}
	if record.State != StateDone && record.State != StateRunning && record.State != StateFailed || !record.Step(StepApprove, "").over() {
		return record, &graph.InputError{Field: "record", Reason: "is " + string(record.State) + ": it has no numbers to register again"}
	}
	renamed, err := f.renamed(ctx, record)
	if err != nil || len(renamed) == 0 {
		return record, err
	}
	row, _ := rowOf(StepReregister)
	for _, number := range renamed {
		step := record.openStep(row, string(number))
		*step = StepRecord{Name: step.Name, Subject: step.Subject, State: StepOpen}
	}
	record.settleAgain()
	if record, err = f.update(ctx, record); err != nil {
		return record, err
	}
	return f.Run(ctx, id)
}

// settleAgain opens a finished record for the steps that were added to it.
func (r *Record) settleAgain() {
	r.State = StateRunning
	r.settle()
}

// renamed lists the numbers that have a certificate for a new name. The partner's
// token reads it; a client's own does not.
func (f *Flow) renamed(ctx context.Context, record Record) ([]graph.PhoneNumberID, error) {
	if f.NoRegister || record.Variant == signup.VariantOnPremises {
		return nil, nil
	}
	var renamed []graph.PhoneNumberID
	for _, known := range record.Numbers {
		number, err := f.certified(ctx, known.ID)
		if err != nil {
			return nil, err
		}
		if number.CanSend() && !bool(number.OnBusinessApp) && number.NewCertificate != "" {
			renamed = append(renamed, number.ID)
		}
	}
	return renamed, nil
}

func (f *Flow) certified(ctx context.Context, id graph.PhoneNumberID) (phonenumbers.Number, error) {
	return phonenumbers.New(f.Client).Get(ctx, id)
}

// reregister is the step. A new name that is no longer waiting was taken on, by
// this step before its answer was lost, or by Meta itself.
func (j *job) reregister(ctx context.Context) (func(*Record), error) {
	number, err := j.flow.certified(ctx, j.number())
	if err != nil {
		return nil, err
	}
	seen := func(r *Record) { r.see(number) }
	if number.NewCertificate == "" {
		return seen, nil
	}
	pin, err := j.flow.Vault.Get(ctx, pinRef(j.record, j.number()))
	if errors.Is(err, vault.ErrNoSecret) {
		return seen, &graph.InputError{Field: "pin", Reason: "is not kept for " + number.DisplayPhoneNumber + ": SetPIN keeps the one that the client knows"}
	}
	if err != nil {
		return seen, err
	}
	client, err := j.flow.acting(ctx, j.record)
	if err != nil {
		return seen, err
	}
	if err := j.spendRegistration(nil); err != nil {
		return seen, err
	}
	if err := phonenumbers.New(client).Register(ctx, number.ID, pin); err != nil {
		return seen, err
	}
	number.NewCertificate, number.NewNameStatus = "", ""
	return seen, nil
}
