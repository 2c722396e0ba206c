package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// dueAt changes a record: its one open step has been due for that long, or is due
// later if it is negative.
func dueAt(since time.Duration) func(*onboard.Record) {
	return func(r *onboard.Record) {
		at := time.Now().Add(-since)
		r.Created = at.Add(-24 * time.Hour)
		r.Steps = []onboard.StepRecord{{Name: onboard.StepToken, State: onboard.StepOpen, NotBefore: at}}
	}
}

// leasedIDs leases what is due and returns the ids of the records.
func leasedIDs(t *testing.T, store onboard.Store, limit int) []string {
	t.Helper()
	leases, err := store.AcquireDue(t.Context(), "due", long, limit)
	require.NoError(t, err)
	var ids []string
	for _, held := range leases {
		require.Equal(t, "due", held.Owner)
		require.False(t, held.Granted.IsZero())
		require.Len(t, held.Objects, 1)
		require.Equal(t, onboard.ObjectRecord, held.Objects[0].Kind)
		ids = append(ids, held.Objects[0].ID)
	}
	return ids
}

func dueOldestFirst(t *testing.T, store onboard.Store) {
	require.Empty(t, leasedIDs(t, store, 3))
	var order []string
	for n := range 9 {
		since := time.Duration(1+n*5%9) * time.Hour
		insertNew(t, store, n, dueAt(since))
		order = append(order, fmt.Sprintf("%d %s", 9-since/time.Hour, recordID(n)))
	}
	slices.Sort(order)
	for i := range order {
		order[i] = order[i][2:]
	}
	for n, change := range []func(*onboard.Record){
		func(r *onboard.Record) { r.Steps[0].NotBefore = time.Now().Add(long) },
		func(r *onboard.Record) { r.Steps[0].NotBefore = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) },
		func(r *onboard.Record) { r.Created = time.Now().Add(long) },
		func(r *onboard.Record) { r.Steps[0].State = onboard.StepDone },
		func(r *onboard.Record) { r.State = onboard.StateFailed },
		func(r *onboard.Record) { r.State = onboard.StateDone },
		func(r *onboard.Record) { r.State = onboard.StateRefused },
		func(r *onboard.Record) { r.State = onboard.StateNeedsNewSignup },
		func(r *onboard.Record) { r.State = onboard.StateOffboarded },
	} {
		insertNew(t, store, 20+n, func(r *onboard.Record) {
			dueAt(100 * time.Hour)(r)
			change(r)
		})
	}
	require.Equal(t, order[:2], leasedIDs(t, store, 2))
	require.Equal(t, order[2:3], leasedIDs(t, store, 1))
	require.Equal(t, order[3:], leasedIDs(t, store, 100))
	require.Empty(t, leasedIDs(t, store, 100))

	insertNew(t, store, 50, func(r *onboard.Record) {
		dueAt(long)(r)
		r.Created, r.Steps[0].NotBefore = time.Time{}, time.Time{}
	})
	require.Equal(t, []string{recordID(50)}, leasedIDs(t, store, 100), "what never waited was due all along")
	insertNew(t, store, 51, dueAt(0))
	require.Eventually(t, func() bool { return len(leasedIDs(t, store, 1)) == 1 }, patience, short/3, "what is due now")
}

func dueOnce(t *testing.T, store onboard.Store) {
	const records, rounds = 40, 3
	for n := range records {
		insertNew(t, store, n, dueAt(time.Duration(n%7)*time.Minute+long))
	}
	for range rounds {
		type result struct {
			leases []onboard.Lease
			err    error
		}
		results := race(func(worker int) (r result) {
			for range 2 * records { // more often than a right store has something for it
				leases, err := store.AcquireDue(t.Context(), fmt.Sprint("worker ", worker), long, 1+worker%3)
				if r.leases = append(r.leases, leases...); err != nil || len(leases) == 0 {
					r.err = err
					return r
				}
			}
			return r
		})
		ids, tokens := map[string]bool{}, map[string]bool{}
		for worker, r := range results {
			require.NoError(t, r.err)
			for _, held := range r.leases {
				require.Equal(t, fmt.Sprint("worker ", worker), held.Owner)
				require.False(t, ids[held.Objects[0].ID], "%v was leased twice", held.Objects)
				require.False(t, tokens[held.Token], "two leases have the same token")
				ids[held.Objects[0].ID], tokens[held.Token] = true, true
				_, err := store.Acquire(t.Context(), "another", long, held.Objects...)
				require.ErrorIs(t, err, onboard.ErrBusy)
				require.ErrorContains(t, err, held.Owner)
			}
		}
		require.Len(t, ids, records, "each record was leased")
		for _, r := range results {
			for _, held := range r.leases {
				require.NoError(t, store.Extend(t.Context(), held, long))
				require.NoError(t, store.Release(t.Context(), held))
			}
		}
	}
}

func dueLeased(t *testing.T, store onboard.Store) {
	for n := range 3 {
		insertNew(t, store, n, dueAt(long-time.Duration(n)*time.Minute))
	}
	first := lease(t, store, "w", long, onboard.RecordObject(recordID(0)), waba("a"))
	second := lease(t, store, "w", short, onboard.RecordObject(recordID(1)))
	lease(t, store, "w", long, waba(recordID(2)), onboard.NumberObject("1"), onboard.BusinessObject("506914307656634")) // other objects do not matter
	require.Equal(t, recordID(2), leasedIDs(t, store, 1)[0], "the first that no lease has")
	isBusy(t, store, onboard.RecordObject(recordID(2)))

	var back []string
	require.Eventually(t, func() bool {
		back = append(back, leasedIDs(t, store, 10)...)
		return len(back) > 0
	}, patience, short/3, "it comes back when its lease has ended")
	require.Equal(t, []string{recordID(1)}, back)
	require.ErrorIs(t, store.Extend(t.Context(), second, long), onboard.ErrLeaseLost)
	require.NoError(t, store.Release(t.Context(), second))
	require.Empty(t, leasedIDs(t, store, 10))
	require.NoError(t, store.Release(t.Context(), first))
	require.Equal(t, []string{recordID(0)}, leasedIDs(t, store, 10), "it comes back when it is released")
}

