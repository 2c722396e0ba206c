package readme

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

// advice has the switch of README.md, with something to do in each case.
func advice(err error) (wait time.Duration, what string) {
	// begin errors
	switch {
	case errors.Is(err, wagraph.ErrThrottled): // over a quota, and not processed
		if e, ok := errors.AsType[*wagraph.Error](err); ok {
			wait = e.RetryAfter // what Meta named, 0 if nothing
		}
	case errors.Is(err, wagraph.ErrNotFound):
		what = "gone, or this token may not see it"
	case errors.Is(err, wagraph.Code(133016)):
		what = "locked for 72 hours"
	}
	// end errors
	return wait, what
}

// TestAdvice_TakesWrappedErrors: most errors are wrapped when a program handles
// them.
func TestAdvice_TakesWrappedErrors(t *testing.T) {
	wrapped := func(e *wagraph.Error) error { return fmt.Errorf("client acme: %w", e) }
	wait, _ := advice(wrapped(&wagraph.Error{Kind: wagraph.ErrThrottled, RetryAfter: time.Minute}))
	require.Equal(t, time.Minute, wait)
	_, what := advice(wrapped(&wagraph.Error{Kind: wagraph.ErrNotFound}))
	require.Contains(t, what, "gone")
	_, what = advice(wrapped(&wagraph.Error{Kind: wagraph.ErrWait, Code: 133016}))
	require.Contains(t, what, "72 hours")
}
