package readme

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// advice has the switch of README.md, with something to do in each case.
func advice(err error) (wait time.Duration, what string) {
	// begin errors
	switch {
	case errors.Is(err, graph.ErrThrottled): // over a quota, and not processed
		if e, ok := errors.AsType[*graph.Error](err); ok {
			wait = e.RetryAfter // what Meta named, 0 if nothing
		}
	case errors.Is(err, graph.ErrNotFound):
		what = "gone, or this token may not see it"
	case errors.Is(err, graph.Code(133016)):
		what = "locked for 72 hours"
	}
	// end errors
	return wait, what
}

// TestAdvice_TakesWrappedErrors: most errors are wrapped when a program handles
// them.
func TestAdvice_TakesWrappedErrors(t *testing.T) {
	wrapped := func(e *graph.Error) error { return fmt.Errorf("client acme: %w", e) }
	wait, _ := advice(wrapped(&graph.Error{Kind: graph.ErrThrottled, RetryAfter: time.Minute}))
	require.Equal(t, time.Minute, wait)
	_, what := advice(wrapped(&graph.Error{Kind: graph.ErrNotFound}))
	require.Contains(t, what, "gone")
	_, what = advice(wrapped(&graph.Error{Kind: graph.ErrWait, Code: 133016}))
	require.Contains(t, what, "72 hours")
}