func countBacklog(t *testing.T, store onboard.Store) {
	backlog, err := store.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, onboard.Backlog{}, backlog)
	failed := func(r *onboard.Record) { r.State = onboard.StateFailed }
	done := func(r *onboard.Record) { r.State = onboard.StateDone }
	for n, change := range []func(*onboard.Record){
		dueAt(2 * long), dueAt(long), dueAt(1 * time.Minute), dueAt(-long), dueAt(-2 * long), failed, done,
	} {
		insertNew(t, store, n, change)
	}
	lease(t, store, "w", long, onboard.RecordObject(recordID(0))) // still due: its steps are not done
	backlog, err = store.Backlog(t.Context())
	require.NoError(t, err)
	require.InDelta(t, 2*long, backlog.Oldest, float64(10*time.Minute))
	backlog.Oldest = 0
	require.Equal(t, onboard.Backlog{Due: 3, Waiting: 2, Failed: 1}, backlog)

	// No integer of nanoseconds holds how long this one has waited.
	insertNew(t, store, 10, func(r *onboard.Record) {
		dueAt(long)(r)
		r.Created, r.Steps[0].NotBefore = time.Time{}, time.Time{}
	})
	backlog, err = store.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, 4, backlog.Due)
	require.Greater(t, backlog.Oldest, 200*365*24*time.Hour)
}

func eraseTenant(t *testing.T, store onboard.Store) {
	var erased, kept []onboard.Record
	for n := range 10 {
		record := insertNew(t, store, n, func(r *onboard.Record) {
			dueAt(long)(r)
			r.Tenant = []signup.Tenant{"acme", "Acme"}[n%2]
		})
		if n%2 == 0 {
			erased = append(erased, record)
		} else {
			kept = append(kept, record)
		}
	}
	for _, tenant := range []signup.Tenant{"unknown", "acm", "ac%"} {
		n, err := store.Erase(t.Context(), tenant)
		require.NoError(t, err)
		require.Zero(t, n)
	}
	_, err := store.Erase(t.Context(), "")
	require.ErrorIs(t, err, graph.ErrInput)
	require.Len(t, listed(t, store, onboard.Filter{}), 10)

	n, err := store.Erase(t.Context(), "acme")
	require.NoError(t, err)
	require.Equal(t, len(erased), n)
	require.Equal(t, idsOf(kept), idsOf(listed(t, store, onboard.Filter{})))
	for _, record := range kept {
		got, err := store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, plain(record), plain(got))
		require.Len(t, listed(t, store, onboard.Filter{WABA: record.Accounts[0].ID}), 1)
	}
	for _, record := range erased {
		_, err := store.Get(t.Context(), record.ID)
		require.ErrorIs(t, err, onboard.ErrNoRecord)
		_, err = store.Update(t.Context(), record)
		require.ErrorIs(t, err, onboard.ErrNoRecord)
		require.Empty(t, listed(t, store, onboard.Filter{Session: record.Session}))
	}
	backlog, err := store.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(kept), backlog.Due)
	require.ElementsMatch(t, idsOf(kept), leasedIDs(t, store, 100))

	n, err = store.Erase(t.Context(), "acme")
	require.NoError(t, err)
	require.Zero(t, n)
	for _, record := range erased { // the ids, keys and sessions are free
		waba := record.Accounts[0].ID
		record.Accounts, record.Claim = nil, signup.Claim{}
		_, err := store.Insert(t.Context(), record)
		require.NoError(t, err)
		require.Empty(t, listed(t, store, onboard.Filter{WABA: waba}), "the objects of the erased record are gone")
	}
	require.Len(t, listed(t, store, onboard.Filter{Tenant: "acme"}), len(erased))
	eraseWhileWriting(t, store)
}

// eraseWhileWriting erases a tenant while others insert and update its records.
func eraseWhileWriting(t *testing.T, store onboard.Store) {
	errs := race(func(worker int) error {
		for n := range 5 {
			if worker == 0 {
				if _, err := store.Erase(t.Context(), "racing"); err != nil {
					return err
				}
				continue
			}
			record := newRecord(100 + 10*worker + n)
			record.Tenant = "racing"
			record, err := store.Insert(t.Context(), record)
			if err != nil {
				return err
			}
			record.Claim.WABAs = append(record.Claim.WABAs, graph.WABAID(fmt.Sprint("racing ", worker)))
			if _, err = store.Update(t.Context(), record); err != nil && !errors.Is(err, onboard.ErrNoRecord) {
				return err
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
	left := listed(t, store, onboard.Filter{Tenant: "racing"})
	for _, record := range left {
		for _, account := range record.Accounts {
			require.Len(t, listed(t, store, onboard.Filter{WABA: account.ID, Tenant: "racing"}), 1, "its objects are there")
		}
	}
	n, err := store.Erase(t.Context(), "racing")
	require.NoError(t, err)
	require.Equal(t, len(left), n)
}
