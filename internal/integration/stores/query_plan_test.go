package stores

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// recorder opens connections of a driver, and records the statements.
type recorder struct {
	driver     driver.Driver
	source     string
	statements []recorded
}

type recorded struct {
	text string
	args []any
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

func (c recordingConn) record(text string, named []driver.NamedValue) {
	var args []any
	for _, arg := range named {
		args = append(args, arg.Value)
	}
	c.recorder.statements = append(c.recorder.statements, recorded{text, args})
}

func (c recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.record(query, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c recordingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.record(query, args)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

// plan returns the database's plan for the latest statement with a text.
func (r *recorder) plan(t *testing.T, db *sql.DB, explain, with string) string {
	t.Helper()
	var latest recorded
	for _, statement := range r.statements {
		if strings.Contains(statement.text, with) && !strings.Contains(statement.text, "EXPLAIN") {
			latest = statement
		}
	}
	require.NotEmpty(t, latest.text, "no statement with %q", with)
	rows, err := db.QueryContext(t.Context(), explain+latest.text, latest.args...)
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

// Rows is the environment variable that says how many records the tests of the plans
// insert.
const Rows = "WAGRAPH_ROWS"

// manyRecords returns how many records the plans are made for: 100,000, which takes
// some seconds, or what the environment says.
func manyRecords(t *testing.T) int {
	t.Helper()
	text := os.Getenv(Rows)
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, Rows)
	require.GreaterOrEqual(t, n, 10_000, "%s: with fewer records a database does not use its indexes", Rows)
	return n
}

// fillTables inserts many records. A fifth of them is due, a tenth waits, fifty
// failed and have a deadline, and the others are done.
func fillTables(t *testing.T, db *sql.DB, b backend, records int) {
	t.Helper()
	insert := func(statement string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	insert(fmt.Sprintf(`INSERT INTO wagraph_signups (id, tenant, app, begun_with, session, revision, objects, state, due, deadline, data)
SELECT 'r' || n, 't' || (n / 10), '1', 'k' || n, 's' || n, 1, '',
CASE WHEN n %% %[1]d = 0 THEN 'failed' WHEN n %% 5 = 1 OR n %% 10 = 2 THEN 'running' ELSE 'done' END,
CASE WHEN n %% 5 = 1 THEN 1000000000 * CAST(n AS BIGINT) WHEN n %% 10 = 2 THEN 9000000000000000000 + n END,
CASE WHEN n %% %[1]d = 0 THEN n END,
'{"id":"r' || n || '","state":"running","steps":[{"name":"token","state":"open"}],"deadlines":[{"what":"register","at":"1970-01-01T00:00:00Z"}]}'
FROM `, records/50) + fmt.Sprintf(b.numbers, records))
	for kind, id := range map[string]string{"business": "'b' || (n / 3)", "waba": "'w' || n", "number": "'p' || n"} {
		insert(fmt.Sprintf(`INSERT INTO wagraph_objects (kind, object, record, tenant) SELECT '%s', %s, 'r' || n, 't' || (n / 10) FROM `, kind, id) +
			fmt.Sprintf(b.numbers, records))
	}
	insert(`INSERT INTO wagraph_leases (kind, object, owner, token, held_until)
SELECT CASE WHEN n % 2 = 0 THEN 'record' ELSE 'waba' END, 'x' || n, 'w', 't' || n, 9000000000000000000 FROM ` + fmt.Sprintf(b.numbers, 5_000))
	insert(`INSERT INTO wagraph_secrets (tenant, record, kind, subject, expires, seal_key, revision, data)
SELECT tenant, id, 'token', '', '', 'k', 1, '' FROM wagraph_signups`)
	if b.dialect == sqlstore.PostgreSQL { // PostgreSQL does it without a command after some time, and SQLite never does
		insert("VACUUM ANALYZE")
	}
}

func TestPlans_SQLite(t *testing.T) {
	t.Parallel()
	searchesByIndex(t, sqliteBackend())
}

func TestPlans_PostgreSQL(t *testing.T) {
	t.Parallel()
	searchesByIndex(t, PostgreSQL(t).backend())
}

// searchesByIndex asserts that each search uses its index.
func searchesByIndex(t *testing.T, b backend) {
	source := b.empty(t)
	db := Open(t, b.driver, source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	records := manyRecords(t)
	fillTables(t, db, b, records)
	r := &recorder{driver: db.Driver(), source: source}
	recording := sql.OpenDB(r)
	t.Cleanup(func() { require.NoError(t, recording.Close()) })
	store := b.store(t, recording)
	objects := "autoindex_wagraph_objects_1|wagraph_objects_pkey"
	for name, search := range map[string]struct {
		filter onboard.Filter
		index  string
	}{
		"due":      {onboard.Filter{DueBefore: time.Unix(100, 0)}, "wagraph_signups_due"},
		"deadline": {onboard.Filter{DeadlineBefore: time.Unix(1, 0)}, "wagraph_signups_deadline"},
		"tenant":   {onboard.Filter{Tenant: "t77"}, "wagraph_signups_tenant"},
		"state":    {onboard.Filter{States: []onboard.State{onboard.StateFailed}}, "wagraph_signups_state"},
		"session":  {onboard.Filter{Session: "s77"}, "wagraph_signups_session"},
		"business": {onboard.Filter{Business: "b77"}, objects},
		"waba":     {onboard.Filter{WABA: "w77"}, objects},
		"number":   {onboard.Filter{Number: "p77"}, objects},
	} {
		found := 0
		for _, err := range store.List(t.Context(), search.filter) {
			require.NoError(t, err)
			found++
		}
		require.Positive(t, found, name)
		require.LessOrEqual(t, found, 50, name)
		plan := r.plan(t, recording, b.explain, "FROM wagraph_signups")
		require.Regexp(t, search.index, plan, name)
		require.NotRegexp(t, scansTable, plan, name)
	}
	for _, err := range store.ListSealed(t.Context(), vault.Ref{Tenant: "t"}) {
		require.NoError(t, err)
		break
	}
	require.Regexp(t, "autoindex_wagraph_secrets|wagraph_secrets_pkey", r.plan(t, recording, b.explain, "FROM wagraph_secrets"))
	acquiresInOrder(t, b, r, recording, store)
	countsAndErasesByIndex(t, b, r, recording, store)
	t.Logf("%s: the plans of all searches, with %d records", b.driver, records)
}

// scansTable matches a plan that reads all rows of a table.
var scansTable = regexp.MustCompile(`SCAN (TABLE )?wagraph_\w+( |$)|Seq Scan on wagraph`)
