package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// subject is a call as the application sees it: through its Pacer and its
// Tracer, and in errors. A call, an op of a batch and a read by an id have one.
type subject struct {
	core    *core
	request *Request
	batched bool            // part of a request that carries several calls
	unpaced bool            // the pacer was asked for each of its parts
	ctx     context.Context // of the running attempt, as the tracer made it
	started time.Time
}

// fail returns an error of this call.
func (s *subject) fail(kind Kind, status int) *Error { return newFailure(s.request, kind, status) }

// newFailure returns an error that names the call of a request.
func newFailure(req *Request, kind Kind, status int) *Error {
	return &Error{Kind: kind, Status: status, Method: req.Method, Route: req.Route, IDs: req.IDs}
}

// begin waits until the pacer lets an attempt go, and shows it to the tracer.
// The context that it returns is the attempt's.
func (s *subject) begin(ctx context.Context, attempt int) (context.Context, error) {
	core := s.core
	if err := ctx.Err(); err != nil {
		return ctx, err
	}
	if core.pacer != nil && !s.unpaced {
		if err := s.waitTurn(ctx, attempt); err != nil {
			return ctx, err
		}
	}
	s.ctx = ctx
	if core.watched() {
		s.started = time.Now()
	}
	if core.tracer != nil {
		if err := s.traceStart(ctx, attempt); err != nil {
			return ctx, err
		}
	}
	return s.ctx, nil
}

// waitTurn asks the pacer.
func (s *subject) waitTurn(ctx context.Context, attempt int) (err error) {
	if p, ok := s.core.pacer.(CallPacer); ok {
		defer guard.Recover("Pacer.WaitFor", ErrPanicked, &err)
		return p.WaitFor(ctx, s.start(attempt))
	}
	defer guard.Recover("Pacer.Wait", ErrPanicked, &err)
	return s.core.pacer.Wait(ctx)
}

func (s *subject) traceStart(ctx context.Context, attempt int) (err error) {
	defer guard.Recover("Tracer.TraceStart", ErrPanicked, &err)
	if traced := s.core.tracer.TraceStart(ctx, s.start(attempt)); traced != nil {
		s.ctx = traced
	}
	return nil
}

func (s *subject) start(attempt int) TraceStart {
	return TraceStart{
		Method: s.request.Method, Route: s.request.Route, IDs: s.request.IDs,
		Version: s.core.version, Attempt: attempt, Batched: s.batched,
	}
}

// heldBack returns the error of a call whose attempt was not sent: the context
// had ended, the pacer did not let it go, or the application's code panicked.
// earlier is the error of the attempt before, if there was one.
func (s *subject) heldBack(ctx context.Context, attempt int, err error, earlier *Error) *Error {
	e := s.fail(ErrTransient, 0)
	e.cause, e.Attempts = err, attempt-1
	e.Advice = "Nothing was sent"
	if earlier != nil {
		e.Advice = ""
		e.cause = errors.Join(err, earlier)
	}
	var named interface{ RetryAfter() time.Duration }
	panicked, ok := errors.AsType[*guard.Panic](err)
	switch {
	case ok:
		e.Kind, e.Stack = ErrPanicked, panicked.Stack
	case errors.As(err, &named):
		e.Kind, e.RetryAfter = ErrThrottled, named.RetryAfter()
	case ctx.Err() != nil:
		e.Kind = ErrInterrupted
	case errors.Is(err, ErrInput):
		e.Kind, e.Message = ErrInput, "the pacer cannot be used"
	default:
		e.Message = "the pacer failed"
	}
	return e
}

// watched reports whether the application looks at how attempts end.
func (c *core) watched() bool {
	_, observes := c.pacer.(CallPacer)
	return observes || c.tracer != nil
}

// end shows the pacer and the tracer how an attempt ended. The error is a panic
// of one of them.
func (s *subject) end(attempt int, end TraceEnd) error {
	end.TraceStart, end.Duration = s.start(attempt), time.Since(s.started)
	err := s.observe(end)
	if s.core.tracer == nil {
		return err
	}
	return errors.Join(err, s.traceEnd(end))
}

func (s *subject) observe(end TraceEnd) (err error) {
	defer guard.Recover("Pacer.Observe", ErrPanicked, &err)
	if p, ok := s.core.pacer.(CallPacer); ok {
		p.Observe(end)
	}
	return nil
}

func (s *subject) traceEnd(end TraceEnd) (err error) {
	defer guard.Recover("Tracer.TraceEnd", ErrPanicked, &err)
	s.core.tracer.TraceEnd(s.ctx, end)
	return nil
}

// panicked returns the error of a call that was answered before code of the
// application panicked. failure is what the call would have returned.
func (s *subject) panicked(status int, err error, failure error) *Error {
	e := s.fail(ErrPanicked, status)
	e.cause = err
	if p, ok := errors.AsType[*guard.Panic](err); ok {
		e.Stack = p.Stack
	}
	if failure != nil {
		e.cause = errors.Join(err, failure)
	} else {
		e.Advice = "The call itself had succeeded"
	}
	return e
}

// attribute returns err as an error of this call: it ended several calls that
// were sent in one request.
func (s *subject) attribute(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	copied := *e
	copied.Method, copied.Route, copied.IDs = s.request.Method, s.request.Route, s.request.IDs
	return &copied
}

// endShared shows the pacer and the tracer how a call ended that was sent with
// others and has no answer of its own. It returns the call's error: err, or a
// panic.
func (s *subject) endShared(attempt int, err error) error {
	if !s.core.watched() {
		return err
	}
	status := http.StatusOK
	if e, ok := errors.AsType[*Error](err); ok {
		status = e.Status
	}
	if panicked := s.end(attempt, TraceEnd{Status: status, Err: err}); panicked != nil {
		return s.panicked(status, panicked, err)
	}
	return err
}

// report shows a judged attempt to the pacer and the tracer. If one of them
// panics, the call ends with an ErrPanicked.
func (r *answers) report(a *transport.Answer, next decision) decision {
	if !r.core.watched() {
		return next
	}
	failure := asError(r.err)
	panicked := r.end(a.Attempt, TraceEnd{
		Status: a.Status, Err: failure, Retry: next.repeat, Wait: next.wait,
		AnsweredVersion: r.header(a, "Facebook-Api-Version"),
		TraceID:         clip(r.header(a, "X-Fb-Trace-Id")),
		appUsage:        r.header(a, headerAppUsage), assetUsage: r.header(a, headerAssetUsage),
	})
	if panicked != nil {
		r.err = r.panicked(a.Status, panicked, failure)
		r.err.cause = r.redactError(r.err.cause)
		r.err.Attempts = a.Attempt
		return decision{}
	}
	return next
}

// asError returns e as an error: a nil *Error in an error is not nil.
func asError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}
