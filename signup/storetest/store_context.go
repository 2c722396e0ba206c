package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func storeNilContext(t *testing.T, store onboard.Store) {
	var none context.Context
	record := newRecord(1)
	lease := onboard.Lease{Owner: "w", Token: "t", Objects: []onboard.Object{onboard.RecordObject("1")}}
	for name, err := range storeErrors(none, store, record, lease) {
		require.ErrorIs(t, err, graph.ErrInput, name)
	}
	_, err := store.Get(t.Context(), record.ID)
	require.ErrorIs(t, err, onboard.ErrNoRecord)
}

// storeErrors calls each method, and returns the errors.
func storeErrors(ctx context.Context, store onboard.Store, record onboard.Record, lease onboard.Lease) map[string]error {
	errs := map[string]error{}
	_, errs["Insert"] = store.Insert(ctx, record)
	_, errs["Get"] = store.Get(ctx, record.ID)
	_, errs["Update"] = store.Update(ctx, record)
	errs["List"] = nil
	for _, err := range store.List(ctx, onboard.Filter{}) {
		errs["List"] = err
	}
	_, errs["Acquire"] = store.Acquire(ctx, "w", time.Minute, lease.Objects...)
	errs["Extend"] = store.Extend(ctx, lease, time.Minute)
	errs["Release"] = store.Release(ctx, lease)
	_, errs["AcquireDue"] = store.AcquireDue(ctx, "w", time.Minute, 1)
	_, errs["Backlog"] = store.Backlog(ctx)
	_, errs["Erase"] = store.Erase(ctx, record.Tenant)
	return errs
}

func storeCancelled(t *testing.T, store onboard.Store) {
	record := insertNew(t, store, 1, dueAt(long))
	held, err := store.Acquire(t.Context(), "w", time.Hour, onboard.WABAObject("held"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range storeErrors(ctx, store, record, held) {
		require.ErrorIs(t, err, context.Canceled, name)
	}
	_, err = store.Insert(ctx, newRecord(2))
	require.ErrorIs(t, err, context.Canceled)
	_, err = store.Acquire(ctx, "w", time.Hour, onboard.RecordObject(record.ID))
	require.ErrorIs(t, err, context.Canceled)
	errs := 0
	for _, err := range store.List(ctx, onboard.Filter{}) {
		require.ErrorIs(t, err, context.Canceled)
		errs++
	}
	require.Equal(t, 1, errs, "a list that cannot be read is one error")
	all := listed(t, store, onboard.Filter{})
	require.Len(t, all, 1)
	require.Equal(t, int64(1), all[0].Revision)
	require.NoError(t, store.Extend(t.Context(), held, time.Hour), "the lease was not released")
	require.Equal(t, []string{record.ID}, leasedIDs(t, store, 10), "and nothing was leased")
}
