package onboard

import (
	"cmp"
	"context"
	"errors"
)

// Run does every step that is ready, and returns when no step is. Steps that do not
// depend on each other run at the same time. What remains then has to wait:
// Record.Due says until when. Run never sleeps. If ctx ends, the steps end, what they
// did is stored, and Run returns the error of ctx.
//
// The steps that change a WABA, a number or the client's share of the line wait while
// another record of the same client changes it. They then find what that one did.
//
// A failed step is not an error of Run: the record has the reason. Errors:
// ErrNoRecord; ErrBusy while another worker has the record; ErrLeaseLost or
// ErrConflict if the lease ended, and another worker may have taken the record; the
// errors of the Store, and of ctx.
func (f *Flow) Run(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, task{limit: -1})
}

// Advance does one step that is ready: it is one job of a queue. Its errors are
// those of Run.
func (f *Flow) Advance(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, task{limit: 1})
}

// Resume opens the steps that failed, ends every wait, and runs. Call it once the
// reason of a failure is gone. It opens the steps that the Config asks for now and did
// not ask for before; a record without a currency takes Config.Currency. Its errors
// are those of Run.
func (f *Flow) Resume(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, task{limit: -1, reopen: true})
}

// task is what a run is to do.
type task struct {
	limit  int      // how many steps may start; -1 means any number
	reopen bool     // first open what failed
	only   StepName // do no other step; empty: all
	// given is what the caller of Begin or Adopt brought.
	given given
}

// work leases the record, does the task, and releases the record.
func (f *Flow) work(ctx context.Context, id string, t task) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil || record.State.Final() {
		return record, err
	}
	h, err := f.hold(ctx, RecordObject(id))
	if err != nil {
		return record, err
	}
	defer h.release(ctx)
	return f.workHeld(ctx, h, id, t)
}

// workHeld does the task on a record that this worker has leased.
func (f *Flow) workHeld(ctx context.Context, h *hold, id string, t task) (Record, error) {
	record, err := f.take(ctx, h, id, t)
	if err != nil || record.Holder.Token != h.token() {
		return record, err // there is nothing to do
	}
	run, cancel := h.until(ctx)
	defer cancel()
	steps, cancelSteps := context.WithCancel(run)
	defer cancelSteps()
	w := &worker{flow: f, hold: h, record: record, base: wishesOf(record), task: t, results: make(chan change), running: map[string]bool{}}
	err = w.loop(steps, cancelSteps)
	if w.offerErr != nil {
		err = joined(err, w.offerErr)
	}
	if err == nil && !w.record.State.Final() {
		err = cmp.Or(h.lost(), ctx.Err())
	}
	return w.record, err
}

// take writes this worker into the record, before it makes a call. From then on a
// worker that had the record before and was stopped for longer than its lease can no
// longer write it. A final record, and one without a step to do, are not taken.
func (f *Flow) take(ctx context.Context, h *hold, id string, t task) (Record, error) {
	return f.edit(ctx, id, func(record *Record) (bool, error) {
		if record.State.Final() {
			return false, nil
		}
		if t.reopen {
			record.reopen()
			f.configure(record)
		}
		if !t.given.empty() {
			record.offered()
		}
		if !t.reopen && len(record.ready(h.now())) == 0 {
			return false, nil
		}
		record.Holder = Holder{Worker: f.cfg.Worker, Token: h.token()}
		record.Updated = h.now()
		return true, nil
	})
}

// editTries is how often a record is read again after another writer was quicker.
const editTries = 20

// edit reads a record, changes it and writes it. If another one wrote it meanwhile, it
// begins again. change returns false to write nothing.
func (f *Flow) edit(ctx context.Context, id string, change func(*Record) (bool, error)) (Record, error) {
	for tries := 1; ; tries++ {
		record, err := f.cfg.Store.Get(ctx, id)
		if err != nil {
			return record, err
		}
		changed := record.Clone()
		write, err := change(&changed)
		if err != nil {
			return Record{}, err
		}
		if !write {
			return record, nil
		}
		stored, err := f.cfg.Store.Update(ctx, changed)
		switch {
		case err == nil:
			return stored, nil
		case !errors.Is(err, ErrConflict) || tries == editTries:
			return record, err
		}
	}
}

// reopen opens the steps that failed, and ends every wait.
func (r *Record) reopen() {
	for i := range r.Steps {
		step := &r.Steps[i]
		if step.State == StepFailed {
			step.State, step.Attempts = StepOpen, 0
		}
		if step.State == StepOpen {
			step.NotBefore = zeroTime
		}
	}
	switch {
	case r.State != StateFailed:
	case r.TokenKept:
		r.State = StateRunning
	default:
		r.State = StateExchanging
	}
}

// offered opens the token's step, because the caller brings a code or a token: a code
// lives for seconds. An adoption fails if a worker does the step before its token is in
// the vault.
func (r *Record) offered() {
	if step := r.Step(StepToken, ""); step != nil && step.State == StepFailed {
		r.reopen()
	}
	r.claimed()
}

// configure opens the steps that the configuration asks for now, and that the record
// does not have.
func (f *Flow) configure(r *Record) {
	r.Currency = cmp.Or(r.Currency, f.cfg.Currency)
	for _, account := range r.Accounts {
		f.openSteps(r, string(account.ID), ofAccount)
	}
	for _, number := range r.Numbers {
		f.openSteps(r, string(number.ID), ofNumber)
	}
}
