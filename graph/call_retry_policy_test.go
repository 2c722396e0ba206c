package graph_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestRetryPolicy(t *testing.T) {
	bad, throttled := reply(502, html), graphError(400, `"code":4`)
	for name, c := range map[string]struct {
		policy   graph.RetryPolicy
		answer   answer
		attempts int
		low, up  time.Duration
	}{
		"attempts off":        {graph.RetryPolicy{MaxAttempts: -1}, bad, 1, 0, 0},
		"two attempts":        {graph.RetryPolicy{MaxAttempts: 2}, bad, 2, 0, 250 * time.Millisecond},
		"waiting off":         {graph.RetryPolicy{MaxAttempts: 50, MinWait: -1}, bad, 50, 0, 0},
		"a bound for waits":   {graph.RetryPolicy{MaxAttempts: 101, MinWait: time.Second, MaxWait: time.Second}, bad, 101, 25 * time.Second, 75 * time.Second},
		"many attempts":       {graph.RetryPolicy{MaxAttempts: 100, MinWait: 3 * time.Hour, MaxWait: 4 * time.Hour}, bad, 100, 100 * time.Hour, 300 * time.Hour},
		"throttle waits off":  {graph.RetryPolicy{MaxThrottleWait: -1}, throttled, 1, 0, 0},
		"throttles have own":  {graph.RetryPolicy{MaxAttempts: 2, MinWait: -1}, throttled, 2, 500 * time.Millisecond, time.Second},
		"a bound for those":   {graph.RetryPolicy{MaxAttempts: 11, MaxThrottleWait: 2 * time.Second}, throttled, 11, 9500 * time.Millisecond, 19 * time.Second},
		"a longer named wait": {graph.RetryPolicy{MaxAttempts: 2, MaxThrottleWait: time.Hour}, graphError(400, `"code":80008`, regain(19)), 2, 19 * time.Minute, 19*time.Minute + time.Second},
		"a date":              {graph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:25 GMT"), 2, 25 * time.Second, 27 * time.Second},
		"no date":             {graph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: tomorrow"), 2, 500 * time.Millisecond, time.Second},
		"a negative wait":     {graph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: -5"), 2, 500 * time.Millisecond, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire(c.answer)
				start := time.Now()
				require.Error(t, newClient(t, w, graph.WithRetry(c.policy)).Do(t.Context(), read(graph.RepeatAuto), nil))
				require.Equal(t, c.attempts, w.count())
				require.GreaterOrEqual(t, time.Since(start), c.low)
				require.LessOrEqual(t, time.Since(start), c.up)
			})
		})
	}
}

func TestRetryPolicy_LongestWait(t *testing.T) {
	for _, a := range []answer{
		graphError(400, `"code":80008`, regain(99999999999)), reply(429, "", "Retry-After: 2000000000"),
		reply(429, "", "Retry-After: Fri, 01 Jan 2200 00:00:00 GMT"),
	} {
		err := newClient(t, newWire(a)).Do(t.Context(), read(graph.RepeatAuto), nil)
		require.Equal(t, 31*24*time.Hour, graphErrorOf(t, err).RetryAfter)
	}
}

func TestRetryPolicy_AttemptTimeout(t *testing.T) {
	timed := func(d time.Duration) graph.Option {
		return graph.WithHTTPClient(&http.Client{Transport: newWire(hang), Timeout: d})
	}
	once := graph.RetryPolicy{MaxAttempts: -1}
	both := graph.RetryPolicy{MaxAttempts: -1, AttemptTimeout: 3 * time.Second}
	for name, c := range map[string]struct {
		opts []graph.Option
		want time.Duration
	}{
		"default":               {[]graph.Option{timed(0), graph.WithRetry(once)}, time.Minute},
		"the client's":          {[]graph.Option{timed(5 * time.Second), graph.WithRetry(once)}, 5 * time.Second},
		"the client's, later":   {[]graph.Option{graph.WithRetry(once), timed(5 * time.Second)}, 5 * time.Second},
		"the policy's":          {[]graph.Option{timed(5 * time.Second), graph.WithRetry(both)}, 3 * time.Second},
		"the policy's, earlier": {[]graph.Option{graph.WithRetry(both), timed(5 * time.Second)}, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, err := graph.New(graph.StaticToken(token), c.opts...)
				require.NoError(t, err)
				start := time.Now()
				require.ErrorIs(t, client.Do(t.Context(), read(graph.RepeatAuto), nil), graph.ErrTransient)
				require.Equal(t, c.want, time.Since(start))
			})
		})
	}
	t.Run("off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, err := graph.New(graph.StaticToken(token), timed(0), graph.WithRetry(graph.RetryPolicy{AttemptTimeout: -1}))
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Hour)
			defer cancel()
			start := time.Now()
			require.ErrorIs(t, client.Do(ctx, read(graph.RepeatAuto), nil), graph.ErrInterrupted)
			require.Equal(t, 100*time.Hour, time.Since(start))
		})
	})
}
