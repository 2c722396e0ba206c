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

// listFiltered compares lists with what Filter.Match says about every record. It is
// long because it decides for each field of a Filter whether the field is set.
func listFiltered(t *testing.T, store onboard.Store) {
	random := rand.New(rand.NewPCG(2026, 11))
	tenants := []signup.Tenant{"acme", "Acme", "ácme", "globex"}
	businesses := []graph.BusinessID{"", "506914307656634", "506914307656635"}
	states := []onboard.State{
		onboard.StateExchanging, onboard.StateRunning, onboard.StateFailed, onboard.StateDone,
		onboard.StateNeedsNewSignup, onboard.StateRefused, onboard.StateOffboarded,
	}
	wabas := []graph.WABAID{"1", "2", "506914307656634"} // an id is an object of one kind only
	numbers := []graph.PhoneNumberID{"1", "2", "3"}
	var all []onboard.Record
	for n := range 150 {
		all = append(all, insertNew(t, store, n, func(r *onboard.Record) {
			r.Created = time.Time{}
			r.Tenant, r.State = tenants[random.IntN(len(tenants))], states[random.IntN(len(states))]
			r.Business = businesses[random.IntN(len(businesses))]
			for i := range r.Steps {
				r.Steps[i].NotBefore = moment(random.IntN(20))
				r.Steps[i].State = []onboard.StepState{onboard.StepOpen, onboard.StepDone}[random.IntN(2)]
			}
			r.Claim.Business = businesses[random.IntN(len(businesses))]
			r.Accounts[0].ID = wabas[random.IntN(len(wabas))]
			r.Claim.WABAs[1] = wabas[random.IntN(len(wabas))]
			r.Numbers[1].ID = numbers[random.IntN(len(numbers))]
			r.Claim.Numbers[0] = numbers[random.IntN(len(numbers))]
			r.Deadlines = r.Deadlines[:random.IntN(3)]
			for i := range r.Deadlines {
				r.Deadlines[i].At = moment(random.IntN(20))
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
		if random.IntN(4) == 0 {
			filter.WABA = wabas[random.IntN(len(wabas))]
		}
		if random.IntN(4) == 0 {
			filter.Number = numbers[random.IntN(len(numbers))]
		}
		if random.IntN(10) == 0 {
			filter.Session = fmt.Sprintf("session %d", random.IntN(150))
		}
		if random.IntN(3) == 0 {
			filter.DeadlineBefore = moment(random.IntN(20))
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
		r.Created = time.Time{}
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
	change(func() { record.Created = now.Add(time.Minute) })
	require.False(t, due(now.Add(time.Minute)), "nothing is due before its record was made")
	require.True(t, due(now.Add(time.Minute+1)))
	change(func() { record.Created = now })
	change(func() { record.Steps[0].NotBefore = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) })
	require.False(t, due(now.AddDate(400, 0, 0)))
	require.True(t, due(time.Date(9999, 1, 2, 0, 0, 0, 0, time.UTC)))
	change(func() { record.Steps[0].State = onboard.StepDone })
	require.False(t, due(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)), "nothing is open")
	for _, state := range []onboard.State{onboard.StateFailed, onboard.StateDone, onboard.StateNeedsNewSignup, onboard.StateRefused, onboard.StateOffboarded} {
		change(func() {
			record.State, record.Steps[0] = state, onboard.StepRecord{Name: onboard.StepToken, State: onboard.StepOpen}
		})
		require.False(t, due(now.Add(1)), "%s", state)
	}
	change(func() { record.State = onboard.StateRunning })
	require.True(t, due(now.Add(1)), "it was opened again")
}

// listObjects follows what one record is about: what was claimed counts as much as
// what is confirmed.
func listObjects(t *testing.T, store onboard.Store) {
	record := insertNew(t, store, 1, func(r *onboard.Record) {
		r.Business, r.Accounts, r.Numbers = "", nil, nil
		r.Claim = signup.Claim{Business: "b1", WABAs: []graph.WABAID{"w1", "w2"}, Numbers: []graph.PhoneNumberID{"n1"}}
	})
	insertNew(t, store, 2, nil)
	about := func(want bool, filters ...onboard.Filter) {
		t.Helper()
		for _, filter := range filters {
			require.Equal(t, want, len(listed(t, store, filter)) == 1, "%+v", filter)
		}
	}
	change := func(edit func()) {
		t.Helper()
		edit()
		var err error
		record, err = store.Update(t.Context(), record)
		require.NoError(t, err)
	}
	about(true, onboard.Filter{Business: "b1"}, onboard.Filter{WABA: "w1"}, onboard.Filter{WABA: "w2"}, onboard.Filter{Number: "n1"},
		onboard.Filter{Business: "b1", WABA: "w2", Number: "n1"})
	about(false, onboard.Filter{Business: "w1"}, onboard.Filter{WABA: "n1"}, onboard.Filter{Number: "b1"}, onboard.Filter{WABA: "w"},
		onboard.Filter{Business: "b1", WABA: "unknown"})
	change(func() {
		record.Business = "b2"
		record.Accounts = []onboard.AccountRecord{{ID: "w1"}, {ID: "w3"}}
		record.Numbers = []onboard.NumberRecord{{ID: "n2"}}
	})
	about(true, onboard.Filter{Business: "b1"}, onboard.Filter{Business: "b2"}, onboard.Filter{WABA: "w1"}, onboard.Filter{WABA: "w2"},
		onboard.Filter{WABA: "w3"}, onboard.Filter{Number: "n1"}, onboard.Filter{Number: "n2"})
	change(func() { record.Claim = signup.Claim{} })
	about(true, onboard.Filter{Business: "b2"}, onboard.Filter{WABA: "w1"}, onboard.Filter{WABA: "w3"}, onboard.Filter{Number: "n2"})
	about(false, onboard.Filter{Business: "b1"}, onboard.Filter{WABA: "w2"}, onboard.Filter{Number: "n1"})
	change(func() { // more than a statement takes parameters
		for n := range 700 {
			record.Claim.Numbers = append(record.Claim.Numbers, graph.PhoneNumberID(fmt.Sprint("many ", n)))
		}
	})
	about(true, onboard.Filter{Number: "many 0"}, onboard.Filter{Number: "many 699"}, onboard.Filter{Number: "n2"})
	stale := record.Clone()
	change(func() { record.Claim.Numbers = nil })
	about(false, onboard.Filter{Number: "many 0"})
	_, err := store.Update(t.Context(), stale)
	require.ErrorIs(t, err, onboard.ErrConflict)
	about(false, onboard.Filter{Number: "many 0"}) // a conflict writes nothing
}

// listDeadline follows the earliest deadline of one record.
func listDeadline(t *testing.T, store onboard.Store) {
	now := moment(0)
	record := insertNew(t, store, 1, func(r *onboard.Record) { r.Deadlines = nil })
	before := func(at time.Time) bool {
		return len(listed(t, store, onboard.Filter{DeadlineBefore: at})) == 1
	}
	change := func(deadlines ...time.Time) {
		t.Helper()
		record.Deadlines = nil
		for _, at := range deadlines {
			record.Deadlines = append(record.Deadlines, onboard.Deadline{What: onboard.DeadlineRegister, Subject: at.String(), At: at})
		}
		var err error
		record, err = store.Update(t.Context(), record)
		require.NoError(t, err)
	}
	require.False(t, before(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), "there is none")
	change(now.Add(time.Hour), now, now.Add(time.Minute))
	require.False(t, before(now), "before means before")
	require.True(t, before(now.Add(1)))
	change(now.Add(time.Hour))
	require.False(t, before(now.Add(time.Hour)))
	require.True(t, before(now.Add(time.Hour+1)))
	record.State = onboard.StateDone
	change(now)
	require.True(t, before(now.Add(1)), "the deadlines of a final record count")
	change()
	require.False(t, before(now.Add(time.Hour)))
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
