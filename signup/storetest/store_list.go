package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// listed collects a list.
func listed(t *testing.T, store onboard.Store, filter onboard.Filter) []onboard.Record {
	t.Helper()
	records, err := graph.Collect(store.List(t.Context(), filter), 100_000)
	require.NoError(t, err)
	return records
}

func idsOf(records []onboard.Record) []string {
	ids := make([]string, len(records))
	for i, record := range records {
		ids[i] = record.ID
	}
	return ids
}

func insertNew(t *testing.T, store onboard.Store, n int, change func(*onboard.Record)) onboard.Record {
	t.Helper()
	record := newRecord(n)
	if change != nil {
		change(&record)
	}
	record, err := store.Insert(t.Context(), record)
	require.NoError(t, err)
	return record
}

func listInOrder(t *testing.T, store onboard.Store) {
	names := orderedNames()
	for i, n := range rand.New(rand.NewPCG(1, 1)).Perm(len(names)) {
		insertNew(t, store, i, func(r *onboard.Record) { r.ID = names[n] })
	}
	require.Equal(t, names, idsOf(listed(t, store, onboard.Filter{})))
	for i, after := range names {
		require.Equal(t, names[i+1:], idsOf(listed(t, store, onboard.Filter{After: after})), "behind %q", after)
		require.Equal(t, names[i+1:], idsOf(listed(t, store, onboard.Filter{After: after + "\x02"})), "behind a gap after %q", after)
	}
	require.Empty(t, listed(t, store, onboard.Filter{Tenant: "unknown"}))
}

// manyRecords is more than any reasonable page.
const manyRecords = 300

func listMany(t *testing.T, store onboard.Store) {
	var want []string
	for n := range manyRecords {
		want = append(want, insertNew(t, store, n, nil).ID)
	}
	require.Equal(t, want, idsOf(listed(t, store, onboard.Filter{})))
	require.Equal(t, want[100:], idsOf(listed(t, store, onboard.Filter{After: want[99]})))

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	var last error
	for _, err := range store.List(ctx, onboard.Filter{}) {
		require.NoError(t, last, "an error is the end")
		last = err
		seen++
		cancel()
	}
	require.ErrorIs(t, last, context.Canceled)
	require.Less(t, seen, manyRecords, "a list is read in pages, and stops between them")
}

// listFiltered compares lists with what Filter.Match says about every record.
func listFiltered(t *testing.T, store onboard.Store) {
	random := rand.New(rand.NewPCG(2026, 11))
	tenants := []signup.Tenant{"acme", "Acme", "ácme", "globex"}
	businesses := []graph.BusinessID{"", "506914307656634", "506914307656635"}
	states := []onboard.State{
		onboard.StateExchanging, onboard.StateRunning, onboard.StateFailed, onboard.StateDone,
		onboard.StateNeedsNewSignup, onboard.StateRefused, onboard.StateOffboarded,
	}
	var all []onboard.Record
	for n := range 150 {
		all = append(all, insertNew(t, store, n, func(r *onboard.Record) {
			r.Tenant, r.State = tenants[random.IntN(len(tenants))], states[random.IntN(len(states))]
			r.Business = businesses[random.IntN(len(businesses))]
			for i := range r.Steps {
				r.Steps[i].NotBefore = moment(random.IntN(20))
				r.Steps[i].State = []onboard.StepState{onboard.StepOpen, onboard.StepDone}[random.IntN(2)]
			}
			if random.IntN(3) == 0 {
				r.Lease = onboard.Lease{Owner: "w", Until: moment(random.IntN(20))}
			}
		}))
	}
	for range 200 {
		var filter onboard.Filter
		if random.IntN(2) == 0 {
			filter.Tenant = tenants[random.IntN(len(tenants))]
		}
		if random.IntN(3) == 0 {
			filter.Business = businesses[1+random.IntN(2)]
		}
		if random.IntN(2) == 0 {
			filter.States = []onboard.State{states[random.IntN(len(states))], states[random.IntN(len(states))]}
		}
		if random.IntN(2) == 0 {
			filter.DueBefore = moment(random.IntN(20))
		}
		if random.IntN(2) == 0 {
			filter.After = recordID(random.IntN(150))
		}
		var want []string
		for _, record := range all {
			if filter.Match(record) {
				want = append(want, record.ID)
			}
		}
		require.ElementsMatch(t, want, idsOf(listed(t, store, filter)), "%+v", filter)
		require.True(t, slices.IsSorted(idsOf(listed(t, store, filter))))
	}
}

