package graph

import (
	"cmp"
	"context"
)

// Op describes a call without making it: the request, and the type of its
// answer. Send makes the call alone, a [Batch] together with others, and
// [SendByIDs] reads many objects at once.
type Op[T any] struct {
	Request Request
	err     error // an argument was wrong
}

// NewOp returns the Op that sends req and reads its answer as a T. If one of the
// checks is an error, the Op fails with the first one and nothing is sent; so a
// function that builds an Op needs no second result.
func NewOp[T any](req Request, checks ...error) Op[T] {
	return Op[T]{Request: req, err: cmp.Or(checks...)}
}

// check returns why the Op cannot be sent.
func (op *Op[T]) check() error {
	if op.err == nil && op.Request.Method == "" && op.Request.Route == "" {
		return &InputError{Field: "op", Reason: "is empty: NewOp makes one, as do the Op functions of the packages"}
	}
	return op.err
}

// Send makes the call of one Op.
func Send[T any](ctx context.Context, c *Client, op Op[T]) (T, error) {
	var out T
	if err := op.check(); err != nil {
		return out, err
	}
	if err := c.do(ctx, &op.Request, &out); err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}
