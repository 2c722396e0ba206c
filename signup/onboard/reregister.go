package onboard

import (
	"context"
	"errors"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Reregister registers the numbers whose new display name was approved: a number
// uses its new name only after that. It reads which numbers of the record have a
// certificate for a new name, and does nothing if none has. Call it when a
// phone_number_name_update webhook says APPROVED, or when Diagnose reports the name.
//
// The registration counts like the first one. It stays within the 72-hour budget, is
// stored before it is sent, and uses the PIN in the vault: an adopted client needs
// SetPIN first. A number that cannot be registered keeps its old name. Its step says
// why, and the record stays done.
//
// Errors: ErrNoRecord; ErrBusy; an InputError for a record that is not approved yet,
// or whose client was offboarded.
func (f *Flow) Reregister(ctx context.Context, id string) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil {
		return record, err
	}
	if err := record.mayReregister(); err != nil {
		return record, err
	}
	renamed, err := f.renamed(ctx, record)
	if err != nil || len(renamed) == 0 {
		return record, err
	}
	h, err := f.hold(ctx, RecordObject(id))
	if err != nil {
		return record, err
	}
	defer h.release(ctx)
	record, err = f.edit(ctx, id, func(record *Record) (bool, error) {
		if err := record.mayReregister(); err != nil {
			return false, err
		}
		row, _ := rowOf(StepReregister)
		for _, number := range renamed {
			step := record.openStep(row, string(number))
			*step = StepRecord{Name: step.Name, Subject: step.Subject, State: StepOpen}
		}
		record.settleAgain()
		return true, nil
	})
	if err != nil {
		return record, err
	}
	return f.workHeld(ctx, h, id, task{limit: -1})
}

// mayReregister refuses a record without numbers that can be registered.
func (r *Record) mayReregister() error {
	if r.State != StateDone && r.State != StateRunning && r.State != StateFailed || !r.Step(StepApprove, "").over() {
		return badField("record", "is "+string(r.State)+": it has no numbers to register again")
	}
	return nil
}

// settleAgain opens a finished record for the steps that were added to it.
func (r *Record) settleAgain() {
	r.State = StateRunning
	r.settle()
}

// renamed returns the numbers that have a certificate for a new name. Only the
// partner's token can read it.
func (f *Flow) renamed(ctx context.Context, record Record) ([]graph.PhoneNumberID, error) {
	if f.cfg.NoRegister || record.Variant == signup.VariantOnPremises {
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
	return phonenumbers.New(f.cfg.Client).Get(ctx, id)
}

// reregister is the step. If there is no certificate any more, the number has its new
// name: from an earlier attempt whose answer was lost, or from Meta.
func (j *job) reregister(ctx context.Context) (func(*Record), error) {
	number, err := j.flow.certified(ctx, j.number())
	if err != nil {
		return nil, err
	}
	seen := func(r *Record) { r.see(number) }
	if number.NewCertificate == "" {
		return seen, nil
	}
	client, err := j.flow.assetClient(ctx, j.record)
	if err != nil {
		return seen, err
	}
	earlier, err := j.earlier(ctx)
	if err != nil {
		return seen, err
	}
	if err := j.finishPIN(ctx, client); err != nil {
		return seen, err
	}
	pin, err := j.knownPIN(ctx, earlier.legacy...)
	if errors.Is(err, vault.ErrNoSecret) {
		return seen, &graph.InputError{Field: "pin", Reason: "is not in the vault for " + number.DisplayPhoneNumber + ": SetPIN stores the one that the client knows"}
	}
	if err != nil {
		return seen, err
	}
	if err := j.registerWith(ctx, client, pin, earlier.registrations); err != nil {
		return seen, err
	}
	number.NewCertificate, number.NewNameStatus = "", ""
	return seen, nil
}
