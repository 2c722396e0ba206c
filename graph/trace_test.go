package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// recorder records what a tracer gets.
type recorder struct {
	mu     sync.Mutex
	starts []graph.TraceStart
	ends   []graph.TraceEnd
	marks  []any
}

type markKey struct{}

func (r *recorder) TraceStart(ctx context.Context, start graph.TraceStart) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starts = append(r.starts, start)
	return context.WithValue(ctx, markKey{}, len(r.starts))
}

func (r *recorder) TraceEnd(ctx context.Context, end graph.TraceEnd) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ends = append(r.ends, end)
	r.marks = append(r.marks, ctx.Value(markKey{}))
}

func TestTracer_SeesEveryAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		w := newWire(
			after(2*time.Second, reply(429, "", "Retry-After: 20", "X-Fb-Trace-Id: A1")),
			fails(errReset),
			reply(200, `{"id":"102290129340398"}`, "Facebook-Api-Version: v26.0", "X-Fb-Trace-Id: A3", `X-App-Usage: {"call_count":28,"total_time":25,"total_cputime":26}`),
		)
		require.NoError(t, newClient(t, w, graph.WithTracer(r)).Do(t.Context(), read(graph.RepeatAuto), nil))
		require.Len(t, r.starts, 3)
		require.Equal(t, []any{1, 2, 3}, r.marks, "TraceEnd gets the context of its TraceStart")
		for i, start := range r.starts {
			require.Equal(t, graph.TraceStart{Method: "GET", Route: "/{waba-id}", IDs: []string{wabaID}, Version: "v25.0", Attempt: i + 1}, start)
			require.Equal(t, start, r.ends[i].TraceStart)
		}
		first, second, third := r.ends[0], r.ends[1], r.ends[2]
		require.ErrorIs(t, first.Err, graph.ErrThrottled)
		require.Equal(t, 429, first.Status)
		require.Equal(t, 2*time.Second, first.Duration)
		require.True(t, first.Retry)
		require.Equal(t, w.Sent()[1].At.Sub(w.Sent()[0].At)-2*time.Second, first.Wait)
		require.Equal(t, "A1", first.TraceID)
		require.ErrorIs(t, second.Err, graph.ErrTransient)
		require.Zero(t, second.Status)
		require.True(t, second.Retry)
		require.NoError(t, third.Err)
		require.False(t, third.Retry)
		require.Zero(t, third.Wait)
		require.Equal(t, "v26.0", third.AnsweredVersion)
		require.Equal(t, graph.Load{Calls: 28, Time: 25, CPUTime: 26}, third.Usage().App)
	})
}

func TestTracer_NoRetryReportedOnLastAttempt(t *testing.T) {
	forEveryFault(t, func(ctx context.Context, t *testing.T, name string, f fault, c class) {
		r := &recorder{}
		w := newWire(f.answer)
		require.Error(t, newClient(t, w, graph.WithTracer(r), graph.WithMaxBody(150_000)).Do(ctx, c.request(), new(graph.Success)))
		require.Len(t, r.starts, w.count())
		require.Len(t, r.ends, w.count())
		for i, end := range r.ends {
			if name == "cancelled in the wait" {
				continue // it was to follow until the context ended
			}
			require.Equal(t, i < len(r.ends)-1, end.Retry, "attempt %d", i+1)
			if !end.Retry {
				require.Zero(t, end.Wait)
			}
		}
	})
}

// logged runs a call under the Slog tracer and returns its lines.
func logged(t *testing.T, level slog.Level, req graph.Request, script ...answer) string {
	t.Helper()
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: level}))
	c := newClient(t, newWire(script...), graph.WithTracer(graph.Slog(logger)), graph.WithRetry(graph.RetryPolicy{MaxAttempts: 2, MinWait: -1}))
	_ = c.Do(t.Context(), req, nil)
	return text.String()
}

func TestSlog_Levels(t *testing.T) {
	good, bad := reply(200, `{}`), graphError(500, `"code":2,"fbtrace_id":"Abody"`, "X-Fb-Trace-Id: A1")
	req := read(graph.RepeatAuto)
	text := logged(t, slog.LevelDebug, req, bad, good)
	require.Regexp(t, `level=INFO msg="graph call" method=GET route=/{waba-id} ids=\[`+wabaID+`\] attempt=1 status=500 took=\S+ trace_id=A1 retry_in=0s error.kind=transient`, text)
	require.Regexp(t, `level=DEBUG msg="graph call" method=GET .*attempt=2 status=200`, text)
	require.Equal(t, 1, strings.Count(logged(t, slog.LevelWarn, req, bad), "level=WARN"), "only the last attempt is a warning")
	require.Empty(t, logged(t, slog.LevelInfo, req, good))
	require.Contains(t, logged(t, slog.LevelDebug, req, reply(200, `{}`, regain(0))), "asset_load=")

	forward := logged(t, slog.LevelWarn, req, reply(200, `{}`, "Facebook-Api-Version: v21.0"))
	require.Contains(t, forward, "asked=v25.0 answered=v21.0")
	require.Empty(t, logged(t, slog.LevelWarn, req, reply(200, `{}`, "Facebook-Api-Version: v25.0")))
}

func TestTracer_SeesNoSecret(t *testing.T) {
	echo := token + " " + proof + " " + appSecret + " " + code + " " + pin
	r := &recorder{}
	for _, a := range []answer{
		graphError(401, `"code":190,"message":"Malformed access token `+echo+`"`, `Www-Authenticate: OAuth "Facebook Platform" "invalid_token" "`+echo+`"`, "Set-Cookie: "+echo),
		reply(200, `{}`, "Location: https://x/?access_token="+echo), fails(fmt.Errorf("proxy: %s", echo)),
	} {
		requireNoSecret(t, logged(t, slog.LevelDebug, write(graph.RepeatOnce), a))
		_ = newClient(t, newWire(a), graph.WithTracer(r)).Do(t.Context(), write(graph.RepeatOnce), nil)
	}
	for _, end := range r.ends {
		requireNoSecret(t, fmt.Sprintf("%v %+v %#v %v", end, end, end, end.Err))
	}
	require.Len(t, r.ends, 3)
}
