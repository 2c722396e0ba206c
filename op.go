package wagraph

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Op is a call as a value: what a method of a package would send, and the type
// of what it would return. It can be sent alone or in a [Batch].
type Op[T any] struct {
	Request Request
	// Err, if set, is what sending it returns: an argument was wrong.
	Err error
}

// Send makes the call.
func Send[T any](ctx context.Context, c *Client, op Op[T]) (T, error) {
	var out T
	if op.Err != nil {
		return out, op.Err
	}
	if err := c.do(ctx, &op.Request, &out); err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// own is err as the error of this call: it ended several that were sent in one
// request.
func (x *exchange) own(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	mine := *e
	mine.Method, mine.Route, mine.IDs = x.request.Method, x.request.Route, x.request.IDs
	return &mine
}

// closed tells the tracer and the pacer how a call ended that was sent with
// others and has no answer of its own.
func (x *exchange) closed(attempt int, err error) {
	a := &transport.Answer{Attempt: attempt, Status: http.StatusOK}
	if e, ok := errors.AsType[*Error](err); ok {
		a.Status = e.Status
	}
	if core := x.client.core; core.watched() {
		core.ended(x.ctx, x.traceEnd(a, transport.Verdict{Err: err}))
	}
}
