package graph_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const (
	routeAccount   = "GET /{waba-id}"
	routeSubscribe = "POST /{waba-id}/subscribed_apps"
	routeAssign    = "POST /{waba-id}/assigned_users"
)

// mixed is a batch with one op of every kind of Repeat: a read, a write that may
// always be repeated, a write that may not, and a call that is made once.
type mixed struct {
	batch               *graph.Batch
	read                *graph.Result[waba.Account]
	always, write, once *graph.Result[graph.Success]
}

func newMixed(server *graphtest.Server, withOnce bool, opts ...graph.Option) mixed {
	w := server.World()
	m := mixed{batch: graph.NewBatch(server.Client(opts...))}
	m.read = graph.Add(m.batch, waba.GetOp(w.ClientWABAs[0]))
	m.always = graph.Add(m.batch, waba.SubscribeOp(w.ClientWABAs[1]))
	write := waba.AssignOp(w.ClientWABAs[2], w.Employee.ID, waba.TaskManage)
	write.Request.Repeat = graph.RepeatAuto
	m.write = graph.Add(m.batch, write)
	if withOnce {
		once := waba.AssignOp(w.ClientWABAs[3], w.Employee.ID, waba.TaskManage)
		once.Request.Repeat = graph.RepeatOnce
		m.once = graph.Add(m.batch, once)
	}
	return m
}

// batches counts the requests, without the ops in them.
func batches(server *graphtest.Server) int { return len(callsOf(server, routeBatch)) }

// Null means that Meta did not reach the op, or did not wait for its answer. A read
// is sent again; the outcome of a write is unknown.
func TestBatch_NullOpsAreSentAgain(t *testing.T) {
	for name, effect := range map[string]bool{"not done": false, "done": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				w := server.World()
				for _, route := range []string{routeAccount, routeSubscribe} {
					server.Once(route, graphtest.Fault{NullOp: true, After: effect})
				}
				server.Times(routeAssign, 2, graphtest.Fault{NullOp: true, After: effect})
				m := newMixed(server, true)
				require.NoError(t, m.batch.Send(t.Context()))

				require.NoError(t, m.read.Err)
				require.Equal(t, w.ClientWABAs[0], m.read.Value.ID)
				require.NoError(t, m.always.Err)
				require.Contains(t, server.Subscribers(w.ClientWABAs[1]), w.App)
				for _, err := range []error{m.write.Err, m.once.Err} {
					e := graphErrorOf(t, err)
					require.Equal(t, graph.ErrOutcomeUnknown, e.Kind)
					require.ErrorContains(t, err, "ran out of time")
					require.ErrorContains(t, err, "look before doing it again")
					require.Equal(t, 1, e.Attempts)
				}
				require.Equal(t, effect, len(server.Assigned(w.ClientWABAs[2])) == 1)
				require.Len(t, callsOf(server, routeAssign), 2, "neither was sent again")
				require.Equal(t, 2, batches(server))
				require.Len(t, callsOf(server, routeAccount), 2)
			})
		})
	}
}

// An op that is never answered has as many attempts as a call.
func TestBatch_OpThatIsNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Times(routeAccount, 100, graphtest.Fault{NullOp: true})
		m := newMixed(server, false, graph.WithRetry(graph.RetryPolicy{MaxAttempts: 3}))
		require.NoError(t, m.batch.Send(t.Context()))
		e := graphErrorOf(t, m.read.Err)
		require.Equal(t, graph.ErrTransient, e.Kind)
		require.Equal(t, 3, e.Attempts)
		require.Zero(t, m.read.Value)
		require.Len(t, callsOf(server, routeAccount), 3)
		require.NoError(t, m.write.Err)
		require.Len(t, callsOf(server, routeAssign), 1, "those that were answered are not sent again")
	})
}

