package pacing_test

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

var (
	_ encoding.BinaryMarshaler   = (*pacing.Quota)(nil)
	_ encoding.BinaryUnmarshaler = (*pacing.Quota)(nil)
)

// TestMemory_DeletesIdle checks that after an hour nothing is left of an account
// that is not called.
func TestMemory_DeletesIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := pacing.NewMemory(0)
		pacer := pacing.New(pacing.Config{Budget: budget})
		for i := range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(i+1))))
		}
		require.GreaterOrEqual(t, budget.Len(), 1000)
		time.Sleep(61 * time.Minute)
		for range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start("7")))
			time.Sleep(30 * time.Second)
		}
		require.LessOrEqual(t, budget.Len(), 2)
	})
}

// TestMemory_KeepsBlocked checks that a block is not forgotten, however many other
// accounts there are.
func TestMemory_KeepsBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		asset := string(server.World().OwnedWABAs[0])
		budget := pacing.NewMemory(10)
		pacer := pacing.New(pacing.Config{Budget: budget})
		server.Throttle("GET /{waba-id}", 1, 5*time.Hour)
		require.ErrorIs(t, caller(server, pacer).Do(t.Context(), get("/{waba-id}", asset), nil), graph.ErrThrottled)
		for i := range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(i+1))))
		}
		require.LessOrEqual(t, budget.Len(), 12)
		time.Sleep(2 * time.Hour)
		for i := range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(i+1))))
		}
		usage, err := pacer.Usage(t.Context(), asset)
		require.NoError(t, err)
		require.Equal(t, 3*time.Hour, time.Until(usage.BlockedUntil).Round(time.Minute))
	})
}

// TestMemory_Size measures the memory of 100,000 accounts with two calls each.
func TestMemory_Size(t *testing.T) {
	const accounts = 100_000
	budget := pacing.NewMemory(accounts)
	pacer := pacing.New(pacing.Config{Budget: budget})
	before := heap()
	for i := range accounts {
		for range 2 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(int64(102290129340398)+int64(i)))))
		}
	}
	bytes := heap() - before
	t.Logf("%d accounts: %.1f MiB, %d bytes each", budget.Len(), float64(bytes)/(1<<20), bytes/accounts)
	require.LessOrEqual(t, bytes, uint64(64<<20))
	require.Equal(t, accounts, budget.Len())
	for i := range 1000 {
		require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(1+i))))
	}
	require.LessOrEqual(t, budget.Len(), accounts, "not more than it was made for")
	runtime.KeepAlive(budget)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestBudget_Failure checks that a failing Budget ends the call, and that its error
// can be found.
func TestBudget_Failure(t *testing.T) {
	broken := errors.New("disk full")
	pacer := pacing.New(pacing.Config{Budget: failing{broken}})
	err := pacer.WaitFor(t.Context(), start("1"))
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, err, pacing.ErrBudget)
	require.Equal(t, graph.ErrTransient, graph.KindOf(err))
	require.EqualError(t, err, "pacing: the budget failed: disk full")
	require.ErrorIs(t, pacer.Wait(t.Context()), broken)
	_, err = pacer.Usage(t.Context(), "1")
	require.ErrorIs(t, err, broken)
	pacer.Observe(graph.TraceEnd{TraceStart: start("1"), Status: http.StatusOK})
}

// TestBudget_FailureThroughClient checks what a client returns.
func TestBudget_FailureThroughClient(t *testing.T) {
	broken := errors.New("disk full")
	server := graphtest.New(t)
	client := caller(server, pacing.New(pacing.Config{Budget: failing{broken}}))
	err := client.Do(t.Context(), read(server.World().OwnedWABAs[0]), nil)
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, err, pacing.ErrBudget)
	require.Empty(t, server.Calls())
}

type failing struct{ err error }

func (f failing) Update(context.Context, string, func(*pacing.Quota)) error { return f.err }

// budgetFunc is a Budget made of a function.
type budgetFunc func(change func(*pacing.Quota)) error

func (f budgetFunc) Update(_ context.Context, _ string, change func(*pacing.Quota)) error {
	return f(change)
}

// TestBudget_Broken checks that a Budget that panics, or that does not do what the
// interface says, ends the call with an error.
func TestBudget_Broken(t *testing.T) {
	for _, tc := range []struct {
		name   string
		budget pacing.Budget
		kind   graph.Kind
		text   string
	}{
		{"panics", budgetFunc(func(func(*pacing.Quota)) error { panic("no database") }), graph.ErrPanicked, "Budget.Update panicked: no database"},
		{"passes nil", budgetFunc(func(change func(*pacing.Quota)) error { change(nil); return nil }), graph.ErrPanicked, "Budget.Update panicked"},
		{"does not run the change", budgetFunc(func(func(*pacing.Quota)) error { return nil }), graph.ErrTransient, "did not run the change"},
		{"is a nil Memory", (*pacing.Memory)(nil), graph.ErrInput, "pacing.NewMemory makes one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			pacer := pacing.New(pacing.Config{Budget: tc.budget})
			_, err := pacer.Usage(t.Context(), "1")
			for _, err := range []error{pacer.WaitFor(t.Context(), start("1")), pacer.Wait(t.Context()), err} {
				require.ErrorIs(t, err, pacing.ErrBudget)
				require.ErrorContains(t, err, tc.text)
				require.Equal(t, tc.kind, graph.KindOf(err))
			}
			pacer.Observe(graph.TraceEnd{TraceStart: start("1"), Status: http.StatusOK})
		})
	}
}

// TestBudget_ContextEnds checks the kind of the error when the context ends while
// the Budget works.
func TestBudget_ContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pacer := pacing.New(pacing.Config{Budget: budgetFunc(func(func(*pacing.Quota)) error { cancel(); return context.Canceled })})
	err := pacer.WaitFor(ctx, start("1"))
	require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
	require.ErrorIs(t, err, context.Canceled)
}

// TestMemory_ZeroAndNil checks that the zero Memory works, and that nil arguments
// end in an InputError.
func TestMemory_ZeroAndNil(t *testing.T) {
	memory := new(pacing.Memory)
	pacer := pacing.New(pacing.Config{Budget: memory})
	for i := range 100 {
		require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(1+i))))
	}
	require.GreaterOrEqual(t, memory.Len(), 100)
	var none context.Context
	requireInput(t, "context is nil", memory.Update(none, "1", func(*pacing.Quota) {}), "context")
	requireInput(t, "change is nil", memory.Update(t.Context(), "1", nil), "change")
	requireInput(t, "pacing.NewMemory makes one", (*pacing.Memory)(nil).Update(t.Context(), "1", func(*pacing.Quota) {}), "memory")
}

// TestQuota_Nil checks that the methods of a nil Quota do not panic.
func TestQuota_Nil(t *testing.T) {
	var q *pacing.Quota
	require.True(t, q.Idle(time.Now()))
	_, err := q.MarshalBinary()
	requireInput(t, "quota is nil", err, "MarshalBinary")
	requireInput(t, "quota is nil", q.UnmarshalBinary(nil), "UnmarshalBinary")
}
