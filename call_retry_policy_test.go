package wagraph_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

func TestRetryPolicy(t *testing.T) {
	bad, throttled := reply(502, html), graphError(400, `"code":4`)
	for name, c := range map[string]struct {
		policy   wagraph.RetryPolicy
		answer   answer
		attempts int
		low, up  time.Duration
	}{
		"attempts off":        {wagraph.RetryPolicy{MaxAttempts: -1}, bad, 1, 0, 0},
		"two attempts":        {wagraph.RetryPolicy{MaxAttempts: 2}, bad, 2, 0, 250 * time.Millisecond},
		"waiting off":         {wagraph.RetryPolicy{MaxAttempts: 50, MinWait: -1}, bad, 50, 0, 0},
		"a bound for waits":   {wagraph.RetryPolicy{MaxAttempts: 101, MinWait: time.Second, MaxWait: time.Second}, bad, 101, 25 * time.Second, 75 * time.Second},
		"many attempts":       {wagraph.RetryPolicy{MaxAttempts: 100, MinWait: 3 * time.Hour, MaxWait: 4 * time.Hour}, bad, 100, 100 * time.Hour, 300 * time.Hour},
		"throttle waits off":  {wagraph.RetryPolicy{MaxThrottleWait: -1}, throttled, 1, 0, 0},
		"throttles have own":  {wagraph.RetryPolicy{MaxAttempts: 2, MinWait: -1}, throttled, 2, 500 * time.Millisecond, time.Second},
		"a bound for those":   {wagraph.RetryPolicy{MaxAttempts: 11, MaxThrottleWait: 2 * time.Second}, throttled, 11, 9500 * time.Millisecond, 19 * time.Second},
		"a longer named wait": {wagraph.RetryPolicy{MaxAttempts: 2, MaxThrottleWait: time.Hour}, graphError(400, `"code":80008`, regain("19")), 2, 19 * time.Minute, 19*time.Minute + time.Second},
		"a date":              {wagraph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:25 GMT"), 2, 25 * time.Second, 27 * time.Second},
		"no date":             {wagraph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: tomorrow"), 2, 500 * time.Millisecond, time.Second},
		"a negative wait":     {wagraph.RetryPolicy{MaxAttempts: 2}, reply(429, "", "Retry-After: -5"), 2, 500 * time.Millisecond, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire(c.answer)
				start := time.Now()
				require.Error(t, newClient(t, w, wagraph.WithRetry(c.policy)).Do(t.Context(), read(wagraph.RepeatAuto), nil))
				require.Equal(t, c.attempts, w.count())
				require.GreaterOrEqual(t, time.Since(start), c.low)
				require.LessOrEqual(t, time.Since(start), c.up)
			})
		})
	}
}

func TestRetryPolicy_LongestWait(t *testing.T) {
	for _, a := range []answer{
		graphError(400, `"code":80008`, regain("99999999999")), reply(429, "", "Retry-After: 2000000000"),
		reply(429, "", "Retry-After: Fri, 01 Jan 2200 00:00:00 GMT"),
	} {
		err := newClient(t, newWire(a)).Do(t.Context(), read(wagraph.RepeatAuto), nil)
		require.Equal(t, 31*24*time.Hour, graphErrorOf(t, err).RetryAfter)
	}
}

func TestRetryPolicy_AttemptTimeout(t *testing.T) {
	timed := func(d time.Duration) wagraph.Option {
		return wagraph.WithHTTPClient(&http.Client{Transport: newWire(hang), Timeout: d})
	}
	once := wagraph.RetryPolicy{MaxAttempts: -1}
	both := wagraph.RetryPolicy{MaxAttempts: -1, AttemptTimeout: 3 * time.Second}
	for name, c := range map[string]struct {
		opts []wagraph.Option
		want time.Duration
	}{
		"default":               {[]wagraph.Option{timed(0), wagraph.WithRetry(once)}, time.Minute},
		"the client's":          {[]wagraph.Option{timed(5 * time.Second), wagraph.WithRetry(once)}, 5 * time.Second},
		"the client's, later":   {[]wagraph.Option{wagraph.WithRetry(once), timed(5 * time.Second)}, 5 * time.Second},
		"the policy's":          {[]wagraph.Option{timed(5 * time.Second), wagraph.WithRetry(both)}, 3 * time.Second},
		"the policy's, earlier": {[]wagraph.Option{wagraph.WithRetry(both), timed(5 * time.Second)}, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, err := wagraph.New(wagraph.StaticToken(token), c.opts...)
				require.NoError(t, err)
				start := time.Now()
				require.ErrorIs(t, client.Do(t.Context(), read(wagraph.RepeatAuto), nil), wagraph.ErrTransient)
				require.Equal(t, c.want, time.Since(start))
			})
		})
	}
	t.Run("off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, err := wagraph.New(wagraph.StaticToken(token), timed(0), wagraph.WithRetry(wagraph.RetryPolicy{AttemptTimeout: -1}))
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Hour)
			defer cancel()
			start := time.Now()
			require.ErrorIs(t, client.Do(ctx, read(wagraph.RepeatAuto), nil), wagraph.ErrInterrupted)
			require.Equal(t, 100*time.Hour, time.Since(start))
		})
	})
}
