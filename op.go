package wagraph

import "context"

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
