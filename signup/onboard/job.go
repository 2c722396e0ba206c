package onboard

import (
	"context"
	"reflect"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
)

// job runs one step. It has a copy of the record, and changes the real record only
// through the function that it returns and through note.
type job struct {
	flow   *Flow
	worker *worker
	record Record
	step   StepRecord
	claim  signup.Claim // as it was when the step began
}

// run does the step and returns what to write into the record.
func (j *job) run(ctx context.Context) func(*Record) {
	found, err := j.do(ctx)
	interrupted := ctx.Err() != nil
	return func(r *Record) {
		if j.outdated(r, err) {
			r.Step(j.step.Name, "").NotBefore = zeroTime
			return
		}
		if found != nil {
			found(r)
		}
		step := r.Step(j.step.Name, j.step.Subject)
		if step == nil || r.State == StateRefused {
			return
		}
		if step.State == StepOpen { // a step may end itself, as the token's step does
			step.end(err, j.now(), interrupted)
		}
	}
}

// outdated reports whether the result of a step rests on a claim that was changed while
// the step ran: the step is done again. A token that was fetched is kept.
func (j *job) outdated(r *Record, err error) bool {
	readsClaim := j.step.Name == StepConfirm || j.step.Name == StepToken && err != nil
	return readsClaim && !reflect.DeepEqual(r.Claim, j.claim)
}

// now is the time by the clock of the store, in which the record has its times.
func (j *job) now() time.Time { return j.worker.hold.now() }

// still returns an error if the lease has ended, or may have. A step calls it before
// it changes something at Meta: a process that was stopped for a while goes on in the
// middle of a step, and has not noticed yet how late it is.
func (j *job) still() error { return j.worker.hold.check() }

// report calls Config.Progress with the step as it was stored. A panic in it ends the
// run.
func (j *job) report(record *Record) {
	step := record.Step(j.step.Name, j.step.Subject)
	if j.flow.cfg.Progress == nil || step == nil || record.State == StateRefused {
		return
	}
	err := run("Config.Progress", func() error {
		j.flow.cfg.Progress(record.Clone(), *step)
		return nil
	})
	if err != nil {
		j.worker.stopped = err
	}
}

// do runs the step's function from the table. It is the first function of its
// goroutine: a panic becomes the step's error.
func (j *job) do(ctx context.Context) (found func(*Record), err error) {
	defer recovered("the step "+string(j.step.Name), &err)
	row, known := rowOf(j.step.Name)
	if !known {
		return nil, skip{"this version does not know the step"}
	}
	if row.changes && j.worker.revoked != nil {
		return nil, j.worker.revoked
	}
	return row.run(j, ctx)
}

// note stores a change before the step goes on: what must be known if the process
// dies during the next call.
func (j *job) note(apply func(*Record)) error {
	ack := make(chan error, 1)
	j.worker.results <- change{key: stepKey(j.step), apply: apply, ack: ack}
	return <-ack
}
