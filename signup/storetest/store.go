package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// StoreOptions are what TestStore may know about a store. The zero value works.
type StoreOptions struct {
	// Shifted returns another handle on the same data, as a process has it whose
	// clock is ahead by that much, or behind if it is negative. With it TestStore
	// proves that a lease does not end early or late because of the clock of a
	// process. It may return the store itself if the store reads no clock of a
	// process. It is nil if one process has the data for itself.
	Shifted func(t *testing.T, store onboard.Store, by time.Duration) onboard.Store
}

// TestStore tests an onboard.Store. Each call of open returns an empty one.
func TestStore(t *testing.T, open func(t *testing.T) onboard.Store, options StoreOptions) {
	t.Helper()
	if options.Shifted == nil {
		options.Shifted = func(_ *testing.T, store onboard.Store, _ time.Duration) onboard.Store { return store }
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, onboard.Store)
	}{
		{"Get returns the record that was inserted", insertAndGet},
		{"the same signup again is the first record", insertAgain},
		{"a session begins one signup", insertSession},
		{"ids are taken once", insertSameID},
		{"names that cannot be stored are refused", refuseBadNames},
		{"unknown records", unknownRecord},
		{"updates go by revision", updateByRevision},
		{"updates leave the identity alone", updateIdentity},
		{"no memory is shared", sharesNoMemory},
		{"large records", largeRecord},
		{"moments are exact", exactMoments},
		{"a nil context is refused", storeNilContext},
		{"a cancelled context writes nothing", storeCancelled},
		{"lists in the order of bytes", listInOrder},
		{"lists many, in pages", listMany},
		{"lists what the filter matches", listFiltered},
		{"lists what is about an object", listObjects},
		{"lists what is due", listDue},
		{"lists what has a deadline", listDeadline},
		{"lists while it is written", listWhileWriting},
		{"a list can be left and ranged over again", listAgain},
		{"concurrent inserts of one signup", raceInsert},
		{"concurrent updates of one record", raceUpdate},
		{"concurrent use of many records", raceMany},
		{"a lease has one holder", leaseOneHolder},
		{"a lease has all its objects, or none", leaseAllOrNone},
		{"crossed sets of objects have one holder", leaseCrossed},
		{"a lease ends", leaseEnds},
		{"an ended lease cannot be extended", leaseExtendEnded},
		{"a lease is extended as a whole", leaseExtendWhole},
		{"a lease that was taken over frees nothing", leaseTakenOver},
		{"bad leases are refused", leaseRefused},
		{"the clock of a process does not matter", func(t *testing.T, store onboard.Store) { leaseClock(t, store, options.Shifted) }},
		{"what is due longest is leased first", dueOldestFirst},
		{"what is due is leased once", dueOnce},
		{"what is leased is passed over", dueLeased},
		{"counts the backlog", countBacklog},
		{"erases a tenant", eraseTenant},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func insertAndGet(t *testing.T, store onboard.Store) {
	want := newRecord(1)
	inserted, err := store.Insert(t.Context(), want)
	require.NoError(t, err)
	require.Equal(t, stored(want, 1), plain(inserted))
	got, err := store.Get(t.Context(), want.ID)
	require.NoError(t, err)
	require.Equal(t, stored(want, 1), plain(got))

	bare := onboard.Record{ID: "bare", Tenant: "t", App: "1", Key: "k", State: onboard.StateExchanging}
	_, err = store.Insert(t.Context(), bare)
	require.NoError(t, err)
	got, err = store.Get(t.Context(), "bare")
	require.NoError(t, err)
	require.Equal(t, stored(bare, 1), plain(got), "what was not set stays unset")
}

func insertAgain(t *testing.T, store onboard.Store) {
	first := newRecord(1)
	_, err := store.Insert(t.Context(), first)
	require.NoError(t, err)

	again := newRecord(2)
	again.Key, again.Tenant = first.Key, "another tenant"
	got, err := store.Insert(t.Context(), again)
	require.ErrorIs(t, err, onboard.ErrExists)
	require.Equal(t, stored(first, 1), plain(got), "the first record is returned")
	_, err = store.Get(t.Context(), again.ID)
	require.ErrorIs(t, err, onboard.ErrNoRecord, "nothing was written")
	got, err = store.Insert(t.Context(), first)
	require.ErrorIs(t, err, onboard.ErrExists, "also for the very same record")
	require.Equal(t, stored(first, 1), plain(got))

	otherApp := newRecord(3)
	otherApp.Key, otherApp.App = first.Key, "2"
	_, err = store.Insert(t.Context(), otherApp)
	require.NoError(t, err, "a key is unique within its app only")
}

func insertSession(t *testing.T, store onboard.Store) {
	first := insertNew(t, store, 1, func(r *onboard.Record) { r.Session = "session" })
	again := newRecord(2)
	again.Session, again.Tenant = "session", "another tenant"
	got, err := store.Insert(t.Context(), again)
	require.ErrorIs(t, err, onboard.ErrExists)
	require.Equal(t, plain(first), plain(got), "the first record of the session is returned")
	_, err = store.Get(t.Context(), again.ID)
	require.ErrorIs(t, err, onboard.ErrNoRecord, "nothing was written")

	insertNew(t, store, 3, func(r *onboard.Record) { r.Session, r.App = "session", "2" }) // it is unique within its app only
	for n := range 2 {
		insertNew(t, store, 4+n, func(r *onboard.Record) { r.Session = "" })
	}
	second := insertNew(t, store, 6, nil)
	again.Key = second.Key
	got, err = store.Insert(t.Context(), again)
	require.ErrorIs(t, err, onboard.ErrExists)
	require.Equal(t, plain(second), plain(got), "the record with the key comes before that of the session")
	require.Equal(t, []string{first.ID, recordID(3)}, idsOf(listed(t, store, onboard.Filter{Session: "session"})))
}

func insertSameID(t *testing.T, store onboard.Store) {
	first, second := newRecord(1), newRecord(2)
	second.ID = first.ID
	_, err := store.Insert(t.Context(), first)
	require.NoError(t, err)
	_, err = store.Insert(t.Context(), second)
	require.ErrorIs(t, err, onboard.ErrConflict)
	got, err := store.Get(t.Context(), first.ID)
	require.NoError(t, err)
	require.Equal(t, stored(first, 1), plain(got))
	second.ID = recordID(2)
	_, err = store.Insert(t.Context(), second)
	require.NoError(t, err, "the refused record's key is still free")
}

func refuseBadNames(t *testing.T, store onboard.Store) {
	kept := insertNew(t, store, 0, nil)
	for what, text := range badNames() {
		for field, spoil := range map[string]func(*onboard.Record){
			"record id":   func(r *onboard.Record) { r.ID = text },
			"tenant":      func(r *onboard.Record) { r.Tenant = signup.Tenant(text) },
			"app id":      func(r *onboard.Record) { r.App = graph.AppID(text) },
			"record key":  func(r *onboard.Record) { r.Key = text },
			"state":       func(r *onboard.Record) { r.State = onboard.State(text) },
			"session":     func(r *onboard.Record) { r.Session = text },
			"business id": func(r *onboard.Record) { r.Business = graph.BusinessID(text) },
			"waba id":     func(r *onboard.Record) { r.Accounts[0].ID = graph.WABAID(text) },
			"number id":   func(r *onboard.Record) { r.Claim.Numbers[1] = graph.PhoneNumberID(text) },
		} {
			if text == "" && slices.Contains([]string{"session", "business id", "waba id", "number id"}, field) {
				continue // not known yet
			}
			record, changed := newRecord(1), kept.Clone()
			spoil(&record)
			spoil(&changed)
			_, err := store.Insert(t.Context(), record)
			require.ErrorIs(t, err, graph.ErrInput, "%s: %s", field, what)
			var input *graph.InputError
			require.ErrorAs(t, err, &input)
			require.Equal(t, field, input.Field)
			_, err = store.Update(t.Context(), changed)
			require.ErrorIs(t, err, graph.ErrInput, "%s: %s", field, what)
		}
	}
	all := listed(t, store, onboard.Filter{})
	require.Len(t, all, 1, "nothing was written")
	require.Equal(t, plain(kept), plain(all[0]))
}

func unknownRecord(t *testing.T, store onboard.Store) {
	_, err := store.Get(t.Context(), "unknown")
	require.ErrorIs(t, err, onboard.ErrNoRecord)
	_, err = store.Update(t.Context(), newRecord(1))
	require.ErrorIs(t, err, onboard.ErrNoRecord)
	require.Empty(t, listed(t, store, onboard.Filter{}), "Update inserts nothing")
}

func updateByRevision(t *testing.T, store onboard.Store) {
	record, err := store.Insert(t.Context(), newRecord(1))
	require.NoError(t, err)
	stale := record.Clone()
	for revision := int64(2); revision < 5; revision++ {
		record.State, record.Steps[0].Attempts = onboard.StateFailed, int(revision)
		want := record.Clone()
		record, err = store.Update(t.Context(), record)
		require.NoError(t, err)
		require.Equal(t, stored(want, revision), plain(record))
		got, err := store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, stored(want, revision), plain(got))
	}
	for _, revision := range []int64{0, 1, 3, 5, -1} {
		stale.Revision = revision
		_, err = store.Update(t.Context(), stale)
		require.ErrorIs(t, err, onboard.ErrConflict, "revision %d", revision)
	}
	got, err := store.Get(t.Context(), record.ID)
	require.NoError(t, err)
	require.Equal(t, plain(record), plain(got), "a conflict writes nothing")
}