// listDue follows one record through its life, at the nanosecond.
func listDue(t *testing.T, store onboard.Store) {
	now := moment(0)
	due := func(before time.Time) bool { return len(listed(t, store, onboard.Filter{DueBefore: before})) == 1 }
	record := insertNew(t, store, 1, func(r *onboard.Record) {
		r.Steps = []onboard.StepRecord{{Name: onboard.StepToken, State: onboard.StepOpen}}
	})
	change := func(edit func()) {
		t.Helper()
		edit()
		var err error
		record, err = store.Update(t.Context(), record)
		require.NoError(t, err)
	}
	require.True(t, due(time.Unix(0, 1)), "a step that never waited was due all along")
	change(func() { record.Steps[0].NotBefore = now })
	require.False(t, due(now), "before means before")
	require.True(t, due(now.Add(1)))
	require.True(t, due(now.Add(1).UTC()), "a moment is the same in every zone")
	change(func() { record.Lease = onboard.Lease{Owner: "w", Until: now.Add(time.Minute)} })
	require.False(t, due(now.Add(time.Minute)), "another worker has it")
	require.True(t, due(now.Add(time.Minute+1)))
	change(func() { record.Lease = onboard.Lease{} })
	require.True(t, due(now.Add(1)), "the lease was given up")
	change(func() { record.Steps[0].NotBefore = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) })
	require.False(t, due(now.AddDate(400, 0, 0)))
	require.True(t, due(time.Date(9999, 1, 2, 0, 0, 0, 0, time.UTC)))
	change(func() { record.Steps[0].State = onboard.StepDone })
	require.False(t, due(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)), "nothing is open")
	for _, state := range []onboard.State{onboard.StateFailed, onboard.StateDone, onboard.StateNeedsNewSignup, onboard.StateRefused, onboard.StateOffboarded} {
		change(func() {
			record.State, record.Steps[0] = state, onboard.StepRecord{Name: onboard.StepToken, State: onboard.StepOpen}
		})
		require.False(t, due(now), "%s", state)
	}
	change(func() { record.State = onboard.StateRunning })
	require.True(t, due(now), "it was opened again")
}

// listWhileWriting changes the store from within the loop.
func listWhileWriting(t *testing.T, store onboard.Store) {
	for n := range manyRecords {
		insertNew(t, store, n, nil)
	}
	seen := map[string]int{}
	n := manyRecords
	for record, err := range store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		seen[record.ID]++
		fresh, err := store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		fresh.Steps[0].Attempts++
		_, err = store.Update(t.Context(), fresh)
		require.NoError(t, err)
		if len(seen)%50 == 0 && n < 2*manyRecords {
			n++
			insertNew(t, store, n, func(r *onboard.Record) { r.ID = fmt.Sprintf("a behind the cursor %d", n) })
			n++
			insertNew(t, store, n, nil) // ahead of it: listed or not, but once
		}
	}
	for n := range manyRecords {
		require.Equal(t, 1, seen[recordID(n)], "%s was there all along", recordID(n))
	}
	for id, times := range seen {
		require.Equal(t, 1, times, "%s", id)
	}
}

func listAgain(t *testing.T, store onboard.Store) {
	for n := range 10 {
		insertNew(t, store, n, nil)
	}
	list := store.List(t.Context(), onboard.Filter{After: recordID(1)})
	for range 2 {
		var ids []string
		for record, err := range list {
			require.NoError(t, err)
			if ids = append(ids, record.ID); len(ids) == 3 {
				break
			}
		}
		require.Equal(t, []string{recordID(2), recordID(3), recordID(4)}, ids)
	}
}
