package matrix_test

import (
	"context"
	"slices"

	"github.com/seed-8fdceacd/wagraph"
)

// call is one call that the SDK can make.
type call struct {
	room   string // the package whose route it is; "." for the root
	name   string // what a user calls
	method string
	route  string
	class  class
	make   func(ctx context.Context, d *desk) error
	// effect counts how often it took effect, by the simulator's truth; nil for
	// a call that changes nothing.
	effect func(d *desk) int
	// finds: it looks before and after it acts, so that it may succeed where the
	// bare call fails, and making it again finishes what was begun.
	finds bool
	// ends: what it ends cannot be ended again.
	ends bool
	// apart: it is sent with others, and a fault of the whole is judged again
	// for each, as a connection that was lost.
	apart bool
}

func (c *call) key() string { return c.method + " " + c.route }

// calls are all calls of the SDK.
func calls() []*call {
	return slices.Concat(wabaCalls(), numberCalls(), creditCalls(), signupCalls(), bulkCalls())
}

// all ranges over a list to its end.
func all[T any](ctx context.Context, d *desk, list *wagraph.List[T]) error {
	items, err := wagraph.Collect(list.All(ctx), 0)
	d.got = items
	return err
}

// count is 1 if something is so.
func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
