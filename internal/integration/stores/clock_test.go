package stores

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// processWithAnotherClock lets one worker have the right clock, and another one a
// clock that is years behind, and later years ahead: a synctest bubble has its own.
// Both have a handle of their own on the same database.
func processWithAnotherClock(t *testing.T, b backend) {
	source := b.empty(t)
	db := Open(t, b.driver, source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	right := b.store(t, db)
	now := time.Now()
	for id, at := range map[string]time.Time{"due": now.Add(-time.Hour), "waits": now.Add(time.Hour)} {
		record := aRecord(id)
		record.Steps[0].NotBefore = at
		_, err := right.Insert(t.Context(), record)
		require.NoError(t, err)
	}
	taken := onboard.WABAObject("taken")
	_, err := right.Acquire(t.Context(), "right", time.Hour, taken)
	require.NoError(t, err)

	var left []onboard.Lease
	synctest.Test(t, func(t *testing.T) {
		wrong := b.store(t, Open(t, b.driver, source))
		require.Less(t, time.Now(), now.Add(-10*365*24*time.Hour), "the clock of a bubble begins in the year 2000")
		for range 2 {
			_, err := wrong.Acquire(t.Context(), "wrong", time.Minute, taken)
			require.ErrorIs(t, err, onboard.ErrBusy)
			require.ErrorContains(t, err, "right has waba taken for 59m")
			leases, err := wrong.AcquireDue(t.Context(), "wrong", time.Minute, 10)
			require.NoError(t, err)
			require.Len(t, leases, 1)
			require.Equal(t, onboard.RecordObject("due"), leases[0].Objects[0])
			require.WithinDuration(t, now, leases[0].Granted, time.Hour)
			require.NoError(t, wrong.Extend(t.Context(), leases[0], time.Minute))
			require.NoError(t, wrong.Release(t.Context(), leases[0]))
			backlog, err := wrong.Backlog(t.Context())
			require.NoError(t, err)
			require.Equal(t, []int{1, 1}, []int{backlog.Due, backlog.Waiting})
			require.InDelta(t, time.Hour, backlog.Oldest, float64(30*time.Minute))

			lease, err := wrong.Acquire(t.Context(), "wrong", time.Hour, onboard.RecordObject(time.Now().String()))
			require.NoError(t, err)
			left = append(left, lease)
			time.Sleep(50 * 365 * 24 * time.Hour)
		}
	})
	for _, lease := range left {
		_, err := right.Acquire(t.Context(), "right", time.Minute, lease.Objects...)
		require.ErrorIs(t, err, onboard.ErrBusy)
		require.NoError(t, right.Release(t.Context(), lease))
		_, err = right.Acquire(t.Context(), "right", time.Minute, lease.Objects...)
		require.NoError(t, err)
	}
}
