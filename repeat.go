package wagraph

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// decide says whether the failed attempt is followed by another.
func (x *exchange) decide(a *transport.Answer) transport.Verdict {
	e, policy := x.err, x.client.core.policy
	again := x.request.Repeat != RepeatOnce
	switch {
	case e.Kind == ErrThrottled:
		e.RetryAfter = namedWait(a.Header)
		again = again && policy.MaxThrottleWait > 0 && e.RetryAfter <= policy.MaxThrottleWait
		return x.again(a, again, throttleWait(policy, e.RetryAfter, a.Attempt))
	case a.Unsent:
		e.Message = "nothing was sent"
		return x.again(a, again && !transport.Permanent(a.Err), backoff(policy, a.Attempt))
	case !x.ambiguous(a):
		return transport.Verdict{Err: e}
	case !x.harmless():
		x.outcomeUnknown()
		return transport.Verdict{Err: e}
	}
	wait := backoff(policy, a.Attempt)
	if a.Status >= http.StatusInternalServerError {
		if e.RetryAfter = namedWait(a.Header); e.RetryAfter > 0 {
			wait = throttleWait(policy, e.RetryAfter, a.Attempt)
		}
	}
	return x.again(a, !x.lasting(a) && e.RetryAfter <= max(policy.MaxThrottleWait, 0), wait)
}

// ambiguous tells whether the failure leaves open what became of the call.
func (x *exchange) ambiguous(a *transport.Answer) bool {
	return x.err.Kind == ErrTransient || x.err.Kind == ErrBadResponse && a.Status < http.StatusMultipleChoices
}

// harmless tells whether the call may be made twice.
func (x *exchange) harmless() bool {
	repeat := x.request.Repeat
	return repeat == RepeatAlways || repeat == RepeatAuto && x.request.isRead()
}

// lasting tells an answer that would come again: it is too large, or well
// formed and of another shape. One that is cut off or no JSON may not.
func (x *exchange) lasting(a *transport.Answer) bool {
	if x.err.Kind != ErrBadResponse {
		return false
	}
	var syntax *json.SyntaxError
	return errors.Is(a.Err, transport.ErrBodyTooLarge) || x.err.cause != nil && !errors.As(x.err.cause, &syntax)
}

func (x *exchange) outcomeUnknown() {
	x.err.Kind = ErrOutcomeUnknown
	if x.err.Advice == "" {
		x.err.Advice = "It may have taken effect: look before doing it again"
	}
}

func (x *exchange) again(a *transport.Answer, repeat bool, wait time.Duration) transport.Verdict {
	return transport.Verdict{Err: x.err, Repeat: repeat && !a.Last && transport.Fits(x.ctx, wait), Wait: wait}
}

// backoff is full jitter: anything up to a bound that doubles with each attempt.
func backoff(policy RetryPolicy, attempt int) time.Duration {
	bound := doubled(policy.MinWait, attempt, policy.MaxWait)
	if bound <= 0 {
		return 0
	}
	return rand.N(bound)
}

// throttleWait keeps a wait that Meta named whole, and adds up to a second so
// that callers who were stopped together do not return together. Where Meta
// named none, it is between half of and a whole bound that doubles, from a
// second on: a throttle that is not waited for gets longer.
func throttleWait(policy RetryPolicy, named time.Duration, attempt int) time.Duration {
	if named > 0 {
		return named + rand.N(time.Second)
	}
	bound := doubled(max(policy.MinWait, time.Second), attempt, max(policy.MaxThrottleWait, time.Second))
	return bound/2 + rand.N(bound/2+1)
}

// doubled is first, doubled with each attempt after the first, up to limit.
func doubled(first time.Duration, attempt int, limit time.Duration) time.Duration {
	shift := min(attempt-1, 62)
	if first > limit>>shift {
		return limit
	}
	return first << shift
}

// namedWait is the wait that an answer asks for: in minutes per asset for
// Graph, and Retry-After, which Meta never sends but a gateway may.
func namedWait(header http.Header) time.Duration {
	return max(readUsage(header).RegainAfter(), min(retryAfter(header.Get("Retry-After")), maxRegain*time.Minute))
}

// retryAfter reads seconds or a date, and is 0 or less for anything else.
func retryAfter(text string) time.Duration {
	if text == "" {
		return 0
	}
	// A number beyond all numbers is the largest one: a long wait, not none.
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return time.Until(date)
	}
	return 0
}
