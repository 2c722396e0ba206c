package pacing_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

func start(asset string) graph.TraceStart {
	return graph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{asset}, Attempt: 1}
}

// fill uses all of a quota of eight.
func fill(t *testing.T, pacer *pacing.Pacer, asset string) {
	t.Helper()
	for range 8 {
		require.NoError(t, pacer.WaitFor(t.Context(), start(asset)))
	}
}

func small() *pacing.Pacer { return pacing.New(pacing.Config{Limit: 8, Reserve: -1}) }

// TestWaitFor_KeepsOrder has forty calls come, one a second, when the quota is
// used. They go in the order in which they came.
func TestWaitFor_KeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := small()
		fill(t, pacer, "1")
		var mu sync.Mutex
		var order []int
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				if err := pacer.WaitFor(t.Context(), start("1")); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			time.Sleep(time.Second)
		}
		all.Wait()
		for i := range 40 {
			require.Equal(t, i, order[i])
		}
	})
}

// TestWaitFor_CancelledCallLeavesQueue has the first call of a queue and one in the
// middle end. The others go on.
func TestWaitFor_CancelledCallLeavesQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := small()
		fill(t, pacer, "1")
		cause := errors.New("the user closed the window")
		var all sync.WaitGroup
		var errs [10]error
		for i := range errs {
			ctx, cancel := context.WithCancelCause(t.Context())
			all.Go(func() { errs[i] = pacer.WaitFor(ctx, start("1")) })
			synctest.Wait()
			if i == 0 || i == 5 {
				time.AfterFunc(time.Duration(i+1)*time.Minute, func() { cancel(cause) })
			}
			t.Cleanup(func() { cancel(nil) })
		}
		all.Wait()
		for i, err := range errs {
			if i == 0 || i == 5 {
				require.ErrorIs(t, err, cause)
				continue
			}
			require.NoError(t, err)
		}
	})
}

// TestWaitFor_TooLate checks that a call that cannot be sent before its deadline
// ends at once, also if that is because many calls are ahead of it.
func TestWaitFor_TooLate(t *testing.T) {
	for _, tc := range []struct {
		name    string
		options pacing.Config
		timeout time.Duration
		waiting int // callers before it
		late    bool
	}{
		{"deadline before the next turn", pacing.Config{}, 30 * time.Minute, 0, true},
		{"deadline after it", pacing.Config{}, 2 * time.Hour, 0, false},
		{"deadline after the next turn, but nine are ahead", pacing.Config{}, 90 * time.Minute, 9, true},
		{"no deadline, but a longest wait", pacing.Config{MaxWait: time.Minute}, 0, 0, true},
		{"a longest wait that is long enough", pacing.Config{MaxWait: 2 * time.Hour}, 0, 0, false},
		{"the shorter of both counts", pacing.Config{MaxWait: 2 * time.Hour}, time.Minute, 0, true},
		{"never", pacing.Config{MaxWait: -1}, 0, 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tc.options.Limit, tc.options.Reserve = 8, -1
				tc.options.Budget = pacing.NewMemory(0)
				quick, patient := pacing.New(tc.options), pacing.New(pacing.Config{Limit: 8, Reserve: -1, Budget: tc.options.Budget})
				if tc.waiting > 0 {
					patient = quick
				}
				fill(t, patient, "1")
				others, stop := context.WithCancel(t.Context())
				var all sync.WaitGroup
				for range tc.waiting {
					all.Go(func() { _ = patient.WaitFor(others, start("1")) })
				}
				synctest.Wait()

				ctx := t.Context()
				if tc.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.timeout)
					defer cancel()
				}
				began := time.Now()
				err := quick.WaitFor(ctx, start("1"))
				if !tc.late {
					require.NoError(t, err)
					require.Greater(t, time.Since(began), 45*time.Minute)
				} else {
					var late *pacing.WaitError
					require.ErrorAs(t, err, &late)
					require.ErrorIs(t, err, graph.ErrThrottled)
					require.Equal(t, pacing.LimitReached, late.Reason)
					require.Equal(t, "1", late.Asset)
					require.GreaterOrEqual(t, late.RetryAfter(), 45*time.Minute)
					require.Zero(t, time.Since(began))
				}
				stop()
				all.Wait()
			})
		})
	}
}

// TestWaitFor_CancelledContext checks that a call with an ended context is not let
// go, even if the quota is not used.
func TestWaitFor_CancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pacer := pacing.New(pacing.Config{})
	require.ErrorIs(t, pacer.WaitFor(ctx, start("1")), context.Canceled)
	err := pacer.Wait(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
}
