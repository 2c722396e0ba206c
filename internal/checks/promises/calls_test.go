package promises_test

import (
	"context"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// call is one call that the SDK can make.
type call struct {
	pkg    string // the package that has the route; "." for the core
	name   string // of the method that a user calls
	method string
	route  string
	class  class
	make   func(ctx context.Context, fx *fixture) error
	// effect returns how often the call took effect, as the simulator's state
	// shows it. It is nil for a call that changes nothing.
	effect func(fx *fixture) int
	// looksFirst: the method reads the state before and after it writes. It can
	// succeed where the write alone fails, and a second run of it completes the
	// work.
	looksFirst bool
	// oneWay: a second call would fail, because the first one removed the object.
	oneWay bool
	// inBulk: the call is one part of a request with several. A fault of the
	// whole request counts for each part as a lost connection.
	inBulk bool
}

func (c *call) key() string { return c.method + " " + c.route }

// calls returns all calls of the SDK.
func calls() []*call {
	return slices.Concat(wabaCalls(), numberCalls(), creditCalls(), signupCalls(), bulkCalls())
}

// readAll reads a list to its end.
func readAll[T any](ctx context.Context, fx *fixture, list *graph.List[T]) error {
	items, err := graph.Collect(list.All(ctx), 0)
	fx.got = items
	return err
}

// boolToInt returns 1 for true and 0 for false.
func boolToInt(is bool) int {
	if is {
		return 1
	}
	return 0
}
