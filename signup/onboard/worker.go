package onboard

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
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
	revoked  error // the line was revoked from the client: no step changes an asset
	stopped  error // a panic in Config.Progress: no further step starts
	offerErr error // why the vault did not take the token that was given
}

// change is the result of a step, or a note that is stored before it goes on.
type change struct {
	key string
	// apply changes the record. It may be called again, with what another caller wrote
	// into the record meanwhile.
	apply func(*Record)
	ack   chan error    // for a note; nil at a step's end
	told  func(*Record) // after the end of a step was stored; may be nil
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
			err = w.commit(ctx, c)
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
func (w *worker) todo() []StepRecord { return w.todoOf(&w.record) }

func (w *worker) todoOf(r *Record) []StepRecord {
	if w.task.limit == 0 {
		return nil
	}
	var todo []StepRecord
	for _, step := range r.ready(w.hold.now()) {
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
		j := &job{flow: w.flow, worker: w, record: w.record.Clone(), step: step, claim: w.record.Clone().Claim}
		go func() {
			ctx, cancel := context.WithTimeout(ctx, stepTime)
			defer cancel()
			w.results <- change{key: key, apply: j.run(ctx), told: j.report}
		}()
	}
	return nil
}

// stepTime is the longest time for a step. A Pacer does not wait for longer than that
// either: the step is tried again later.
const stepTime = 90 * time.Second

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
		return w.look(ctx)
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

// commit applies a change to the record and stores it. The last write of the run takes
// the worker out of the record.
func (w *worker) commit(ctx context.Context, c change) error {
	err := w.store(ctx, func(r *Record) {
		c.apply(r)
		r.Updated = w.hold.now()
		r.settle()
		r.Holder = Holder{Worker: w.flow.cfg.Worker, Token: w.hold.token()}
		if last := c.ack == nil && len(w.running) == 1; last && (w.stopped != nil || r.State.Final() || len(w.todoOf(r)) == 0) {
			r.Holder = Holder{}
		}
	})
	if err == nil && c.told != nil {
		c.told(&w.record)
	}
	return err
}

// leave takes the worker out of the record if the last write did not.
func (w *worker) leave(ctx context.Context) error {
	if w.record.Holder == (Holder{}) {
		return nil
	}
	return w.store(ctx, func(r *Record) {
		r.settle()
		r.Holder = Holder{}
	})
}

const (
	// writeTime is how long a write that failed is repeated.
	writeTime = 10 * time.Second
	writeWait = 200 * time.Millisecond
)

// store changes the record and writes it. What another caller added meanwhile, a claim or
// a currency, is taken over before the change. Another holder in the stored record means
// that the lease was lost. A store that fails for a moment is asked again.
func (w *worker) store(ctx context.Context, apply func(*Record)) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	base := w.record
	for began, tries := time.Now(), 1; ; tries++ {
		changed := base.Clone()
		apply(&changed)
		stored, err := w.flow.cfg.Store.Update(ctx, changed)
		switch {
		case err == nil:
			w.record, w.base = stored, wishesOf(stored)
			return nil
		case errors.Is(err, ErrConflict) && tries < editTries:
			now, getErr := w.flow.cfg.Store.Get(ctx, base.ID)
			if getErr != nil {
				return joined(err, getErr)
			}
			if now.Holder.Token != w.hold.token() {
				return err
			}
			w.base.merge(&base, now)
		case graph.KindOf(err) != noKind || time.Since(began) > writeTime || w.hold.check() != nil:
			return err
		default:
			pause(ctx, writeWait)
		}
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
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
