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

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

func start(asset string) wagraph.TraceStart {
	return wagraph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{asset}, Attempt: 1}
}

// fill uses a quota of eight up to the wall.
func fill(t *testing.T, pacer *pacing.Pacer, asset string) {
	t.Helper()
	for range 8 {
		require.NoError(t, pacer.WaitFor(t.Context(), start(asset)))
	}
}

func small() *pacing.Pacer { return pacing.New(pacing.Options{Limit: 8, Reserve: -1}) }

// TestFirstComeFirstServed has forty callers come a second apart to a quota that
// is used, and go in the order in which they came.
func TestFirstComeFirstServed(t *testing.T) {
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

// TestOneWhoLeavesHoldsNobodyUp: the first and one in the middle give up.
func TestOneWhoLeavesHoldsNobodyUp(t *testing.T) {
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

// TestTooLateIsSaidAtOnce: a call whose turn is after its deadline does not wait
// for the deadline, nor does one that stands too far back in the line.
func TestTooLateIsSaidAtOnce(t *testing.T) {
	for _, tc := range []struct {
		name    string
		options pacing.Options
		timeout time.Duration
		waiting int // callers before it
		late    bool
	}{
		{"deadline before the next turn", pacing.Options{}, 30 * time.Minute, 0, true},
		{"deadline after it", pacing.Options{}, 2 * time.Hour, 0, false},
		{"deadline after the next turn, but nine are ahead", pacing.Options{}, 90 * time.Minute, 9, true},
		{"no deadline, but a longest wait", pacing.Options{MaxWait: time.Minute}, 0, 0, true},
		{"a longest wait that is long enough", pacing.Options{MaxWait: 2 * time.Hour}, 0, 0, false},
		{"the shorter of both counts", pacing.Options{MaxWait: 2 * time.Hour}, time.Minute, 0, true},
		{"never", pacing.Options{MaxWait: -1}, 0, 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tc.options.Limit, tc.options.Reserve = 8, -1
				tc.options.Budget = pacing.NewMemory(0)
				quick, patient := pacing.New(tc.options), pacing.New(pacing.Options{Limit: 8, Reserve: -1, Budget: tc.options.Budget})
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
					require.ErrorIs(t, err, wagraph.ErrThrottled)
					require.Equal(t, pacing.Wall, late.Reason)
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

// TestErrorsTellWhatToExpect reads the texts.
func TestErrorsTellWhatToExpect(t *testing.T) {
	for want, err := range map[string]pacing.WaitError{
		"pacing: the quota of 102290129340398 is used (196 of 200 calls): there is room in 31m0s, which is longer than the call may wait": {
			Asset: "102290129340398", Reason: pacing.Wall, Wait: 31 * time.Minute, Used: 196, Limit: 200},
		"pacing: the quota of 7 is nearly used (150 of 200 calls), so calls are spaced: this one's turn is in 17.5s, which is longer than it may wait": {
			Asset: "7", Reason: pacing.Spacing, Wait: 17500 * time.Millisecond, Used: 150, Limit: 200},
		"pacing: Meta blocks the app's quota for another 4m0s, which is longer than the call may wait": {
			Reason: pacing.Block, Wait: 4 * time.Minute},
	} {
		require.EqualError(t, &err, want)
	}
}

// TestBudgetFailuresEndTheCall, and are named.
func TestBudgetFailuresEndTheCall(t *testing.T) {
	broken := errors.New("disk full")
	pacer := pacing.New(pacing.Options{Budget: failing{broken}})
	require.ErrorIs(t, pacer.WaitFor(t.Context(), start("1")), broken)
	require.ErrorIs(t, pacer.Wait(t.Context()), broken)
	_, err := pacer.Standing(t.Context(), "1")
	require.ErrorIs(t, err, broken)
	pacer.Observe(wagraph.TraceEnd{TraceStart: start("1"), Status: http.StatusOK})
}

type failing struct{ err error }

func (f failing) Update(context.Context, string, func(*pacing.Ledger)) error { return f.err }

// TestCancelledCallsDoNotGo, even when there is room.
func TestCancelledCallsDoNotGo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pacer := pacing.New(pacing.Options{})
	require.ErrorIs(t, pacer.WaitFor(ctx, start("1")), context.Canceled)
	require.ErrorIs(t, pacer.Wait(ctx), context.Canceled)
}

// TestRace has many goroutines use everything at once; the race detector looks.
func TestRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := pacing.NewMemory(3)
		pacers := []*pacing.Pacer{
			pacing.New(pacing.Options{Budget: budget, Limit: 40, Window: time.Minute}),
			pacing.New(pacing.Options{Budget: budget, Limit: 40, Window: time.Minute}),
		}
		assets := []string{"1", "2", "3", "4", "5"}
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				pacer := pacers[i%2]
				for n := range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+i)*time.Second)
					call := start(assets[(i+n)%len(assets)])
					if n%3 == 0 {
						call.Route = "/{phone-number-id}"
					}
					if err := pacer.WaitFor(ctx, call); err == nil {
						time.Sleep(50 * time.Millisecond)
						pacer.Observe(wagraph.TraceEnd{TraceStart: call, Status: http.StatusOK, Duration: 50 * time.Millisecond})
					}
					_, err := pacer.Standing(ctx, call.IDs[0])
					if err != nil {
						t.Error(err)
					}
					cancel()
				}
			})
		}
		all.Wait()
	})
}
