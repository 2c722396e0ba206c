package graph_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// class holds what decides whether a call may be repeated.
type class struct {
	repeat graph.Repeat
	read   bool
}

func (c class) String() string {
	return fmt.Sprintf("%s,%v", [...]string{"auto", "always", "once"}[c.repeat], map[bool]string{true: "read", false: "write"}[c.read])
}

func (c class) request() graph.Request {
	if c.read {
		return read(c.repeat)
	}
	return write(c.repeat)
}

// harmless calls may be made twice.
func (c class) harmless() bool {
	return c.repeat == graph.RepeatAlways || c.repeat == graph.RepeatAuto && c.read
}

// outcome is the required end of a call whose fault does not pass.
type outcome struct {
	attempts int
	kind     graph.Kind
	low, up  time.Duration // bounds of the time it takes
	wait     time.Duration // Error.RetryAfter
}

// fault is a fault of a call and the required end of the call.
type fault struct {
	answer answer
	ctx    func(context.Context) (context.Context, context.CancelFunc)
	cause  error // in the error's chain
	ends   func(class) outcome
	once   bool // does not pass when it is met once
}

// The three ways to end. With the default policy the waits between four
// attempts are random up to 250 ms, 500 ms and 1 s; between throttled ones they
// are from half of 1 s, 2 s and 4 s up to these.
const backoffs = 1750 * time.Millisecond

// unprocessed is the end of a call that was certainly not processed.
func unprocessed(kind graph.Kind, low, up, wait time.Duration) func(class) outcome {
	return func(c class) outcome {
		if c.repeat == graph.RepeatOnce {
			return outcome{1, kind, 0, 0, wait}
		}
		return outcome{4, kind, low, up, wait}
	}
}

// ambiguous is the end of a call that may have been processed. Each attempt takes
// the given time.
func ambiguous(kind graph.Kind, each time.Duration) func(class) outcome {
	return func(c class) outcome {
		if c.harmless() {
			return outcome{4, kind, 4 * each, 4*each + backoffs, 0}
		}
		return outcome{1, graph.ErrOutcomeUnknown, each, each, 0}
	}
}

// final is the end of a call whose fault would come again.
func final(kind graph.Kind) func(class) outcome {
	return func(class) outcome { return outcome{1, kind, 0, 0, 0} }
}

// finalAnswer is the end of a call whose fault would come again, and which may have
// been processed.
func finalAnswer(c class) outcome {
	if c.harmless() {
		return outcome{1, graph.ErrBadResponse, 0, 0, 0}
	}
	return outcome{1, graph.ErrOutcomeUnknown, 0, 0, 0}
}

// interrupted is the end of a call whose context ends after d.
func interrupted(d time.Duration) func(class) outcome {
	return func(c class) outcome {
		if c.harmless() {
			return outcome{1, graph.ErrInterrupted, d, d, 0}
		}
		return outcome{1, graph.ErrOutcomeUnknown, d, d, 0}
	}
}

func cancelAfter(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		if d == 0 {
			cancel()
		} else {
			time.AfterFunc(d, cancel)
		}
		return ctx, cancel
	}
}

func deadline(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
}

const html = "<html><body>Bad Gateway</body></html>"

