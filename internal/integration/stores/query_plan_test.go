package stores

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// recorder opens connections of a driver, and records the latest query.
type recorder struct {
	driver driver.Driver
	source string
	query  string
	args   []any
}

func (r *recorder) Driver() driver.Driver { return r.driver }

func (r *recorder) Connect(context.Context) (driver.Conn, error) {
	conn, err := r.driver.Open(r.source)
	return recordingConn{conn, r}, err
}

type recordingConn struct {
	driver.Conn
	recorder *recorder
}

func (c recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.recorder.query, c.recorder.args = query, nil
	for _, arg := range args {
		c.recorder.args = append(c.recorder.args, arg.Value)
	}
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// plan returns the database's plan for the latest query.
func (r *recorder) plan(t *testing.T, db *sql.DB, explain string) string {
	t.Helper()
	query, args := r.query, r.args
	rows, err := db.QueryContext(t.Context(), explain+query, args...)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var plan strings.Builder
	for rows.Next() {
		line := make([]any, len(columns))
		for i := range line {
			line[i] = new(any)
		}
		require.NoError(t, rows.Scan(line...))
		fmt.Fprintln(&plan, *line[len(line)-1].(*any))
	}
	require.NoError(t, rows.Err())
	return plan.String()
}

// manyRecords is enough for a database to prefer an index to a full scan.
const manyRecords = 20_000

// fillTables inserts many finished records. Every thousandth has work to do.
func fillTables(t *testing.T, db *sql.DB, numbers string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `INSERT INTO wagraph_signups (id, tenant, app, begun_with, revision, state, business, due, data)
SELECT 'r' || n, 't' || (n / 10), '1', 'k' || n, 1, CASE WHEN n % 1000 = 0 THEN 'running' ELSE 'done' END, 'b' || (n / 3),
CASE WHEN n % 1000 = 0 THEN n END, '{"id":"r' || n || '","state":"running","steps":[{"name":"token","state":"open"}]}' FROM `+numbers)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), `INSERT INTO wagraph_secrets (tenant, record, kind, subject, expires, seal_key, revision, data)
SELECT tenant, id, 'token', '', '', 'k', 1, '' FROM wagraph_signups`)
	require.NoError(t, err)
}

// searchesByIndex asserts that each filter uses its index.
func searchesByIndex(t *testing.T, b backend) {
	source := b.empty(t)
	db := Open(t, b.driver, source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	fillTables(t, db, fmt.Sprintf(b.numbers, manyRecords))
	if b.dialect == sqlstore.PostgreSQL { // PostgreSQL does it without a command after some time, and SQLite never does
		_, err := db.ExecContext(t.Context(), "ANALYZE")
		require.NoError(t, err)
	}
	r := &recorder{driver: db.Driver(), source: source}
	recorded := sql.OpenDB(r)
	t.Cleanup(func() { require.NoError(t, recorded.Close()) })
	store := b.store(t, recorded)
	for index, filter := range map[string]onboard.Filter{
		"wagraph_signups_due":      {DueBefore: time.Now()},
		"wagraph_signups_tenant":   {Tenant: "t77"},
		"wagraph_signups_state":    {States: []onboard.State{onboard.StateRunning}},
		"wagraph_signups_business": {Business: "b77"},
	} {
		found := 0
		for _, err := range store.List(t.Context(), filter) {
			require.NoError(t, err)
			found++
		}
		require.Positive(t, found, index)
		require.Less(t, found, 100, index)
		require.Contains(t, r.plan(t, recorded, b.explain), index)
	}
	for _, err := range store.ListSealed(t.Context(), vault.Ref{Tenant: "t"}) {
		require.NoError(t, err)
		break
	}
	require.Regexp(t, "autoindex_wagraph_secrets|wagraph_secrets_pkey", r.plan(t, recorded, b.explain))
}
