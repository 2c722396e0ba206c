package pacing

import (
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// WaitError is a call that was not sent, because its turn would come after its
// context's deadline, or later than Options.MaxWait. It matches
// [graph.ErrThrottled]: the call was not processed, and may be made later.
type WaitError struct {
	// Asset is the account or phone number whose quota it is. It is empty for
	// the quota of the credit lines, and for the whole app.
	Asset string
	// Reason is what the call would have waited for.
	Reason Reason
	// Wait is how long it would have taken, as far as known now.
	Wait time.Duration
	// Used and Limit are the calls of the current hour, by everybody; 0 where
	// they play no part.
	Used, Limit int
}

// Error says what is used up and when there will be room.
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
		return fmt.Sprintf("pacing: %s is nearly used (%d of %d calls), so calls are spaced: this one's turn is in %v, which is longer than it may wait",
			whose, e.Used, e.Limit, wait)
	}
	return fmt.Sprintf("pacing: %s is used (%d of %d calls): there is room in %v, which is longer than the call may wait", whose, e.Used, e.Limit, wait)
}

// Unwrap yields graph.ErrThrottled.
func (e *WaitError) Unwrap() error { return wagraph.ErrThrottled }

// RetryAfter is Wait.
func (e *WaitError) RetryAfter() time.Duration { return e.Wait }