// The whole answer is lost after the ops took effect: reads are sent again and
// writes only if they may be.
func TestBatch_LostAnswer(t *testing.T) {
	for name, fault := range map[string]graphtest.Fault{
		"lost":            {LoseReply: true},
		"cut off":         {CutBody: 100},
		"a gateway's 502": {After: true, Status: 502, Body: []byte("<html>Bad gateway</html>"), ContentType: "text/html"},
		"Meta's code 2":   {After: true, Code: 2, Message: "Service temporarily unavailable"},
		"no JSON":         {After: true, Body: []byte("OK")},
		"another shape":   {After: true, Body: []byte(`{"success":true}`)},
		"nothing":         {After: true, Body: []byte(" ")},
		"null":            {After: true, Body: []byte("null")},
		"too few":         {After: true, Body: []byte(`[{"code":200,"body":"{\"success\":true}"}]`)},
		"too many":        {After: true, Body: []byte(`[null,null,null,null,null,null]`)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				w := server.World()
				server.Once(routeBatch, fault)
				m := newMixed(server, true)
				require.NoError(t, m.batch.Send(t.Context()))

				require.NoError(t, m.read.Err)
				require.Equal(t, w.ClientWABAs[0], m.read.Value.ID)
				require.NoError(t, m.always.Err)
				for i, err := range []error{m.write.Err, m.once.Err} {
					e := graphErrorOf(t, err)
					require.Equal(t, graph.ErrOutcomeUnknown, e.Kind, err)
					require.Equal(t, "/{waba-id}/assigned_users", e.Route)
					require.Equal(t, []string{string(w.ClientWABAs[2+i])}, e.IDs)
					require.Len(t, server.Assigned(w.ClientWABAs[2+i]), 1, "it had been done")
				}
				require.Equal(t, 2, batches(server))
				require.Len(t, callsOf(server, routeAssign), 2)
			})
		})
	}
}

// A read whose batch is lost in every attempt has the kind of a read: it changed
// nothing.
func TestBatch_EveryAnswerLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Times(routeBatch, 100, graphtest.Fault{LoseReply: true})
		m := newMixed(server, false)
		require.NoError(t, m.batch.Send(t.Context()))
		e := graphErrorOf(t, m.read.Err)
		require.Equal(t, graph.ErrTransient, e.Kind)
		require.NotErrorIs(t, m.read.Err, graph.ErrOutcomeUnknown)
		require.Equal(t, 4, e.Attempts)
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(m.write.Err))
		require.Equal(t, graph.ErrTransient, graph.KindOf(m.always.Err), "it may be made again without harm")
		require.Len(t, callsOf(server, routeAssign), 1)
		require.Equal(t, 4, batches(server))
	})
}

// A batch that was not sent changed nothing: none of its writes has an unknown
// outcome.
func TestBatch_NothingSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, withOnce := range []bool{false, true} {
			server := graphtest.New(t)
			w := newWire(fails(errDial))
			m := newMixed(server, withOnce, graph.WithHTTPClient(&http.Client{Transport: w}))
			require.NoError(t, m.batch.Send(t.Context()))
			errs := []error{m.read.Err, m.always.Err, m.write.Err}
			want := 4
			if withOnce {
				errs, want = append(errs, m.once.Err), 1
			}
			for _, err := range errs {
				require.Equal(t, graph.ErrTransient, graph.KindOf(err), err)
				require.NotErrorIs(t, err, graph.ErrOutcomeUnknown)
				require.ErrorContains(t, err, "nothing was sent")
			}
			require.Equal(t, want, w.count())
			require.Equal(t, []string{string(server.World().ClientWABAs[2])}, graphErrorOf(t, m.write.Err).IDs)
		}
	})
}

// If the batch is refused as a whole, no op was done: each has that error, with its
// own route.
func TestBatch_RefusedAsAWhole(t *testing.T) {
	for name, tt := range map[string]struct {
		fault graphtest.Fault
		want  graph.Kind
	}{
		"an expired token": {graphtest.Fault{Code: 190, Subcode: 463}, graph.ErrAuth},
		"no permission":    {graphtest.Fault{Code: 200}, graph.ErrPermission},
		"too much":         {graphtest.Fault{Code: 1, Message: "Please reduce the amount of data you're asking for"}, graph.ErrTooMuchData},
		"a redirect":       {graphtest.Fault{Redirect: "https://evil.example/"}, graph.ErrBadResponse},
		"a long throttle":  {graphtest.Fault{Code: 4, RegainAfter: time.Hour}, graph.ErrThrottled},
		"an unknown error": {graphtest.Fault{Code: 987654}, graph.ErrUnclassified},
	} {
		t.Run(name, func(t *testing.T) {
			server := graphtest.New(t)
			server.Once(routeBatch, tt.fault)
			m := newMixed(server, true)
			require.NoError(t, m.batch.Send(t.Context()))
			for _, err := range []error{m.read.Err, m.always.Err, m.write.Err, m.once.Err} {
				require.Equal(t, tt.want, graph.KindOf(err))
			}
			e := graphErrorOf(t, m.once.Err)
			require.Equal(t, "/{waba-id}/assigned_users", e.Route)
			require.Equal(t, []string{string(server.World().ClientWABAs[3])}, e.IDs)
			require.Equal(t, tt.fault.RegainAfter, e.RetryAfter)
			require.Equal(t, 1, batches(server))
			require.Empty(t, callsOf(server, routeAssign))
		})
	}
}

