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

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graph/pacing/filebudget"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func open(tb testing.TB, dir string) *filebudget.Budget {
	tb.Helper()
	budget, err := filebudget.Open(dir)
	require.NoError(tb, err)
	return budget
}

func quotaFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*.quota"))
	require.NoError(t, err)
	return names
}

// TestBudget_Hours has four clients call for two hours. Each has its own Budget, and
// all Budgets have the same directory.
func TestBudget_Hours(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t, graphtest.WithQuota())
		number, _ := server.Number(server.World().Pending)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		for range 4 {
			client := server.Client(
				graph.WithPacer(pacing.New(pacing.Config{Budget: open(t, dir)})),
				graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1}))
			all.Go(func() {
				late := (*pacing.WaitError)(nil)
				var err error
				for err == nil {
					err = client.Do(ctx, graph.Request{Method: "GET", Route: "/{waba-id}", IDs: []string{string(number.WABA)}}, nil)
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

// TestBudget_Restart checks that the counts of the last hour survive a restart.
func TestBudget_Restart(t *testing.T) {
	dir := t.TempDir()
	for life := range 3 {
		pacer := pacing.New(pacing.Config{Budget: open(t, dir), App: "acme/1"})
		for range 10 {
			require.NoError(t, pacer.WaitFor(t.Context(), call("102290129340398")))
		}
		usage, err := pacer.Usage(t.Context(), "102290129340398")
		require.NoError(t, err)
		require.Equal(t, 10*(life+1), usage.Sent)
	}
	usage, err := pacing.New(pacing.Config{Budget: open(t, dir), App: "acme"}).Usage(t.Context(), "102290129340398")
	require.NoError(t, err)
	require.Zero(t, usage.Sent, "another app has another quota")
}

// TestBudget_DamagedFile checks that a damaged file does not keep an account from
// being called. A change that was cut off is undone. If nothing can be read, the
// quota is unused.
func TestBudget_DamagedFile(t *testing.T) {
	const page = 4096
	for name, tc := range map[string]struct {
		damage func([]byte) []byte
		sent   int // counted, of five calls before and one after
	}{
		"none":                         {func(data []byte) []byte { return data }, 6},
		"the last change is damaged":   {func(data []byte) []byte { data[page+30] ^= 1; return data }, 5},
		"the last change is cut off":   {func(data []byte) []byte { return data[:page+20] }, 5},
		"the change before is damaged": {func(data []byte) []byte { data[30] ^= 1; return data }, 6},
		"both are damaged":             {func(data []byte) []byte { data[30] ^= 1; data[page+30] ^= 1; return data }, 1},
		"empty":                        {func([]byte) []byte { return nil }, 1},
		"of another program":           {func([]byte) []byte { return []byte("calls: 7\n") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pacer := pacing.New(pacing.Config{Budget: open(t, dir)})
			for range 5 {
				require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
			}
			file := filepath.Join(dir, "*", url.QueryEscape("/1")+".quota")
			names, err := filepath.Glob(file)
			require.NoError(t, err)
			require.Len(t, names, 1)
			data, err := os.ReadFile(names[0])
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(names[0], tc.damage(data), 0o600))
			require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
			usage, err := pacer.Usage(t.Context(), "1")
			require.NoError(t, err)
			require.Equal(t, tc.sent, usage.Sent)
		})
	}
}

// TestBudget_DeletesIdleFiles checks that the files of idle accounts are deleted, and
// others are not.
func TestBudget_DeletesIdleFiles(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		pacer := pacing.New(pacing.Config{Budget: open(t, dir)})
		for i := range 300 {
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(1+i))))
		}
		require.Greater(t, len(quotaFiles(t, dir)), 299)
		time.Sleep(50 * time.Minute)
		require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
		time.Sleep(15 * time.Minute)
		for i := range 200 { // enough accounts to use every shard
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(10_001+i))))
			require.NoError(t, pacer.WaitFor(t.Context(), call(fmt.Sprint(20_001+i))))
		}
		usage, err := pacer.Usage(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, 1, usage.Sent)
		require.LessOrEqual(t, len(quotaFiles(t, dir)), 402)
	})
}

// TestBudget_HeldLock checks that a call ends with its context when a process that
// hangs holds the lock.
func TestBudget_HeldLock(t *testing.T) {
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
	err := budget.Update(ctx, "1", func(*pacing.Quota) { t.Error("changed without a lock") })
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
}

// TestBudget_BadInput checks that bad keys and directories are refused with a
// reason.
func TestBudget_BadInput(t *testing.T) {
	dir := t.TempDir()
	budget := open(t, dir)
	nothing := func(*pacing.Quota) {}
	for _, key := range []string{"", strings.Repeat("x", 81)} {
		require.ErrorContains(t, budget.Update(t.Context(), key, nothing), "must have 1 to 80 characters")
	}
	pacer := pacing.New(pacing.Config{Budget: budget, App: "../../. .\x00é"})
	require.NoError(t, pacer.WaitFor(t.Context(), call("1")))
	require.Len(t, quotaFiles(t, dir), 2, "the account's and the app's, and none outside of the directory")

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := filebudget.Open(filepath.Join(file, "below"))
	require.ErrorContains(t, err, "filebudget: ")
	require.Equal(t, graph.ErrTransient, graph.KindOf(err))

	require.NoError(t, os.RemoveAll(dir))
	err = budget.Update(t.Context(), "1", nothing)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorIs(t, err, filebudget.ErrDirectory)
}

// TestBudget_NotSetUp checks that a Budget that Open did not make, and nil arguments,
// end in an InputError.
func TestBudget_NotSetUp(t *testing.T) {
	nothing := func(*pacing.Quota) {}
	for name, budget := range map[string]*filebudget.Budget{"nil": nil, "zero": {}} {
		err := budget.Update(t.Context(), "1", nothing)
		require.ErrorContains(t, err, "filebudget.Open makes one", name)
		require.Equal(t, graph.ErrInput, graph.KindOf(err), name)
	}
	budget := open(t, t.TempDir())
	var none context.Context
	require.ErrorContains(t, budget.Update(none, "1", nothing), "context is nil")
	require.ErrorContains(t, budget.Update(t.Context(), "1", nil), "change is nil")
	_, err := filebudget.Open("")
	require.Equal(t, graph.ErrInput, graph.KindOf(err))
}

// TestBudget_PanickingChange checks that a panic of the change releases the lock.
func TestBudget_PanickingChange(t *testing.T) {
	budget := open(t, t.TempDir())
	require.Panics(t, func() {
		_ = budget.Update(t.Context(), "1", func(*pacing.Quota) { panic("no") })
	})
	require.NoError(t, budget.Update(t.Context(), "1", func(*pacing.Quota) {}))
}
