package onboard

import (
	"context"
	"time"
)

// job is one step at work. It sees a copy of the record, and changes the real
// one only through what it returns and through note.
type job struct {
	flow   *Flow
	worker *worker
	record Record
	step   StepRecord
}

// run does the step and returns what is to be written down.
func (j *job) run(ctx context.Context) func(*Record) {
	found, err := j.do(ctx)
	return func(r *Record) {
		if found != nil {
			found(r)
		}
		step := r.Step(j.step.Name, j.step.Subject)
		if step == nil || r.State == StateRefused {
			return
		}
		if step.State == StepOpen { // a step may have ended itself, as the token's does
			step.end(err, time.Now().UTC())
		}
		if j.flow.Progress != nil {
			j.flow.Progress(r.Clone(), *step)
		}
	}
}

// do runs the step's function from the table.
func (j *job) do(ctx context.Context) (found func(*Record), err error) {
	row, known := rowOf(j.step.Name)
	if !known {
		return nil, skip{"this version does not know the step"}
	}
	return row.run(j, ctx)
}

// note has something written down before the step goes on: what must not be
// forgotten if the process dies during the next call.
func (j *job) note(apply func(*Record)) error {
	ack := make(chan error, 1)
	j.worker.results <- change{key: stepKey(j.step), apply: apply, ack: ack}
	return <-ack
}
