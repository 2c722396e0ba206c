package graph_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// slowWorld lists 44 accounts over a wire on which every page takes a second.
func slowWorld(t *testing.T, opts ...graphtest.Option) *graphtest.Server {
	t.Helper()
	server := graphtest.New(t, append(opts, graphtest.WithClients(40, 0))...)
	server.Control(routeClients, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
	return server
}

func clientsOf(server *graphtest.Server, q waba.Query) *graph.List[waba.Account] {
	return waba.New(server.Client()).Clients(server.World().Business, q)
}

// With Prefetch the next page is read while the loop works on this one.
func TestList_PrefetchOverlapsWithTheLoop(t *testing.T) {
	for name, tt := range map[string]struct {
		prefetch bool
		want     time.Duration
	}{
		"without": {false, 22 * time.Second}, // 11 pages of 1 s, each worked on for 1 s
		"with":    {true, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := slowWorld(t)
				start := time.Now()
				n := 0
				for page, err := range clientsOf(server, waba.Query{PageSize: 4, Prefetch: tt.prefetch}).Pages(t.Context(), "") {
					require.NoError(t, err)
					n += len(page.Items)
					time.Sleep(time.Second) // the loop's work, in the bubble's time
				}
				require.Equal(t, 44, n)
				require.Equal(t, tt.want, time.Since(start))
			})
		})
	}
}

// Prefetch stays one page ahead, however long the loop takes.
func TestList_PrefetchIsOnePageAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := slowWorld(t)
		pages := 0
		for _, err := range clientsOf(server, waba.Query{PageSize: 4, Prefetch: true}).Pages(t.Context(), "") {
			require.NoError(t, err)
			pages++
			time.Sleep(time.Hour)
			require.Len(t, server.Calls(), min(pages+1, 11))
		}
		require.Equal(t, 11, pages)
	})
}

// Prefetch ends with the loop: the request for the next page is cancelled, and no
// goroutine is left. synctest fails on one that is.
func TestList_PrefetchStopsWithTheLoop(t *testing.T) {
	for name, pause := range map[string]time.Duration{
		"while the next page is read": 0, "after it was read": time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := slowWorld(t)
				for _, err := range clientsOf(server, waba.Query{PageSize: 4, Prefetch: true}).Pages(t.Context(), "") {
					require.NoError(t, err)
					time.Sleep(pause)
					break
				}
				start := time.Now()
				synctest.Wait()
				require.Zero(t, time.Since(start))
				require.LessOrEqual(t, len(server.Calls()), 2)
			})
		})
	}
}

// A panic in the loop's body leaves no goroutine either.
func TestList_PrefetchStopsWithAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := slowWorld(t)
		require.PanicsWithValue(t, "the loop's own", func() {
			for _, err := range clientsOf(server, waba.Query{PageSize: 4, Prefetch: true}).All(t.Context()) {
				if err == nil {
					panic("the loop's own")
				}
			}
		})
	})
}

// The loop gets the end of the context as an error: a list that only stopped would
// look complete.
func TestList_PrefetchEndsWithTheContext(t *testing.T) {
	for name, tt := range map[string]struct {
		work  time.Duration // on each page
		pages int           // until the context ends, after 2.5 s
	}{
		"on the way":        {0, 2},
		"in the loop":       {10 * time.Second, 2}, // the page that had come is given out, the one behind it fails
		"before the second": {1500 * time.Millisecond, 2},
	} {
		for _, prefetch := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := slowWorld(t)
					ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
					defer cancel()
					pages := 0
					var failed error
					for _, err := range clientsOf(server, waba.Query{PageSize: 4, Prefetch: prefetch}).Pages(ctx, "") {
						if failed = err; err != nil {
							continue
						}
						pages++
						time.Sleep(tt.work)
					}
					require.ErrorIs(t, failed, context.DeadlineExceeded)
					require.Equal(t, graph.ErrInterrupted, graph.KindOf(failed))
					require.LessOrEqual(t, pages, tt.pages)
				})
			})
		}
	}
}

// A context that ended before is an error too, and nothing is sent.
func TestList_EndedContext(t *testing.T) {
	for _, prefetch := range []bool{false, true} {
		server := graphtest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		n := 0
		for _, err := range clientsOf(server, waba.Query{Prefetch: prefetch}).All(ctx) {
			n++
			require.ErrorIs(t, err, context.Canceled)
		}
		require.Equal(t, 1, n)
		require.Empty(t, server.Calls())
	}
}

// The caller's context values reach the tracer, and prefetching does not end the
// caller's context.
func TestList_PrefetchKeepsTheCallersContext(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(10, 0))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err := range clientsOf(server, waba.Query{PageSize: 2, Prefetch: true}).All(ctx) {
		require.NoError(t, err)
		break
	}
	require.NoError(t, ctx.Err())
}
