package onboard

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// skip is the error of a step that is not needed.
type skip struct{ reason string }

func (s skip) Error() string { return s.reason }

// later is the error of a step that can be done only after a known time.
type later struct {
	at  time.Time
	err error
}

func (l later) Error() string { return l.err.Error() }
func (l later) Unwrap() error { return l.err }

const (
	// maxAttempts is how often a step is tried whose failures can pass. With the
	// waits below that takes a day. Then the step fails.
	maxAttempts = 30
	firstWait   = 2 * time.Second
	longestWait = time.Hour
	// quotaWait is for a throttle that names no wait. Meta's quotas are hourly, and
	// calls made while throttled make the wait longer.
	quotaWait = 5 * time.Minute
)

// maxStack is the number of bytes of a stack that a record holds.
const maxStack = 8 << 10

// note writes an error into a step. It does not decide what follows.
func (s *StepRecord) note(err error) {
	s.Attempts++
	s.Reason, s.Kind, s.TraceID, s.Stack = err.Error(), graph.KindOf(err), "", ""
	if e, ok := errors.AsType[*graph.Error](err); ok {
		s.TraceID, s.Stack = e.TraceID, string(e.Stack[:min(len(e.Stack), maxStack)])
	}
}

// end writes into a step how it ended. interrupted says that the step's context ended.
func (s *StepRecord) end(err error, now time.Time, interrupted bool) {
	var skipped skip
	switch {
	case err == nil:
		s.Attempts++
		s.State, s.Ended, s.NotBefore, s.Reason, s.Kind, s.TraceID, s.Stack = StepDone, now, time.Time{}, "", "", "", ""
	case errors.As(err, &skipped):
		s.State, s.Ended, s.Reason, s.NotBefore = StepSkipped, now, skipped.reason, time.Time{}
	case interrupted && errors.Is(err, context.Canceled) && graph.KindOf(err) != graph.ErrOutcomeUnknown:
		s.Reason = err.Error() // the run was ended: the step has not failed
	default:
		s.note(err)
		wait, passes := waitAfter(err, s.Attempts, now)
		if !passes || s.Attempts >= maxAttempts && !hasKnownWait(err) {
			s.State, s.Ended, s.NotBefore = StepFailed, now, time.Time{}
			return
		}
		s.NotBefore = now.Add(wait)
	}
}

// hasKnownWait reports whether the step has to wait until a known time, or for Meta's
// quota. That is not a failure, and may happen any number of times.
func hasKnownWait(err error) bool {
	_, known := errors.AsType[later](err)
	return known || errors.Is(err, graph.ErrThrottled)
}

// noKind is the kind of an error that is not from this module: the application's
// Store, Vault or hook returned it.
const noKind graph.Kind = ""

// waitAfter returns how long to wait before a step is tried again, and whether the
// failure can pass at all. That depends only on the error's Kind, unless the error
// names a wait.
func waitAfter(err error, attempts int, now time.Time) (wait time.Duration, passes bool) {
	if until, ok := errors.AsType[later](err); ok {
		return max(until.at.Sub(now), 0), true
	}
	backoff := min(firstWait<<min(attempts-1, 20), longestWait)
	switch graph.KindOf(err) {
	case graph.ErrThrottled:
		if named := namedWait(err); named > 0 {
			return named, true
		}
		return max(backoff, quotaWait), true
	case graph.ErrWait:
		return max(longWait(err), namedWait(err)), true
	case graph.ErrTransient, graph.ErrInterrupted, graph.ErrOutcomeUnknown, graph.ErrBadResponse,
		graph.ErrReadAfterWrite, // the step reads before it writes again
		graph.ErrConflict, noKind:
		return max(backoff, namedWait(err)), true
	case graph.ErrNotFound:
		// If Meta has no such object, a person has to act. A store or vault without an
		// entry may be a replica that has not received it yet.
		_, meta := errors.AsType[*graph.Error](err)
		return backoff, !meta
	case graph.ErrInput, graph.ErrAuth, graph.ErrPermission, graph.ErrInvalid, graph.ErrAccountState,
		graph.ErrTooMuchData, graph.ErrTooMany, graph.ErrCursorExpired, graph.ErrRefused, graph.ErrPanicked, graph.ErrUnclassified:
		return 0, false // a person has to act
	}
	return 0, false
}

// namedWait returns the wait that the error names: Meta named it, or the pacer that
// held the call back.
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

// longWait returns the wait for the codes of ErrWait.
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
