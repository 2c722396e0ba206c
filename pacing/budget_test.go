package pacing_test

import (
	"encoding"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
)

var (
	_ encoding.BinaryMarshaler   = (*pacing.Ledger)(nil)
	_ encoding.BinaryUnmarshaler = (*pacing.Ledger)(nil)
)

// TestIdleAccountsAreForgotten: after an hour nothing of them is left.
func TestIdleAccountsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := pacing.NewMemory(0)
		pacer := pacing.New(pacing.Options{Budget: budget})
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

// TestBlockedAccountsAreNotForgotten, however many others there are.
func TestBlockedAccountsAreNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		asset := string(server.World().OwnedWABAs[0])
		budget := pacing.NewMemory(10)
		pacer := pacing.New(pacing.Options{Budget: budget})
		server.Throttle("GET /{waba-id}", 1, 5*time.Hour)
		require.ErrorIs(t, caller(server, pacer).Do(t.Context(), get("/{waba-id}", asset), nil), wagraph.ErrThrottled)
		for i := range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(i+1))))
		}
		require.LessOrEqual(t, budget.Len(), 12)
		time.Sleep(2 * time.Hour)
		for i := range 1000 {
			require.NoError(t, pacer.WaitFor(t.Context(), start(fmt.Sprint(i+1))))
		}
		standing, err := pacer.Standing(t.Context(), asset)
		require.NoError(t, err)
		require.Equal(t, 3*time.Hour, time.Until(standing.BlockedUntil).Round(time.Minute))
	})
}

// TestMemoryOfManyAccounts measures what 100,000 accounts with two calls take.
func TestMemoryOfManyAccounts(t *testing.T) {
	const accounts = 100_000
	budget := pacing.NewMemory(accounts)
	pacer := pacing.New(pacing.Options{Budget: budget})
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
	require.LessOrEqual(t, budget.Len(), accounts, "no more than it was told to keep")
	runtime.KeepAlive(budget)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