// Only the op that is throttled is sent again, after the wait that Meta named.
func TestBatch_ThrottledOpIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Throttle(routeAssign, 1, 2*time.Minute)
		m := newMixed(server, false, graph.WithRetry(graph.RetryPolicy{MaxThrottleWait: 5 * time.Minute}))
		start := time.Now()
		require.NoError(t, m.batch.Send(t.Context()))
		require.NoError(t, m.write.Err)
		require.GreaterOrEqual(t, time.Since(start), 2*time.Minute)
		require.Less(t, time.Since(start), 2*time.Minute+2*time.Second)
		require.Len(t, callsOf(server, routeAccount), 1)
		require.Len(t, callsOf(server, routeAssign), 2)
		require.Len(t, server.Assigned(server.World().ClientWABAs[2]), 1)
	})
}

// A wait that is too long is returned at once with the op; the others are done.
func TestBatch_LongThrottleIsReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Throttle(routeAssign, 2, 2*time.Minute)
		start := time.Now()
		m := newMixed(server, true)
		require.NoError(t, m.batch.Send(t.Context()))
		require.Zero(t, time.Since(start))
		for _, err := range []error{m.write.Err, m.once.Err} {
			e := graphErrorOf(t, err)
			require.Equal(t, graph.ErrThrottled, e.Kind)
			require.Equal(t, 2*time.Minute, e.RetryAfter)
		}
		require.NoError(t, m.read.Err)
		require.NoError(t, m.always.Err)
	})
}

// A batch with a RepeatOnce op in it is sent once, also after a throttle.
func TestBatch_RepeatOnceOpMakesItOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		server.Once(routeBatch, graphtest.Fault{Code: 4})
		m := newMixed(server, true)
		require.NoError(t, m.batch.Send(t.Context()))
		require.Equal(t, graph.ErrThrottled, graph.KindOf(m.once.Err))
		require.Equal(t, 1, batches(server))

		server.Once(routeBatch, graphtest.Fault{Code: 4})
		m = newMixed(server, false)
		require.NoError(t, m.batch.Send(t.Context()))
		require.NoError(t, m.write.Err, "without one it is repeated as a whole")
		require.Equal(t, 3, batches(server))
	})
}

// The context ends while the batch is sent: a read was interrupted, a write may
// have been done.
func TestBatch_ContextEndsInAttempt(t *testing.T) {
	for name, fault := range map[string]graphtest.Fault{
		"before the effect": {Delay: time.Minute}, "behind it": {Delay: time.Minute, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				server.Once(routeBatch, fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				m := newMixed(server, false)
				require.NoError(t, m.batch.Send(ctx))
				require.Equal(t, graph.ErrInterrupted, graph.KindOf(m.read.Err), m.read.Err)
				require.NotErrorIs(t, m.read.Err, graph.ErrOutcomeUnknown)
				require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(m.write.Err))
				for _, err := range []error{m.read.Err, m.always.Err, m.write.Err} {
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
				require.Equal(t, 1, batches(server))
			})
		})
	}
}

// The context ends during the wait for another attempt: the op keeps the error
// that made it necessary.
func TestBatch_ContextEndsInWait(t *testing.T) {
	for name, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(10*time.Second, cancel)
			return ctx, cancel
		},
		"a deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 10*time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				server.Throttle(routeAssign, 9, time.Minute)
				ctx, cancel := end(t.Context())
				defer cancel()
				m := newMixed(server, false, graph.WithRetry(graph.RetryPolicy{MaxThrottleWait: time.Hour}))
				require.NoError(t, m.batch.Send(ctx))
				e := graphErrorOf(t, m.write.Err)
				require.Equal(t, graph.ErrThrottled, e.Kind)
				require.Equal(t, time.Minute, e.RetryAfter)
				require.Equal(t, 1, e.Attempts)
				if name == "cancelled" {
					require.ErrorIs(t, m.write.Err, context.Canceled)
				}
				require.NoError(t, m.read.Err)
			})
		})
	}
}
