package onboard

import (
	"context"
	"time"
)

// Run does every step that is ready, those that do not depend on each other at
// the same time, until none is: because the onboarding has ended, or because
// what is left has to wait, which Record.Due tells. It never sleeps.
//
// Only one worker has a record at a time; ErrBusy is for the others, and
// ErrConflict for one whose lease ran out and was taken over.
func (f *Flow) Run(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, false, -1)
}

// Advance does one ready step: one job of a queue.
func (f *Flow) Advance(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, false, 1)
}

// Resume opens the steps that failed, whatever they were told to wait for
// included, and runs. It is for when the reason of a failure was removed.
func (f *Flow) Resume(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, true, -1)
}

// work claims the record and has up to limit steps done; -1 means all.
func (f *Flow) work(ctx context.Context, id string, reopen bool, limit int) (Record, error) {
	record, err := f.claim(ctx, id, reopen)
	if err != nil || record.State.Final() {
		return record, err
	}
	steps, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &worker{flow: f, record: record, results: make(chan change), running: map[string]bool{}, limit: limit}
	err = w.loop(steps, cancel)
	return w.record, err
}

// claim takes the lease. A final record is returned as it is.
func (f *Flow) claim(ctx context.Context, id string, reopen bool) (Record, error) {
	record, err := f.Store.Get(ctx, id)
	if err != nil || record.State.Final() {
		return record, err
	}
	now := time.Now().UTC()
	if record.leased(now) {
		return record, ErrBusy
	}
	if reopen {
		for i := range record.Steps {
			if record.Steps[i].State == StepFailed {
				record.Steps[i].State, record.Steps[i].Attempts = StepOpen, 0
			}
			if record.Steps[i].State == StepOpen {
				record.Steps[i].NotBefore = time.Time{}
			}
		}
		switch {
		case record.State != StateFailed:
		case record.TokenKept:
			record.State = StateRunning
		default:
			record.State = StateExchanging
		}
	}
	record.Lease = f.lease(now)
	return f.update(ctx, record)
}

// worker is one run over a claimed record. The goroutine that calls loop owns
// the record; steps run in goroutines of their own and send changes to it.
type worker struct {
	flow    *Flow
	record  Record
	results chan change
	running map[string]bool
	limit   int // steps that may still be started; -1 for any number
}

// change is what a step did, or wants noted before it goes on.
type change struct {
	key   string
	apply func(*Record)
	ack   chan error // of a note; nil at a step's end
}

func stepKey(s StepRecord) string { return string(s.Name) + "/" + s.Subject }

// loop starts what is ready and writes down what comes back, until nothing runs.
// Writes outlive ctx: what was done is noted even if nobody waits any more.
func (w *worker) loop(ctx context.Context, cancel context.CancelFunc) error {
	var failed error
	for {
		if failed == nil && ctx.Err() == nil {
			w.startReady(ctx)
		}
		if len(w.running) == 0 {
			return w.release(ctx, failed)
		}
		c := <-w.results
		err := failed
		if err == nil {
			c.apply(&w.record)
			err = w.write(ctx, c.ack == nil)
		}
		if c.ack != nil {
			c.ack <- err
		} else {
			delete(w.running, c.key)
		}
		if err != nil {
			failed = err
			cancel()
		}
	}
}

func (w *worker) startReady(ctx context.Context) {
	for _, step := range w.record.ready(time.Now()) {
		key := stepKey(step)
		if w.running[key] || w.limit == 0 {
			continue
		}
		if w.limit > 0 {
			w.limit--
		}
		w.running[key] = true
		// The step ends before the lease does, so that nobody who takes the
		// record over meets a call of ours that is still under way.
		stepCtx, cancel := context.WithDeadline(ctx, w.record.Lease.Until.Add(-w.flow.Lease/10))
		j := &job{flow: w.flow, worker: w, record: w.record.Clone(), step: step}
		go func() {
			defer cancel()
			apply := j.run(stepCtx)
			w.results <- change{key: key, apply: apply}
		}()
	}
}

// write stores the record and prolongs the lease; the run's last write gives it
// up.
func (w *worker) write(ctx context.Context, stepEnds bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	now := time.Now().UTC()
	w.record.Updated = now
	w.record.settle()
	w.record.Lease = w.flow.lease(now)
	if stepEnds && len(w.running) == 1 && (w.limit == 0 || w.record.State.Final() || len(w.record.ready(now)) == 0) {
		w.record.Lease = Lease{}
	}
	stored, err := w.flow.Store.Update(ctx, w.record)
	if err == nil {
		w.record = stored
	}
	return err
}

// release gives the lease up if the last write did not.
func (w *worker) release(ctx context.Context, failed error) error {
	if failed != nil || w.record.Lease.Owner == "" {
		return failed
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	w.record.settle()
	w.record.Lease = Lease{}
	stored, err := w.flow.Store.Update(ctx, w.record)
	if err != nil {
		return err
	}
	w.record = stored
	return nil
}
