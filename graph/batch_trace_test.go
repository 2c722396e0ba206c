package graph_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// watcher is a tracer and a pacer that records its calls. It holds the calls of
// some ids back.
type watcher struct {
	mu              sync.Mutex
	asked, started  []graph.TraceStart
	observed, ended []graph.TraceEnd
	keepBack        []string
	waits           int // through Wait, which must not be used
}

var errKeptBack = errors.New("the quota of this account is used up")

func (w *watcher) Wait(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waits++
	return nil
}

func (w *watcher) WaitFor(_ context.Context, call graph.TraceStart) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, call)
	if len(call.IDs) > 0 && slices.Contains(w.keepBack, call.IDs[0]) {
		return errKeptBack
	}
	return nil
}

func (w *watcher) Observe(end graph.TraceEnd) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.observed = append(w.observed, end)
}

func (w *watcher) TraceStart(ctx context.Context, start graph.TraceStart) context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started = append(w.started, start)
	return ctx
}

func (w *watcher) TraceEnd(_ context.Context, end graph.TraceEnd) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = append(w.ended, end)
}

// calls returns route, id and attempt of the calls that are part of a request.
func calls(starts []graph.TraceStart) []string {
	var list []string
	for _, s := range starts {
		if s.Batched {
			list = append(list, s.Route+" "+strings.Join(s.IDs, ",")+" "+string(rune('0'+s.Attempt)))
		}
	}
	slices.Sort(list)
	return list
}

func startsOf(ends []graph.TraceEnd) []graph.TraceStart {
	var list []graph.TraceStart
	for _, e := range ends {
		list = append(list, e.TraceStart)
	}
	return list
}

// balanced requires that every call that was begun was also ended, for the tracer
// and for the pacer.
func (w *watcher) balanced(t *testing.T) {
	t.Helper()
	require.Equal(t, calls(w.started), calls(startsOf(w.ended)))
	require.Equal(t, calls(w.started), calls(startsOf(w.observed)))
	require.Zero(t, w.waits)
}

// The pacer is asked once for each attempt of each op, and the tracer sees each
// with the usage of its own account.
func TestBatch_OpsArePacedAndTraced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		ids := server.World().ClientWABAs
		server.Once(routeAccount, graphtest.Fault{NullOp: true})
		w := &watcher{}
		batch := graph.NewBatch(server.Client(graph.WithPacer(w), graph.WithTracer(w)))
		for _, id := range ids {
			graph.Add(batch, waba.GetOp(id))
		}
		wrong := graph.Add(batch, waba.GetOp("x"))
		require.NoError(t, batch.Send(t.Context()))
		require.Error(t, wrong.Err)

		want := []string{"/{waba-id} " + string(ids[0]) + " 2"}
		for _, id := range ids {
			want = append(want, "/{waba-id} "+string(id)+" 1")
		}
		slices.Sort(want)
		require.Equal(t, want, calls(w.asked))
		require.Len(t, w.asked, len(ids)+1, "the batch itself is not asked for: its ops are")
		require.Equal(t, want, calls(w.started))
		w.balanced(t)
		require.Len(t, w.started, len(ids)+1+2, "the two requests are traced besides")

		for _, end := range w.ended {
			switch {
			case !end.Batched:
				require.Equal(t, "POST /", end.Method+" "+end.Route)
			case end.Err != nil:
				require.Equal(t, string(ids[0]), end.IDs[0])
				require.True(t, end.Retry)
				require.Positive(t, end.Wait)
			default:
				require.Equal(t, 200, end.Status)
				require.Equal(t, "v25.0", end.AnsweredVersion)
				require.NotEmpty(t, end.TraceID)
				require.Len(t, end.Usage().Assets, 1)
				require.Equal(t, end.IDs[0], end.Usage().Assets[0].Asset)
			}
		}
	})
}

// A pacer that holds one op back does not hold back the others.
func TestBatch_PacerHoldsOneOpBack(t *testing.T) {
	server := graphtest.New(t)
	ids := server.World().ClientWABAs
	w := &watcher{keepBack: []string{string(ids[1])}}
	batch := graph.NewBatch(server.Client(graph.WithPacer(w), graph.WithTracer(w)))
	var results []*graph.Result[waba.Account]
	for _, id := range ids {
		results = append(results, graph.Add(batch, waba.GetOp(id)))
	}
	require.NoError(t, batch.Send(t.Context()))
	for i, r := range results {
		if i != 1 {
			require.NoError(t, r.Err)
			require.Equal(t, ids[i], r.Value.ID)
			continue
		}
		e := graphErrorOf(t, r.Err)
		require.Equal(t, graph.ErrTransient, e.Kind)
		require.ErrorIs(t, r.Err, errKeptBack)
		require.Equal(t, []string{string(ids[1])}, e.IDs)
		require.Zero(t, e.Attempts)
	}
	require.Len(t, callsOf(server, routeAccount), len(ids)-1)
	w.balanced(t)

	w.keepBack = []string{string(ids[0])}
	alone := graph.NewBatch(server.Client(graph.WithPacer(w)))
	only := graph.Add(alone, waba.GetOp(ids[0]))
	require.NoError(t, alone.Send(t.Context()))
	require.ErrorIs(t, only.Err, errKeptBack)
	require.Equal(t, 1, batches(server), "an empty batch is not sent")
}

// Each op that was begun is ended, however the batch ends.
func TestBatch_TracesAreBalanced(t *testing.T) {
	for name, fault := range map[string]graphtest.Fault{
		"answered": {}, "lost": {LoseReply: true}, "refused": {Code: 190}, "throttled": {Code: 4}, "no JSON": {Body: []byte("OK")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				server.Once(routeBatch, fault)
				server.Times(routeAccount, 2, graphtest.Fault{NullOp: true})
				w := &watcher{}
				m := newMixed(server, true, graph.WithPacer(w), graph.WithTracer(w))
				require.NoError(t, m.batch.Send(t.Context()))
				w.balanced(t)
				require.GreaterOrEqual(t, len(calls(w.started)), 4)
			})
		})
	}
}

// A plain pacer, such as a rate limiter, is asked for each op too.
func TestBatch_PlainPacer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		limiter := &everySecond{}
		batch := graph.NewBatch(server.Client(graph.WithPacer(limiter)))
		for _, id := range server.World().ClientWABAs {
			graph.Add(batch, waba.GetOp(id))
		}
		start := time.Now()
		require.NoError(t, batch.Send(t.Context()))
		require.Equal(t, 4, limiter.n)
		require.Equal(t, 4*time.Second, time.Since(start))
	})
}

type everySecond struct{ n int }

func (l *everySecond) Wait(context.Context) error {
	l.n++
	time.Sleep(time.Second)
	return nil
}