func faults() map[string]fault {
	second := time.Second
	throttled := graphError(400, `"code":80008`)
	waitTwenty := reply(429, `{"error":{"code":4}}`, "Retry-After: 20")
	all := map[string]fault{
		"throttle":              {answer: throttled, ends: unprocessed(graph.ErrThrottled, 3500*time.Millisecond, 7*second, 0)},
		"throttle, HTML":        {answer: reply(429, html), ends: unprocessed(graph.ErrThrottled, 3500*time.Millisecond, 7*second, 0)},
		"throttle, 20 s":        {answer: waitTwenty, ends: unprocessed(graph.ErrThrottled, 60*second, 63*second, 20*second)},
		"throttle, 30 s":        {answer: reply(429, html, "Retry-After: 30"), ends: unprocessed(graph.ErrThrottled, 90*second, 93*second, 30*second)},
		"throttle, 31 s":        {answer: reply(429, html, "Retry-After: 31"), once: true, ends: func(class) outcome { return outcome{1, graph.ErrThrottled, 0, 0, 31 * second} }},
		"throttle, 19 min":      {answer: graphError(400, `"code":80008`, regain(19)), once: true, ends: func(class) outcome { return outcome{1, graph.ErrThrottled, 0, 0, 19 * time.Minute} }},
		"throttle, too late":    {answer: waitTwenty, ctx: deadline(15 * second), once: true, ends: func(class) outcome { return outcome{1, graph.ErrThrottled, 0, 0, 20 * second} }},
		"502":                   {answer: reply(502, html), ends: ambiguous(graph.ErrTransient, 0)},
		"503, empty":            {answer: reply(503, ""), ends: ambiguous(graph.ErrTransient, 0)},
		"reset":                 {answer: fails(errReset), ends: ambiguous(graph.ErrTransient, 0)},
		"reset after 3 s":       {answer: after(3*second, fails(errReset)), ends: ambiguous(graph.ErrTransient, 3*second)},
		"cut body":              {answer: cut(200, `{"id":"1`), ends: ambiguous(graph.ErrTransient, 0)},
		"cut body of an error":  {answer: cut(500, `{"error":{"code"`), ends: ambiguous(graph.ErrTransient, 0)},
		"truncated JSON":        {answer: reply(200, `{"id":"1`), ends: ambiguous(graph.ErrBadResponse, 0)},
		"HTML 200":              {answer: reply(200, html), ends: ambiguous(graph.ErrBadResponse, 0)},
		"null 200":              {answer: reply(200, "null"), ends: ambiguous(graph.ErrBadResponse, 0)},
		"empty 200":             {answer: reply(200, ""), ends: ambiguous(graph.ErrBadResponse, 0)},
		"deeply nested":         {answer: reply(200, strings.Repeat(`{"id":`, 20_000)+"1"+strings.Repeat("}", 20_000)), ends: ambiguous(graph.ErrBadResponse, 0)},
		"attempt times out":     {answer: hang, ends: ambiguous(graph.ErrTransient, 60*second), cause: context.DeadlineExceeded},
		"body times out":        {answer: stall, ends: ambiguous(graph.ErrTransient, 60*second), cause: context.DeadlineExceeded},
		"dial":                  {answer: fails(errDial), ends: unprocessed(graph.ErrTransient, 0, backoffs, 0)},
		"bad certificate":       {answer: fails(x509.UnknownAuthorityError{}), once: true, ends: final(graph.ErrTransient)},
		"wrong type":            {answer: reply(200, `{"id":{"a":1}}`), once: true, ends: finalAnswer},
		"too large":             {answer: reply(200, `{"id":"`+strings.Repeat("1", 200_000)+`"}`), once: true, ends: finalAnswer},
		"redirect":              {answer: reply(302, "", "Location: https://example.com"), once: true, ends: final(graph.ErrBadResponse)},
		"cancelled before":      {answer: hang, ctx: cancelAfter(0), once: true, cause: context.Canceled, ends: func(class) outcome { return outcome{0, graph.ErrInterrupted, 0, 0, 0} }},
		"cancelled on the way":  {answer: hang, ctx: cancelAfter(5 * second), once: true, cause: context.Canceled, ends: interrupted(5 * second)},
		"cancelled in the body": {answer: stall, ctx: cancelAfter(5 * second), once: true, cause: context.Canceled, ends: interrupted(5 * second)},
		"deadline on the way":   {answer: hang, ctx: deadline(5 * second), once: true, cause: context.DeadlineExceeded, ends: interrupted(5 * second)},
		"cancelled in the wait": {answer: waitTwenty, ctx: cancelAfter(5 * second), once: true, ends: func(c class) outcome {
			if c.repeat == graph.RepeatOnce {
				return outcome{1, graph.ErrThrottled, 0, 0, 20 * second}
			}
			return outcome{1, graph.ErrThrottled, 5 * second, 5 * second, 20 * second}
		}},
		"503, 5 s": {answer: reply(503, html, "Retry-After: 5"), ends: func(c class) outcome {
			if !c.harmless() {
				return outcome{1, graph.ErrOutcomeUnknown, 0, 0, 0}
			}
			return outcome{4, graph.ErrTransient, 15 * second, 18 * second, 5 * second}
		}},
		"503, 5 min": {answer: reply(503, html, "Retry-After: 300"), once: true, ends: func(c class) outcome {
			if !c.harmless() {
				return outcome{1, graph.ErrOutcomeUnknown, 0, 0, 0}
			}
			return outcome{1, graph.ErrTransient, 0, 0, 5 * time.Minute}
		}},
	}
	for _, code := range []int{1, 2, 131000, 131016, 133004} {
		all[fmt.Sprintf("code %d", code)] = fault{answer: graphError(500, fmt.Sprintf(`"code":%d`, code)), ends: ambiguous(graph.ErrTransient, 0)}
	}
	for code, kind := range map[int]graph.Kind{
		133016: graph.ErrWait, 133008: graph.ErrWait, 190: graph.ErrAuth, 100: graph.ErrInvalid, 200: graph.ErrPermission,
		10: graph.ErrPermission, 368: graph.ErrAccountState, 4000: graph.ErrInvalid, 987654: graph.ErrUnclassified,
	} {
		all[fmt.Sprintf("code %d", code)] = fault{answer: graphError(400, fmt.Sprintf(`"code":%d`, code)), once: true, ends: final(kind)}
	}
	return all
}