func updateIdentity(t *testing.T, store onboard.Store) {
	record, err := store.Insert(t.Context(), newRecord(1))
	require.NoError(t, err)
	for field, change := range map[string]func(*onboard.Record){
		"tenant":     func(r *onboard.Record) { r.Tenant = "another" },
		"app":        func(r *onboard.Record) { r.App = "2" },
		"key":        func(r *onboard.Record) { r.Key = "another" },
		"session":    func(r *onboard.Record) { r.Session = "another" },
		"no session": func(r *onboard.Record) { r.Session = "" },
	} {
		changed := record.Clone()
		change(&changed)
		_, err := store.Update(t.Context(), changed)
		require.ErrorIs(t, err, graph.ErrInput, field)
	}
	got, err := store.Get(t.Context(), record.ID)
	require.NoError(t, err)
	require.Equal(t, plain(record), plain(got))
}

func sharesNoMemory(t *testing.T, store onboard.Store) {
	given := newRecord(1)
	want := stored(given, 1)
	returned, err := store.Insert(t.Context(), given)
	require.NoError(t, err)
	unchanged := func(after string) {
		t.Helper()
		got, err := store.Get(t.Context(), want.ID)
		require.NoError(t, err)
		require.Equal(t, want, plain(got), "after %s", after)
	}
	scramble(&given)
	unchanged("the inserted record was changed")
	scramble(&returned)
	unchanged("the record that Insert returned was changed")
	again := newRecord(1)
	returned, err = store.Insert(t.Context(), again)
	require.ErrorIs(t, err, onboard.ErrExists)
	scramble(&returned)
	unchanged("the existing record that Insert returned was changed")
	got, err := store.Get(t.Context(), want.ID)
	require.NoError(t, err)
	given = got.Clone()
	scramble(&got)
	unchanged("a record that Get returned was changed")
	for _, listed := range listed(t, store, onboard.Filter{}) {
		scramble(&listed)
	}
	unchanged("a listed record was changed")
	returned, err = store.Update(t.Context(), given)
	require.NoError(t, err)
	want.Revision = 2
	scramble(&given)
	unchanged("the updated record was changed")
	scramble(&returned)
	unchanged("the record that Update returned was changed")
}

