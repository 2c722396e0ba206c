package stores

import (
	"context"
	"database/sql"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// acquiresInOrder asserts that AcquireDue reads the records that it returns, and those
// that others have leased, but not the rest of what is due.
func acquiresInOrder(t *testing.T, b backend, r *recorder, db *sql.DB, store *sqlstore.Store) {
	t.Helper()
	const limit, calls = 16, 5
	var ids []string
	for range calls {
		leases, err := store.AcquireDue(t.Context(), "w", time.Hour, limit)
		require.NoError(t, err)
		require.Len(t, leases, limit)
		for _, lease := range leases {
			ids = append(ids, lease.Objects[0].ID)
		}
	}
	for i, id := range ids {
		require.Equal(t, "r"+strconv.Itoa(5*i+1), id, "the next one that is due longest")
	}
	if b.dialect == sqlstore.SQLite {
		plan := r.plan(t, db, b.explain, "ORDER BY due, id")
		require.Regexp(t, `SEARCH (TABLE )?wagraph_signups USING (COVERING )?INDEX wagraph_signups_due`, plan)
		require.Regexp(t, `SEARCH (TABLE )?wagraph_leases USING INDEX sqlite_autoindex_wagraph_leases_1`, plan)
		require.NotContains(t, plan, "TEMP B-TREE", "nothing is sorted")
		require.NotContains(t, plan, "SCAN")
		return
	}
	plan := r.plan(t, db, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ", "ORDER BY due, id")
	require.Regexp(t, `Index (Only )?Scan using wagraph_signups_due`, plan)
	require.Regexp(t, `Index (Only )?Scan using wagraph_leases_pkey`, plan)
	require.NotRegexp(t, scansTable, plan)
	rows := regexp.MustCompile(`(?:rows=|Removed by Filter: )([\d.]+)`).FindAllStringSubmatch(plan, -1)
	require.NotEmpty(t, rows, plan)
	for _, match := range rows {
		n, err := strconv.ParseFloat(strings.TrimSuffix(match[1], "."), 64)
		require.NoError(t, err)
		require.LessOrEqual(t, n, float64(limit*calls), "no part of the plan reads more than what is leased: %s", plan)
	}
}

// countsAndErasesByIndex asserts that the counts and the deletion of one tenant use
// indexes.
func countsAndErasesByIndex(t *testing.T, b backend, r *recorder, db *sql.DB, store *sqlstore.Store) {
	t.Helper()
	backlog, err := store.Backlog(t.Context())
	require.NoError(t, err)
	records := manyRecords(t)
	oldest := backlog.Oldest
	backlog.Oldest = 0
	require.Equal(t, onboard.Backlog{Due: records / 5, Waiting: records / 10, Failed: 50}, backlog)
	require.InDelta(t, time.Since(time.Unix(1, 0)), oldest, float64(time.Hour))
	plan := r.plan(t, db, b.explain, "COUNT(*)")
	require.Contains(t, plan, "wagraph_signups_due")
	require.Contains(t, plan, "wagraph_signups_state")
	require.NotRegexp(t, scansTable, plan)

	erased, err := store.Erase(t.Context(), "t77")
	require.NoError(t, err)
	require.Equal(t, 10, erased)
	require.Contains(t, r.plan(t, db, b.explain, "DELETE FROM wagraph_signups"), "wagraph_signups_tenant")
	plan = r.plan(t, db, b.explain, "DELETE FROM wagraph_objects")
	require.Contains(t, plan, "wagraph_objects_record")
	require.NotRegexp(t, scansTable, plan)
}

// passesOverLocked asserts that AcquireDue does not wait for a transaction that has
// locked a record.
func passesOverLocked(t *testing.T, server *Server) {
	db := server.Database(t)
	store := server.backend().store(t, db)
	for _, id := range []string{"a", "b"} {
		_, err := store.Insert(t.Context(), aRecord(id))
		require.NoError(t, err)
	}
	other, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Rollback()) }()
	_, err = other.ExecContext(t.Context(), "UPDATE wagraph_signups SET state = state WHERE id = 'a'")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	leases, err := store.AcquireDue(ctx, "w", time.Hour, 2)
	require.NoError(t, err)
	require.Len(t, leases, 1)
	require.Equal(t, onboard.RecordObject("b"), leases[0].Objects[0])
}