var classes = []class{
	{graph.RepeatAuto, true}, {graph.RepeatAuto, false}, {graph.RepeatAlways, true},
	{graph.RepeatAlways, false}, {graph.RepeatOnce, true}, {graph.RepeatOnce, false},
}

// meet makes a call on a wire and returns the time that it took.
func meet(t *testing.T, w *wire, c class, ctx context.Context) (time.Duration, error) { //nolint:revive // t comes first in tests
	t.Helper()
	client := newClient(t, w, graph.WithMaxBody(150_000))
	var out struct {
		ID graph.WABAID `json:"id"`
	}
	start := time.Now()
	err := client.Do(ctx, c.request(), &out)
	return time.Since(start), err
}

// forEveryFault runs a test for each fault and each class of calls. The context that
// the test gets is the one that the fault needs.
func forEveryFault(t *testing.T, test func(ctx context.Context, t *testing.T, name string, f fault, c class)) {
	for name, f := range faults() {
		for _, c := range classes {
			t.Run(name+"/"+c.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					if f.ctx != nil {
						var cancel context.CancelFunc
						ctx, cancel = f.ctx(ctx)
						defer cancel()
					}
					test(ctx, t, name, f, c)
				})
			})
		}
	}
}

func TestRepeat_EveryFault(t *testing.T) {
	forEveryFault(t, func(ctx context.Context, t *testing.T, _ string, f fault, c class) {
		w := newWire(f.answer)
		want := f.ends(c)
		took, err := meet(t, w, c, ctx)
		e := graphErrorOf(t, err)
		require.Equal(t, want.kind, e.Kind)
		require.Equal(t, want.attempts, w.count())
		require.Equal(t, want.attempts, e.Attempts)
		require.Equal(t, want.wait, e.RetryAfter)
		require.GreaterOrEqual(t, took, want.low)
		require.LessOrEqual(t, took, want.up)
		if f.cause != nil {
			require.ErrorIs(t, err, f.cause)
		}
		requireNoSecret(t, said(err))
	})
}

func TestRepeat_Recovers(t *testing.T) {
	for name, f := range faults() {
		for _, c := range classes {
			if f.once || f.ends(c).attempts < 4 {
				continue
			}
			t.Run(name+"/"+c.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					twice := []answer{f.answer, f.answer}
					w := newWire(append(twice, reply(http.StatusOK, `{"id":"102290129340398"}`))...)
					_, err := meet(t, w, c, t.Context())
					require.NoError(t, err)
					require.Equal(t, 3, w.count())
				})
			})
		}
	}
}

func TestClient_Do_CancelCauseIsKept(t *testing.T) {
	why := errors.New("the program ends")
	for name, a := range map[string]answer{"on the way": hang, "in the wait": reply(429, html, "Retry-After: 20")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(why) })
				_, err := meet(t, newWire(a), class{graph.RepeatAuto, true}, ctx)
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, why)
			})
		})
	}
}