func largeRecord(t *testing.T, store onboard.Store) {
	record := newRecord(1)
	record.Steps[0].Reason = strings.Repeat("Grund ß, ", 50_000)
	for range 2_000 {
		record.Numbers = append(record.Numbers, record.Numbers[0])
		record.Steps = append(record.Steps, record.Steps[1])
	}
	inserted, err := store.Insert(t.Context(), record)
	require.NoError(t, err)
	_, err = store.Update(t.Context(), inserted)
	require.NoError(t, err)
	got, err := store.Get(t.Context(), record.ID)
	require.NoError(t, err)
	require.True(t, len(got.Numbers) == 2_002 && got.Steps[0].Reason == record.Steps[0].Reason)
	require.Equal(t, stored(record, 2), plain(got))
}

func exactMoments(t *testing.T, store onboard.Store) {
	for i, at := range []time.Time{
		{}, time.Unix(0, 1), moment(0), time.Date(1970, 1, 1, 0, 0, 0, 0, kathmandu), time.Now(),
		time.Date(2262, 4, 12, 0, 0, 0, 999_999_999, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 1, time.UTC),
	} {
		record := newRecord(i)
		record.Created, record.Updated, record.TokenExpires = at, at, at
		record.Deadlines[0].At = at
		record.Steps[0].NotBefore, record.Numbers[0].Registrations[0] = at, at
		_, err := store.Insert(t.Context(), record)
		require.NoError(t, err)
		got, err := store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, stored(record, 1), plain(got), "%v", at)
	}
}
