package stores

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

func migratesOnce(t *testing.T, b backend) {
	source := b.empty(t)
	var group sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		db := Open(t, b.driver, source) // each has a handle of its own, like a process
		group.Go(func() { errs[i] = sqlstore.Migrate(t.Context(), db, b.dialect) })
	}
	group.Wait()
	require.NoError(t, errors.Join(errs...))

	db := Open(t, b.driver, source)
	var rows int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM wagraph_schema").Scan(&rows))
	require.Equal(t, 1, rows)
	record, err := b.store(t, db).Insert(t.Context(), aRecord("r1"))
	require.NoError(t, err)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	got, err := b.store(t, db).Get(t.Context(), record.ID)
	require.NoError(t, err)
	require.Equal(t, record, got, "a second migration changes nothing")
}

// migratesAllOrNothing lets the migration's last statement fail, because its table
// exists already.
func migratesAllOrNothing(t *testing.T, b backend) {
	db := Open(t, b.driver, b.empty(t))
	_, err := db.ExecContext(t.Context(), "CREATE TABLE wagraph_secrets (mine TEXT)")
	require.NoError(t, err)
	require.ErrorContains(t, sqlstore.Migrate(t.Context(), db, b.dialect), "to version 1")
	require.Error(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM wagraph_signups").Scan(new(int)), "no table was created")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, sqlstore.Migrate(cancelled, db, b.dialect), context.Canceled)

	_, err = db.ExecContext(t.Context(), "DROP TABLE wagraph_secrets")
	require.NoError(t, err)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect), "no transaction and no lock was left behind")
	b.store(t, db)
}

func refusesOtherTables(t *testing.T, b backend) {
	db := Open(t, b.driver, b.empty(t))
	_, err := sqlstore.New(t.Context(), db, b.dialect)
	require.ErrorIs(t, err, sqlstore.ErrSchema)
	require.ErrorContains(t, err, "run Migrate")
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	_, err = db.ExecContext(t.Context(), "INSERT INTO wagraph_schema (version) VALUES (1000)")
	require.NoError(t, err)
	_, err = sqlstore.New(t.Context(), db, b.dialect)
	require.ErrorIs(t, err, sqlstore.ErrSchema)
	require.ErrorContains(t, err, "newer version")
	require.ErrorIs(t, sqlstore.Migrate(t.Context(), db, b.dialect), sqlstore.ErrSchema, "no migration goes back to an older version")
	_, err = sqlstore.New(t.Context(), db, 0)
	require.ErrorContains(t, err, "Dialect(0)")
	require.ErrorContains(t, sqlstore.Migrate(t.Context(), db, 7), "Dialect(7)")
}

func sqliteSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signups.db")
	open := func(pragmas ...string) *sql.DB {
		return Open(t, "sqlite", SQLiteSource(path, url.Values{"_pragma": pragmas}))
	}
	require.NoError(t, sqlstore.Migrate(t.Context(), open("busy_timeout(60000)"), sqlstore.SQLite))
	for _, test := range []struct {
		pragmas []string
		problem string
	}{
		{nil, "busy_timeout(10000)"},
		{[]string{"busy_timeout(60000)", "synchronous(NORMAL)"}, "synchronous(FULL)"},
		{[]string{"busy_timeout(60000)", "synchronous(OFF)"}, "synchronous(FULL)"},
		{[]string{"busy_timeout(60000)"}, ""},
		{[]string{"busy_timeout(60000)", "synchronous(EXTRA)"}, ""},
	} {
		_, err := sqlstore.New(t.Context(), open(test.pragmas...), sqlstore.SQLite)
		if test.problem == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, test.problem)
	}
	_, err := sqlstore.New(t.Context(), open("busy_timeout(60000)"), sqlstore.PostgreSQL)
	require.Error(t, err, "the wrong dialect")
}

func postgresSettings(t *testing.T, server *Server) {
	source := server.Source(t)
	db := Open(t, "pgx", source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, sqlstore.PostgreSQL))
	_, err := sqlstore.New(t.Context(), Open(t, "pgx", source+" options='-c synchronous_commit=off'"), sqlstore.PostgreSQL)
	require.ErrorContains(t, err, "synchronous_commit")
	_, err = sqlstore.New(t.Context(), Open(t, "pgx", source+" options='-c default_transaction_isolation=serializable'"), sqlstore.PostgreSQL)
	require.ErrorContains(t, err, "default_transaction_isolation")

	_, err = db.ExecContext(t.Context(), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
	require.NoError(t, err)
	latin := Open(t, "pgx", source+" database=latin search_path=public")
	require.NoError(t, sqlstore.Migrate(t.Context(), latin, sqlstore.PostgreSQL))
	_, err = sqlstore.New(t.Context(), latin, sqlstore.PostgreSQL)
	require.ErrorContains(t, err, "UTF8")

	var collation string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT string_agg(x, '') FROM (SELECT x FROM (VALUES ('a'), ('B')) v (x) ORDER BY x) s").Scan(&collation))
	require.Equal(t, "aB", collation, "the order of the server is not that of the bytes, so the tables have to set it")
	store, err := sqlstore.New(t.Context(), db, sqlstore.PostgreSQL)
	require.NoError(t, err)
	for _, id := range []string{"a", "B"} {
		_, err = store.Insert(t.Context(), aRecord(id))
		require.NoError(t, err)
	}
	for record, err := range store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		require.Equal(t, "B", record.ID)
		break
	}
}
