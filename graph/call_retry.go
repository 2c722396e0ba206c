package graph

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// decision says whether another attempt follows an answer, and after which wait.
type decision struct {
	repeat bool
	wait   time.Duration
}

// decide says whether another attempt follows. It completes the error of the
// attempt with the wait that Meta named, and with what a failed write means.
func (r *answers) decide(ctx context.Context, a *transport.Answer) decision {
	e, policy := r.err, r.core.policy
	if e == nil {
		return decision{}
	}
	again := r.request.Repeat != RepeatOnce
	switch {
	case e.Kind == ErrThrottled: // it was not processed
		e.RetryAfter = namedWait(a.Header)
		again = again && policy.MaxThrottleWait > 0 && e.RetryAfter <= policy.MaxThrottleWait
		return repeatIfPossible(ctx, a, again, throttleWait(policy, e.RetryAfter, a.Attempt))
	case e.Kind == ErrPanicked:
		return decision{}
	case a.Unsent:
		e.Message = "nothing was sent"
		return repeatIfPossible(ctx, a, again && !transport.Permanent(a.Err), backoff(policy, a.Attempt))
	case !isAmbiguous(e, a):
		return decision{}
	case !r.request.mayRepeat():
		e.Kind = ErrOutcomeUnknown
		if e.Advice == "" {
			e.Advice = lookFirst
		}
		return decision{}
	}
	wait := backoff(policy, a.Attempt)
	if a.Status >= http.StatusInternalServerError {
		if e.RetryAfter = namedWait(a.Header); e.RetryAfter > 0 {
			wait = throttleWait(policy, e.RetryAfter, a.Attempt)
		}
	}
	return repeatIfPossible(ctx, a, !isLasting(e, a) && e.RetryAfter <= max(policy.MaxThrottleWait, 0), wait)
}

const lookFirst = "It may have taken effect: look before doing it again"

// repeatIfPossible repeats if an attempt is left and the wait ends before the
// context's deadline.
func repeatIfPossible(ctx context.Context, a *transport.Answer, again bool, wait time.Duration) decision {
	if !again || a.Last || !transport.Fits(ctx, wait) {
		return decision{}
	}
	return decision{repeat: true, wait: wait}
}

// isAmbiguous reports whether the failure leaves open what became of the call.
func isAmbiguous(e *Error, a *transport.Answer) bool {
	unread := a.Status < http.StatusMultipleChoices || a.Err != nil && !isRedirect(a.Status) || mayPass(e.cause)
	return e.Kind == ErrTransient || e.Kind == ErrBadResponse && unread
}

// isLasting reports whether the same answer would come again: it is too large, or
// well formed and of another shape. An answer that is cut off, not JSON, about
// another object, or a list without its items may be right the next time.
func isLasting(e *Error, a *transport.Answer) bool {
	if e.Kind != ErrBadResponse {
		return false
	}
	var syntax *json.SyntaxError
	tooLarge := errors.Is(a.Err, transport.ErrBodyTooLarge) || errors.Is(a.Err, transport.ErrErrorBodyTooLarge)
	return tooLarge || e.cause != nil && !errors.As(e.cause, &syntax) && !mayPass(e.cause)
}

// backoff returns a random wait from zero to a bound that doubles with each
// attempt (full jitter).
func backoff(policy RetryPolicy, attempt int) time.Duration {
	bound := doubled(policy.MinWait, attempt, policy.MaxWait)
	if bound <= 0 {
		return 0
	}
	return rand.N(bound)
}

// throttleWait returns the whole wait that Meta named and up to a second more, so
// that callers who were stopped together do not return together. If Meta named
// none, it returns a wait between half of a bound and the whole bound, which
// starts at a second and doubles: a throttle that is not waited for gets longer.
func throttleWait(policy RetryPolicy, named time.Duration, attempt int) time.Duration {
	if named > 0 {
		return named + rand.N(time.Second)
	}
	bound := doubled(max(policy.MinWait, time.Second), attempt, max(policy.MaxThrottleWait, time.Second))
	return bound/2 + rand.N(bound/2+1)
}

// doubled returns first, doubled with each attempt after the first one, up to
// limit.
func doubled(first time.Duration, attempt int, limit time.Duration) time.Duration {
	shift := min(attempt-1, 62)
	if first > limit>>shift {
		return limit
	}
	return first << shift
}

// namedWait returns the wait that an answer asks for: Graph names minutes per
// asset in a usage header; a gateway may send Retry-After, which Meta never does.
func namedWait(header http.Header) time.Duration {
	return max(readUsage(header).RegainAfter(), min(retryAfter(header.Get("Retry-After")), maxRegain*time.Minute))
}

// retryAfter reads a number of seconds or a date. It returns 0 or less for
// anything else.
func retryAfter(text string) time.Duration {
	if text == "" {
		return 0
	}
	// A number that is too large means a long wait: ParseInt returns the largest.
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return time.Until(date)
	}
	return 0
}
