package onboard

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Run does every step that is ready, and returns when no step is. Steps that do not
// depend on each other run at the same time. What remains then has to wait:
// Record.Due says until when. Run never sleeps. If ctx ends, the steps end, and
// what they did is stored.
//
// A failed step is not an error of Run: the record has the reason. Errors:
// ErrNoRecord; ErrBusy while another worker holds the record; ErrConflict if the
// lease ended and another worker has taken the record; the errors of the Store.
func (f *Flow) Run(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, false, -1)
}

// Advance does one step that is ready: it is one job of a queue. Its errors are
// those of Run.
func (f *Flow) Advance(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, false, 1)
}

// Resume opens the steps that failed, ends every wait, and runs. Call it once the
// reason of a failure is gone. A record without a currency takes Config.Currency.
// Its errors are those of Run.
func (f *Flow) Resume(ctx context.Context, id string) (Record, error) {
	return f.work(ctx, id, true, -1)
}

// work claims the record and does up to limit steps; -1 means all.
func (f *Flow) work(ctx context.Context, id string, reopen bool, limit int) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
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

// claim takes the lease. It returns a final record unchanged.
func (f *Flow) claim(ctx context.Context, id string, reopen bool) (Record, error) {
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil || record.State.Final() {
		return record, err
	}
	now := time.Now().UTC()
	if record.leased(now) {
		return record, ErrBusy
	}
	if reopen {
		record.reopen()
		record.Currency = cmp.Or(record.Currency, f.cfg.Currency)
	}
	record.Lease = f.lease(now)
	return f.update(ctx, record)
}

// reopen opens the steps that failed, and ends every wait.
func (r *Record) reopen() {
	for i := range r.Steps {
		step := &r.Steps[i]
		if step.State == StepFailed {
			step.State, step.Attempts = StepOpen, 0
		}
		if step.State == StepOpen {
			step.NotBefore = time.Time{}
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

// worker is one run over a claimed record. The goroutine that calls loop owns the
// record. Each step runs in its own goroutine and sends its changes there.
type worker struct {
	flow    *Flow
	record  Record
	results chan change
	running map[string]bool
	limit   int   // how many steps may still start; -1 means any number
	stopped error // a panic in Config.Progress: no further step starts
}

// change is the result of a step, or a note that is stored before it goes on.
type change struct {
	key   string
	apply func(*Record)
	ack   chan error // for a note; nil at a step's end
}

func stepKey(s StepRecord) string { return string(s.Name) + "/" + s.Subject }

// loop starts the steps that are ready and stores their changes, until none runs.
// Writes go on after ctx has ended: what was done is stored even if the caller no
// longer waits.
func (w *worker) loop(ctx context.Context, cancel context.CancelFunc) error {
	var failed error
	for {
		if failed == nil && w.stopped == nil && ctx.Err() == nil {
			w.startReady(ctx)
		}
		if len(w.running) == 0 {
			if failed == nil {
				failed = w.release(ctx)
			}
			return errors.Join(failed, w.stopped)
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
		// The step ends before the lease does. So a worker that takes the record
		// over does not meet a call of this worker that still runs.
		stepCtx, cancel := context.WithDeadline(ctx, w.flow.workUntil(w.record))
		j := &job{flow: w.flow, worker: w, record: w.record.Clone(), step: step}
		go func() {
			defer cancel()
			apply := j.run(stepCtx)
			w.results <- change{key: key, apply: apply}
		}()
	}
}

// write stores the record and extends the lease. The last write of the run ends the
// lease.
func (w *worker) write(ctx context.Context, stepEnds bool) error {
	now := time.Now().UTC()
	w.record.Updated = now
	w.record.settle()
	w.record.Lease = w.flow.lease(now)
	if stepEnds && len(w.running) == 1 && (w.limit == 0 || w.stopped != nil || w.record.State.Final() || len(w.record.ready(now)) == 0) {
		w.record.Lease = Lease{}
	}
	return w.store(ctx)
}

// release ends the lease if the last write did not.
func (w *worker) release(ctx context.Context) error {
	if w.record.Lease.Owner == "" {
		return nil
	}
	w.record.settle()
	w.record.Lease = Lease{}
	return w.store(ctx)
}

func (w *worker) store(ctx context.Context) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	stored, err := w.flow.cfg.Store.Update(ctx, w.record)
	if err == nil {
		w.record = stored
	}
	return err
}
