package onboard

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup"
)

// worker is one run over a leased record. The goroutine that calls loop owns the
// record. Each step runs in its own goroutine and sends its changes there.
type worker struct {
	flow    *Flow
	hold    *hold
	record  Record
	base    wishes // as they were when the record was last read
	task    task
	results chan change
	running map[string]bool
	// assets is true once the client's assets are leased too.
	assets   bool
	stopped  error // a panic in Config.Progress: no further step starts
	offerErr error // why the vault did not take the token that was given
}

// change is the result of a step, or a note that is stored before it goes on.
type change struct {
	key   string
	apply func(*Record)
	ack   chan error // for a note; nil at a step's end
}

func stepKey(s StepRecord) string { return string(s.Name) + "/" + s.Subject }

var zeroTime time.Time

// loop starts the steps that are ready and stores their changes, until none runs.
// Writes go on after ctx has ended: what was done is stored even if the caller no
// longer waits.
func (w *worker) loop(ctx context.Context, cancel context.CancelFunc) error {
	var failed error
	for {
		if failed == nil && w.stopped == nil && ctx.Err() == nil {
			failed = w.startReady(ctx)
		}
		if len(w.running) == 0 {
			if failed == nil {
				failed = w.leave(ctx)
			}
			return joined(failed, w.stopped)
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
			if len(w.running) > 0 {
				w.hold.cut.Store(true)
			}
			cancel()
		}
	}
}

// todo lists the steps that this run has to do now.
func (w *worker) todo() []StepRecord {
	if w.task.limit == 0 {
		return nil
	}
	var todo []StepRecord
	for _, step := range w.record.ready(w.hold.now()) {
		if !w.running[stepKey(step)] && (w.task.only == "" || step.Name == w.task.only) {
			todo = append(todo, step)
		}
	}
	return todo
}

// startReady starts the steps that are ready. A step that becomes ready meanwhile is left
// to the next call: the assets were not leased for it.
func (w *worker) startReady(ctx context.Context) error {
	todo := w.todo()
	if err := w.holdAssets(ctx, todo); err != nil {
		return err
	}
	for _, step := range todo {
		if w.task.limit == 0 {
			break
		}
		if changesAssets(step) && !w.assets {
			continue
		}
		if w.task.limit > 0 {
			w.task.limit--
		}
		key := stepKey(step)
		w.running[key] = true
		j := &job{flow: w.flow, worker: w, record: w.record.Clone(), step: step}
		go func() {
			apply := j.run(ctx)
			w.results <- change{key: key, apply: apply}
		}()
	}
	return nil
}

// changesAssets reports whether a step changes an asset of the client.
func changesAssets(step StepRecord) bool {
	row, _ := rowOf(step.Name)
	return row.changes
}

// busyWait is how long a step waits for another record's worker. That worker usually
// needs some seconds.
const busyWait = 2 * time.Second

// holdAssets leases the client's assets before the first step that changes one. While
// another record of the client is being worked on, these steps wait.
func (w *worker) holdAssets(ctx context.Context, todo []StepRecord) error {
	if w.assets || !slices.ContainsFunc(todo, changesAssets) {
		return nil
	}
	err := w.hold.add(ctx, w.flow.cfg.Worker, w.record.assets()...)
	if err == nil {
		w.assets = true
		return nil
	}
	if !errors.Is(err, ErrBusy) {
		return err
	}
	for _, step := range todo {
		if changesAssets(step) {
			waiting := w.record.Step(step.Name, step.Subject)
			waiting.NotBefore, waiting.Reason = w.hold.now().Add(busyWait), err.Error()
		}
	}
	return nil
}

// assets lists what the steps of a record change. The business stands for its share
// of the credit line.
func (r *Record) assets() []Object {
	var objects []Object
	if r.Business != "" {
		objects = append(objects, BusinessObject(r.Business))
	}
	for _, account := range r.Accounts {
		objects = append(objects, WABAObject(account.ID))
	}
	for _, number := range r.Numbers {
		objects = append(objects, NumberObject(number.ID))
	}
	return objects
}

// write stores the record. The last write of the run takes the worker out of it.
func (w *worker) write(ctx context.Context, stepEnds bool) error {
	w.record.Updated = w.hold.now()
	w.record.settle()
	last := stepEnds && len(w.running) == 1 && (w.stopped != nil || w.record.State.Final() || len(w.todo()) == 0)
	if last {
		w.record.Holder = Holder{}
	} else {
		w.record.Holder = Holder{Worker: w.flow.cfg.Worker, Token: w.hold.token()}
	}
	return w.store(ctx)
}

// leave takes the worker out of the record if the last write did not.
func (w *worker) leave(ctx context.Context) error {
	if w.record.Holder == (Holder{}) {
		return nil
	}
	w.record.settle()
	w.record.Holder = Holder{}
	return w.store(ctx)
}

// store writes the record. A claim or a currency that another caller added meanwhile is
// taken over. Another holder in the stored record means that the lease was lost.
func (w *worker) store(ctx context.Context) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	for tries := 1; ; tries++ {
		stored, err := w.flow.cfg.Store.Update(ctx, w.record)
		if err == nil {
			w.record, w.base = stored, wishesOf(stored)
			return nil
		}
		if !errors.Is(err, ErrConflict) || tries == editTries {
			return err
		}
		stored, getErr := w.flow.cfg.Store.Get(ctx, w.record.ID)
		if getErr != nil {
			return joined(err, getErr)
		}
		if stored.Holder.Token != w.hold.token() {
			return err
		}
		w.base.merge(&w.record, stored)
	}
}

// wishes is what anybody may write into a record while a worker has it: people, and
// the renewal of tokens. All else in the record is written by the worker only.
type wishes struct {
	claim     signup.Claim
	variant   signup.Variant
	currency  string
	reinstate bool
	expires   time.Time
}

func wishesOf(r Record) wishes {
	r = r.Clone()
	return wishes{r.Claim, r.Variant, r.Currency, r.Reinstate, r.TokenExpires}
}

// merge takes what changed in the stored record since w into the worker's record.
func (w *wishes) merge(r *Record, stored Record) {
	now := wishesOf(stored)
	if !reflect.DeepEqual(now.claim, w.claim) {
		r.Claim = now.claim
		r.claimed()
	}
	if now.variant != w.variant {
		r.Variant = now.variant
	}
	if now.currency != w.currency {
		r.Currency = now.currency
	}
	r.Reinstate = r.Reinstate || now.reinstate
	if !now.expires.Equal(w.expires) {
		r.expire(now.expires)
	}
	r.Revision, *w = stored.Revision, now
}
