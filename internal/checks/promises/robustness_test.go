package promises_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// TestRetryAfter_DatesAndUnusualNumbers: Retry-After can be a date, by a clock that
// differs from the local one.
func TestRetryAfter_DatesAndUnusualNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		waits  time.Duration // at least; 0: the call returns at once
		kind   graph.Kind    // "" for a success
	}{
		"in the past":        {"Sun, 06 Nov 1994 08:49:37 GMT", 500 * time.Millisecond, ""},
		"in a century":       {"Fri, 31 Dec 2100 23:59:59 GMT", 0, graph.ErrThrottled},
		"in 20 s":            {"Sat, 01 Jan 2000 00:00:20 GMT", 20 * time.Second, ""},
		"no date":            {"soon", 500 * time.Millisecond, ""},
		"a negative number":  {"-20", 500 * time.Millisecond, ""},
		"a fraction":         {"0.5", 500 * time.Millisecond, ""},
		"more than an int64": {"99999999999999999999", 0, graph.ErrThrottled},
		"a year in seconds":  {"31536000", 0, graph.ErrThrottled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fx := newFixture(t)
				fx.wire.inject("", &fault{answer: graphError(400, 80008, http.Header{"Retry-After": {c.header}})}, false)
				began := time.Now()
				err := fx.client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
				require.Equal(t, c.kind, graph.KindOf(err), "%v", err)
				require.GreaterOrEqual(t, time.Since(began), c.waits)
				if c.kind == "" {
					require.Less(t, time.Since(began), 30*time.Second)
					return
				}
				require.Zero(t, time.Since(began))
				e, _ := errors.AsType[*graph.Error](err)
				require.Greater(t, e.RetryAfter, 30*24*time.Hour, "the wait is long and does not overflow")
				require.Less(t, e.RetryAfter, 366*24*time.Hour)
			})
		})
	}
}

// TestError_LongTextsAreCut: a gateway can answer with texts of any length.
func TestError_LongTextsAreCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		long := strings.Repeat("é", 20_000)
		blamed := strings.TrimSuffix(strings.Repeat(`["a","b"],`, 10_000), ",")
		body := fmt.Sprintf(`{"error":{"code":100,"message":%q,"error_user_msg":%q,"fbtrace_id":%q,"error_data":{"details":%q,"blame_field_specs":[%s]}}}`,
			long, long, long, long, blamed)
		fx.wire.inject("", &fault{answer: answers(400, jsonT, body)}, false)
		err := fx.client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
		require.Equal(t, graph.ErrInvalid, graph.KindOf(err))
		require.Less(t, len(err.Error()), 20_000)
		require.Contains(t, err.Error(), "... (40000 bytes)")
		require.True(t, utf8.ValidString(err.Error()))
		require.Less(t, fx.log.Len(), 40_000)
	})
}

// TestRoundTripper_PanicDoesNotBlockOtherCalls: a panic in the round tripper is the
// error of its call, and a call that follows does not wait for the connection of
// the first one.
func TestRoundTripper_PanicDoesNotBlockOtherCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		fx.wire.inject("", &fault{answer: func(*wire, *http.Request, []byte) (*http.Response, error) { panic("a mistake in the round tripper") }}, false)
		me := graph.Request{Method: http.MethodGet, Route: "/me"}
		err := fx.client.Do(t.Context(), me, nil)
		require.Equal(t, graph.ErrPanicked, graph.KindOf(err), "%v", err)
		require.ErrorContains(t, err, "RoundTripper.RoundTrip panicked: a mistake in the round tripper")
		e, _ := errors.AsType[*graph.Error](err)
		require.Contains(t, string(e.Stack), "robustness_test.go", "the stack shows where")
		began := time.Now()
		require.NoError(t, fx.client.Do(t.Context(), me, nil))
		require.Zero(t, time.Since(began))
	})
}

// TestRoundTripper_SlowFirstCallDoesNotDelayOthersForLong: over TLS, calls at the
// same time wait for the first call's connection, but only for a short time.
func TestRoundTripper_SlowFirstCallDoesNotDelayOthersForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		fx.wire.inject("", &fault{answer: hang}, false)
		me := graph.Request{Method: http.MethodGet, Route: "/me", Repeat: graph.RepeatOnce}
		var wg sync.WaitGroup
		wg.Go(func() { _ = fx.client.Do(t.Context(), me, nil) })
		synctest.Wait()
		took := make([]time.Duration, 8)
		for i := range took {
			wg.Go(func() {
				began := time.Now()
				if err := fx.client.Do(t.Context(), me, nil); err != nil {
					took[i] = time.Hour
					return
				}
				took[i] = time.Since(began)
			})
		}
		wg.Wait()
		require.LessOrEqual(t, slices.Max(took), 5*time.Second, fmt.Sprint(took))
	})
}
