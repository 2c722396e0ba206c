package onboard

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// skip is what a step returns that is not needed.
type skip struct{ reason string }

func (s skip) Error() string { return s.reason }

// later is what a step returns that can be done only after a known time.
type later struct {
	at  time.Time
	err error
}

func (l later) Error() string { return l.err.Error() }
func (l later) Unwrap() error { return l.err }

const (
	// maxAttempts is how often a step is tried whose failures pass by
	// themselves, before a person is asked: with the waits below, a day.
	maxAttempts = 30
	firstWait   = 2 * time.Second
	longestWait = time.Hour
	// quotaWait is for a throttle that names no wait: Meta's quotas are hourly,
	// and calls made while throttled prolong it.
	quotaWait = 5 * time.Minute
)

// note writes an error into a step, without deciding anything.
func (s *StepRecord) note(err error) {
	s.Attempts++
	s.Reason, s.Kind, s.TraceID = err.Error(), graph.KindOf(err), ""
	if e, ok := errors.AsType[*graph.Error](err); ok {
		s.TraceID = e.TraceID
	}
}

// end writes down how a step ended.
func (s *StepRecord) end(err error, now time.Time) {
	var skipped skip
	switch {
	case err == nil:
		s.Attempts++
		s.State, s.Ended, s.NotBefore, s.Reason, s.Kind, s.TraceID = StepDone, now, time.Time{}, "", "", ""
	case errors.As(err, &skipped):
		s.State, s.Ended, s.Reason, s.NotBefore = StepSkipped, now, skipped.reason, time.Time{}
	case errors.Is(err, context.Canceled) && graph.KindOf(err) != graph.ErrOutcomeUnknown:
		s.Reason = err.Error() // the run was ended; that says nothing about the step
	default:
		s.note(err)
		wait, passes := waitAfter(err, s.Attempts, now)
		if !passes || s.Attempts >= maxAttempts && !appointed(err) {
			s.State, s.Ended, s.NotBefore = StepFailed, now, time.Time{}
			return
		}
		s.NotBefore = now.Add(wait)
	}
}

// appointed tells a step that was put off to a time that somebody named from one
// that failed: it may be put off as often as need be.
func appointed(err error) bool {
	_, named := errors.AsType[later](err)
	return named || errors.Is(err, graph.ErrThrottled)
}

// waitAfter is when to try a step again, and whether that can help at all.
func waitAfter(err error, attempts int, now time.Time) (wait time.Duration, passes bool) {
	if until, ok := errors.AsType[later](err); ok {
		return max(until.at.Sub(now), 0), true
	}
	backoff := min(firstWait<<min(attempts-1, 20), longestWait)
	if errors.Is(err, graph.ErrThrottled) {
		if named := namedWait(err); named > 0 {
			return named, true
		}
		return max(backoff, quotaWait), true
	}
	switch {
	case lasting(err):
		return 0, false
	case errors.Is(err, vault.ErrNoSecret), errors.Is(err, ErrNoRecord):
		return backoff, true // said by a vault, a store or a hook, not by Meta
	}
	switch graph.KindOf(err) {
	case graph.ErrWait:
		return max(longWait(err), namedWait(err)), true
	case graph.ErrTransient, graph.ErrInterrupted, graph.ErrOutcomeUnknown, graph.ErrBadResponse,
		graph.ErrReadAfterWrite: // the step reads before it writes again
		return backoff, true
	case "", graph.ErrConflict: // a store, a vault, a hook
		return backoff, true
	}
	return 0, false
}

// namedWait is the wait that an error carries: Meta's, or that of a pacer, which
// held the call back before it was sent.
func namedWait(err error) time.Duration {
	var paced interface{ RetryAfter() time.Duration }
	if errors.As(err, &paced) {
		return paced.RetryAfter()
	}
	if e, ok := errors.AsType[*graph.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// longWait is how long the codes of ErrWait ask for.
func longWait(err error) time.Duration {
	for _, row := range [...]struct {
		code graph.Code
		wait time.Duration
	}{
		{133016, registrationWindow}, {133015, 5 * time.Minute}, {131057, time.Minute}, {2494100, 5 * time.Minute}, {134101, 10 * time.Minute},
	} {
		if errors.Is(err, row.code) {
			return row.wait
		}
	}
	return time.Hour
}

// lasting tells the named errors that no repeat changes.
func lasting(err error) bool {
	return errors.Is(err, vault.ErrSealBroken) || errors.Is(err, errNotOurs)
}
