package pacing

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// ErrBudget means that the Budget failed, so that the call was not sent. The
// error that the Budget returned is in the chain too. Unless that error has a
// graph.Kind, the kind is graph.ErrTransient.
var ErrBudget = graph.NewSentinel(graph.ErrTransient, "pacing: the budget failed")

// errInterrupted means that the context ended before the call could be sent.
var errInterrupted = graph.NewSentinel(graph.ErrInterrupted, "pacing: the context ended while the call waited for its turn")

// errUnchanged means that Budget.Update returned nil without running the change.
var errUnchanged = errors.New("Budget.Update returned without an error and did not run the change")

// budgetError is ErrBudget with its cause. The kind of the cause comes first.
type budgetError struct{ cause error }

func (e *budgetError) Error() string   { return ErrBudget.Error() + ": " + e.cause.Error() }
func (e *budgetError) Unwrap() []error { return []error{e.cause, ErrBudget} }

// Reason says what a call waits for.
type Reason string

// The values of Reason.
const (
	// Spacing means that most of the quota is used, so the rest is spread over
	// the hour.
	Spacing Reason = "spacing"
	// LimitReached means that the quota is used: the call waits until the oldest
	// calls are more than an hour old.
	LimitReached Reason = "limit_reached"
	// Block means that Meta refused a call because of a quota, or announced that
	// it refuses calls.
	Block Reason = "block"
)

// WaitError means that a call was not sent, because it would have to wait beyond
// its context's deadline or Config.MaxWait. Its kind is graph.ErrThrottled:
// Meta has not seen the call, and it can be made later. A client returns it as
// the cause of a *graph.Error, so look for it with errors.As or errors.AsType.
type WaitError struct {
	// Asset is the account or phone number whose quota is used. It is empty for
	// the quota of the credit lines, and for a block of the whole app.
	Asset string
	// Reason is what the call would have waited for.
	Reason Reason
	// Wait is how long the call would have waited, as far as is known now.
	Wait time.Duration
	// Used is the number of calls that all programs made in the last hour, and
	// Limit the number that Meta accepts in an hour. Both are 0 for a block.
	Used, Limit int
}

// Error says which quota is used and when a call can be sent.
func (e *WaitError) Error() string {
	whose := "the app's quota"
	if e.Asset != "" {
		whose = "the quota of " + e.Asset
	}
	wait := e.Wait.Round(time.Second)
	if e.Wait < time.Minute {
		wait = e.Wait.Round(time.Millisecond)
	}
	switch e.Reason {
	case Block:
		return fmt.Sprintf("pacing: Meta blocks %s for another %v, which is longer than the call may wait", whose, wait)
	case Spacing:
		return fmt.Sprintf("pacing: %s is nearly used (%d of %d calls), so calls are spaced: this call could be sent in %v, which is longer than it may wait",
			whose, e.Used, e.Limit, wait)
	}
	return fmt.Sprintf("pacing: %s is used (%d of %d calls): a call can be sent in %v, which is longer than this one may wait", whose, e.Used, e.Limit, wait)
}

// Unwrap returns graph.ErrThrottled.
func (e *WaitError) Unwrap() error { return graph.ErrThrottled }

// RetryAfter returns Wait, and 0 for a nil WaitError. A client copies it into
// graph.Error.RetryAfter.
func (e *WaitError) RetryAfter() time.Duration {
	if e == nil {
		return 0
	}
	return e.Wait
}
