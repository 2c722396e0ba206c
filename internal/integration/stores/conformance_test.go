package stores

import (
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// backend is a kind of database, with what tests write in its dialect.
type backend struct {
	dialect sqlstore.Dialect
	driver  string
	// empty creates a database without tables and returns its data source name.
	empty func(t testing.TB) (source string)
	// numbers is a table expression of the numbers n from 1 to %d.
	numbers string
	explain string
}

func sqliteBackend() backend {
	return backend{
		dialect: sqlstore.SQLite, driver: "sqlite",
		empty: func(t testing.TB) string {
			return SQLiteSource(filepath.Join(t.TempDir(), "signups.db"), SQLiteSettings())
		},
		numbers: "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %d) SELECT n FROM c)",
		explain: "EXPLAIN QUERY PLAN ",
	}
}

func (s *Server) backend() backend {
	return backend{
		dialect: sqlstore.PostgreSQL, driver: "pgx", empty: s.Source,
		numbers: "generate_series(1, %d) AS n", explain: "EXPLAIN ",
	}
}

// tables opens a new database that has the tables.
func (b backend) tables(t testing.TB) *sql.DB {
	t.Helper()
	db := Open(t, b.driver, b.empty(t))
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	return db
}

func (b backend) store(t testing.TB, db *sql.DB) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.New(t.Context(), db, b.dialect)
	require.NoError(t, err)
	return store
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	b := sqliteBackend()
	b.run(t)
	t.Run("settings", sqliteSettings)
}

// TestSQLite_OneConnection: a single connection is a common way to use SQLite. No
// method may need a second one while it has the first.
func TestSQLite_OneConnection(t *testing.T) {
	t.Parallel()
	sqliteBackend().conforms(t, 1)
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	server := PostgreSQL(t)
	server.backend().run(t)
	t.Run("settings", func(t *testing.T) { postgresSettings(t, server) })
	t.Run("what is due waits for no transaction", func(t *testing.T) { passesOverLocked(t, server) })
}

func (b backend) run(t *testing.T) {
	t.Helper()
	b.conforms(t, 20)
	for _, test := range []struct {
		name string
		run  func(*testing.T, backend)
	}{
		{"migrates once, although several do it", migratesOnce},
		{"migrates all or nothing", migratesAllOrNothing},
		{"refuses tables of another version", refusesOtherTables},
		{"several processes count together", processesCount},
		{"acknowledged writes survive a kill", acknowledgedWritesSurvive},
		{"names the row that it cannot read", namesUnreadableRow},
		{"a process with another clock", processWithAnotherClock},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// conforms runs every suite, each test with a database of its own, and logs how many
// databases that were.
func (b backend) conforms(t *testing.T, connections int) {
	t.Helper()
	var opened atomic.Int64
	open := func(t *testing.T) *sqlstore.Store {
		t.Helper()
		opened.Add(1)
		db := b.tables(t)
		db.SetMaxOpenConns(connections)
		return b.store(t, db)
	}
	t.Run("Store", func(t *testing.T) {
		storetest.TestStore(t, func(t *testing.T) onboard.Store { return open(t) }, storetest.StoreOptions{})
	})
	t.Run("Storage", func(t *testing.T) {
		storetest.TestStorage(t, func(t *testing.T) vault.Storage { return open(t) })
	})
	t.Run("Sealing", func(t *testing.T) {
		storetest.TestSealing(t, func(t *testing.T) vault.Storage { return open(t) })
	})
	t.Logf("%s, with at most %d connections: the conformance suites opened a database %d times", b.driver, connections, opened.Load())
	require.NotZero(t, opened.Load())
}

// namesUnreadableRow asserts that a damaged row is an error that names the row, and
// not an empty record.
func namesUnreadableRow(t *testing.T, b backend) {
	db := b.tables(t)
	store := b.store(t, db)
	record, err := store.Insert(t.Context(), aRecord("r1"))
	require.NoError(t, err)
	ref := vault.Ref{Tenant: "acme", Record: "r1", Kind: vault.SecretToken}
	require.NoError(t, store.PutSealed(t.Context(), vault.SealedSecret{Ref: ref, Key: "k", Data: []byte("sealed")}))
	for _, damage := range []string{"UPDATE wagraph_signups SET data = '{'", "UPDATE wagraph_secrets SET expires = 'soon'"} {
		_, err = db.ExecContext(t.Context(), damage)
		require.NoError(t, err)
	}
	_, err = store.Get(t.Context(), record.ID)
	require.ErrorContains(t, err, "r1")
	for _, err := range store.List(t.Context(), onboard.Filter{}) {
		require.ErrorContains(t, err, "r1")
	}
	_, err = store.GetSealed(t.Context(), ref)
	require.ErrorContains(t, err, ref.String())
	for _, err := range store.ListSealed(t.Context(), vault.Ref{}) {
		require.ErrorContains(t, err, ref.String())
	}
}

// aRecord returns a record with one open step.
func aRecord(id string) onboard.Record {
	return onboard.Record{
		ID: id, Tenant: "acme", App: "634974688087057", Key: "hash of " + id, State: onboard.StateRunning,
		Steps: []onboard.StepRecord{{Name: onboard.StepToken, State: onboard.StepOpen}},
	}
}
