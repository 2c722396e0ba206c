package onboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Holder is the worker that does the steps of a record.
type Holder struct {
	// Worker is its name: Config.Worker.
	Worker string `json:"worker"`
	// Token is the token of its lease. A worker whose lease was lost finds the token
	// of another one here, and writes no longer.
	Token string `json:"token"`
}

// hold is a lease that a worker extends while it works. Its times are measured with
// the worker's monotonic clock, from before the call that gave or extended the lease:
// so the worker stops before the store gives the objects to another one, whatever the
// clocks of both show.
type hold struct {
	leases Leases
	ttl    time.Duration
	began  time.Time // when the worker asked for the lease
	ctx    context.Context
	end    context.CancelCauseFunc
	done   chan struct{} // closed when the goroutine has ended
	cut    atomic.Bool   // calls were cancelled that may be on their way to Meta

	mu    sync.Mutex
	parts []Lease
	late  *time.Timer // ends the hold when its term is over
	last  time.Time   // when the worker last asked for the term that it has
}

// hold leases the objects, and extends the lease in a goroutine until release. Its
// context ends a tenth of the lease before the lease does.
func (f *Flow) hold(ctx context.Context, objects ...Object) (*hold, error) {
	return f.holdFor(ctx, f.cfg.Lease, objects...)
}

func (f *Flow) holdFor(ctx context.Context, ttl time.Duration, objects ...Object) (*hold, error) {
	began := time.Now()
	lease, err := f.cfg.Store.Acquire(ctx, f.cfg.Worker, ttl, objects...)
	if err != nil {
		return nil, err
	}
	return f.keep(ctx, lease, ttl, began), nil
}

// keep extends a lease that was asked for at began.
func (f *Flow) keep(ctx context.Context, lease Lease, ttl time.Duration, began time.Time) *hold {
	h := &hold{leases: f.cfg.Store, ttl: ttl, began: began, last: began, parts: []Lease{lease}}
	h.ctx, h.end = context.WithCancelCause(context.WithoutCancel(ctx))
	h.done = make(chan struct{})
	h.late = time.AfterFunc(time.Until(h.ends()), func() { h.end(errLate) })
	go func() {
		defer close(h.done)
		h.extend(h.ctx)
	}()
	return h
}

// add leases further objects for the same worker.
func (h *hold) add(ctx context.Context, owner string, objects ...Object) error {
	lease, err := h.leases.Acquire(ctx, owner, h.ttl, objects...)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.parts = append(h.parts, lease)
	return nil
}

// token is the token of the first lease: that of the record.
func (h *hold) token() string { return h.lease().Token }

func (h *hold) lease() Lease {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.parts[0]
}

// now is the time by the clock of the store, or a little later.
func (h *hold) now() time.Time { return h.lease().Granted.Add(time.Since(h.began)).UTC() }

// ends returns when the worker has to stop: a tenth of the term before the lease ends.
func (h *hold) ends() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last.Add(h.ttl - h.ttl/10)
}

// check returns ErrLeaseLost if the worker has to stop.
func (h *hold) check() error {
	if err := h.lost(); err != nil {
		return err
	}
	if time.Now().Before(h.ends()) {
		return nil
	}
	return errLate
}

// extend extends the leases, three times within each term. If that fails until the
// term is over, or if a lease was lost, it ends the hold.
func (h *hold) extend(ctx context.Context) {
	tick := time.NewTicker(h.ttl / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if ctx.Err() != nil {
			return // both were ready
		}
		if err := h.extendAll(ctx); errors.Is(err, ErrLeaseLost) {
			h.end(err)
			return
		}
	}
}

// extendAll extends each lease. Only if all are extended the term is longer.
func (h *hold) extendAll(ctx context.Context) error {
	began := time.Now()
	ctx, cancel := context.WithDeadline(ctx, h.ends())
	defer cancel()
	h.mu.Lock()
	parts := slices.Clone(h.parts)
	h.mu.Unlock()
	for _, lease := range parts {
		if err := h.leases.Extend(ctx, lease, h.ttl); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = began
	h.late.Reset(time.Until(began.Add(h.ttl - h.ttl/10)))
	return nil
}

// errLate ends a hold whose lease could not be extended in time.
var errLate = fmt.Errorf("%w: it could not be extended in time", ErrLeaseLost)

// lost returns why the hold ended before its time, or nil.
func (h *hold) lost() error {
	if h.ctx.Err() == nil {
		return nil
	}
	return context.Cause(h.ctx)
}

// release ends the leases, and waits for the goroutine. A lease that cannot be
// released ends by itself.
//
// If the work was cut short, because ctx or the lease ended or the store failed, Meta may
// still carry out a call that was sent. Then the leases of assets are not released but
// end by themselves: a worker that reads the assets earlier does not see what that call
// does.
func (h *hold) release(ctx context.Context) {
	cutShort := h.cut.Load() || ctx.Err() != nil || h.lost() != nil
	h.stop()
	ctx, cancel := detached(ctx)
	defer cancel()
	for _, part := range slices.Backward(h.parts) {
		if !cutShort || !slices.ContainsFunc(part.Objects, isAsset) {
			_ = h.leases.Release(ctx, part)
		}
	}
}

// abandon ends the hold and leaves the leases to end by themselves: a record that cannot
// be run does not keep the worker from the others.
func (h *hold) abandon() { h.stop() }

// extendTime is how long the end of a hold waits for an Extend that is under way.
const extendTime = time.Second

// stop ends the hold, and waits for the goroutine. A store that ignores the end of its
// context does not hold up the caller.
func (h *hold) stop() {
	h.late.Stop()
	h.end(context.Canceled)
	patience := time.NewTimer(extendTime)
	defer patience.Stop()
	select {
	case <-h.done:
	case <-patience.C:
	}
}

func isAsset(o Object) bool { return o.Kind != ObjectRecord }

// until returns a context that ends with ctx, and when the hold ends.
func (h *hold) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(h.ctx, func() { cancel(context.Cause(h.ctx)) })
	return ctx, func() { stop(); cancel(nil) }
}
