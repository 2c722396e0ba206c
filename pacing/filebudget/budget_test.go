package filebudget_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
	"github.com/seed-8fdceacd/wagraph/pacing/filebudget"
)

func open(tb testing.TB, dir string) *filebudget.Budget {
	tb.Helper()
	budget, err := filebudget.Open(dir)
	require.NoError(tb, err)
	return budget
}

func ledgers(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*.ledger"))
	require.NoError(t, err)
	return names
}

// TestAnHourThroughFiles: four clients with Budgets of their own, of one
// directory, through two hours.
func TestAnHourThroughFiles(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		number, _ := server.Number(server.World().Pending)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		for range 4 {
			client := server.Client(
				wagraph.WithPacer(pacing.New(pacing.Options{Budget: open(t, dir)})),
				wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: -1}))
			all.Go(func() {
				late := (*pacing.WaitError)(nil)
				var err error
				for err == nil {
					err = client.Do(ctx, wagraph.Request{Method: "GET", Route: "/{waba-id}", IDs: []string{string(number.WABA)}}, nil)
				}
				if !errors.As(err, &late) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		answered := 0
		for _, call := range server.Calls() {
			require.Zero(t, call.Code)
			answered++
		}
		t.Logf("%d of 400 calls used, none throttled", answered)
		require.GreaterOrEqual(t, answered, 380)
	})
}

// TestRestart: the counts of the last hour are there again.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	for life := range 3 {
		pacer := pacing.New(pacing.Options{Budget: open(t, dir), App: "acme/1"})
		for range 10 {
			require.NoError(t, pacer.WaitFor(t.Context(), call("102290129340398")))
		}
		standing, err := pacer.Standing(t.Context(), "102290129340398")
		require.NoError(t, err)
		require.Equal(t, 10*(life+1), standing.Own)
	}
	standing, err := pacing.New(pacing.Options{Budget: open(t, dir), App: "acme"}).Standing(t.Context(), "102290129340398")
	require.NoError(t, err)
	require.Zero(t, standing.Own, "another app has a quota of its own")
}

// TestDamagedFiles do not keep an account from being called. A change that was
// cut off is undone; with nothing left to read the account starts anew.
func TestDamagedFiles(t *testing.T) {
	const page = 4096
	for name, tc := range map[string]struct {
		damage func([]byte) []byte
		own    int // of five calls before and one after
	}{
		"none":                  {func(data []byte) []byte { return data }, 6},
		"the last change torn":  {func(data []byte) []byte { data[page+30] ^= 1; return data }, 5},
		"the last change short": {func(data []byte) []byte { return data[:page+20] }, 5},
		"the one before torn":   {func(data []byte) []byte { data[30] ^= 1; return data }, 6},
		"both torn":             {func(data []byte) []byte { data[30] ^= 1; data[page+30] ^= 1; return data }, 1},
		"empty":                 {func([]byte) []byte { return nil }, 1},
		"of another program":    {func([]byte) []byte { return []byte("calls: 7\n") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pacer := pacing.New(pacing.Options{Budget: open(t, dir)})
			for range 5 {
				require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
			}
			file := filepath.Join(dir, "*", url.QueryEscape("/1")+".ledger")
			names, err := filepath.Glob(file)
			require.NoError(t, err)
			require.Len(t, names, 1)
			data, err := os.ReadFile(names[0])
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(names[0], tc.damage(data), 0o600))
			require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
			standing, err := pacer.Standing(t.Context(), "1")
			require.NoError(t, err)
			require.Equal(t, tc.own, standing.Own)
		})
	}
}

// TestIdleFilesAreRemoved on the way, and others are not.
func TestIdleFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		pacer := pacing.New(pacing.Options{Budget: open(t, dir)})
		for i := range 300 {
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(1+i))))
		}
		require.Greater(t, len(ledgers(t, dir)), 299)
		time.Sleep(50 * time.Minute)
		require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
		time.Sleep(15 * time.Minute)
		for i := range 200 { // accounts enough to touch every shard
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(10_001+i))))
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(20_001+i))))
		}
		standing, err := pacer.Standing(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, 1, standing.Own)
		require.LessOrEqual(t, len(ledgers(t, dir)), 402)
	})
}

// TestALockThatIsHeld by a process that hangs ends the call with its context.
func TestALockThatIsHeld(t *testing.T) {
	dir := t.TempDir()
	budget := open(t, dir)
	for i := range 64 {
		lock := flock.New(filepath.Join(dir, fmt.Sprint(i), "lock"))
		held, err := lock.TryLock()
		require.NoError(t, err)
		require.True(t, held)
		t.Cleanup(func() { require.NoError(t, lock.Unlock()) })
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := budget.Update(ctx, "1", func(*pacing.Ledger) { t.Error("changed without a lock") })
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestKeysAndDirectories that cannot work are refused with a reason.
func TestKeysAndDirectories(t *testing.T) {
	dir := t.TempDir()
	budget := open(t, dir)
	nothing := func(*pacing.Ledger) {}
	for _, key := range []string{"", strings.Repeat("x", 81)} {
		require.ErrorContains(t, budget.Update(t.Context(), key, nothing), "must have 1 to 80 characters")
	}
	pacer := pacing.New(pacing.Options{Budget: budget, App: "../../. .\x00é"})
	require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
	require.Len(t, ledgers(t, dir), 2, "the account's and the app's, and not above the directory")

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := filebudget.Open(filepath.Join(file, "below"))
	require.ErrorContains(t, err, "filebudget: ")

	require.NoError(t, os.RemoveAll(dir))
	err = budget.Update(t.Context(), "1", nothing)
	require.ErrorIs(t, err, os.ErrNotExist)
}
