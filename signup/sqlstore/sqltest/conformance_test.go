package sqltest

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/signuptest"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

func newStore(t *testing.T, db *sql.DB, dialect sqlstore.Dialect) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.New(t.Context(), db, dialect)
	require.NoError(t, err)
	return store
}

// conforms runs every suite on fresh databases.
func conforms(t *testing.T, dialect sqlstore.Dialect, database func(t testing.TB) *sql.DB) {
	t.Helper()
	t.Run("Store", func(t *testing.T) {
		signuptest.TestStore(t, func(t *testing.T) signup.Store { return newStore(t, database(t), dialect) })
	})
	t.Run("Blobs", func(t *testing.T) {
		signuptest.TestBlobs(t, func(t *testing.T) signup.Blobs { return newStore(t, database(t), dialect) })
	})
	t.Run("Sealing", func(t *testing.T) {
		signuptest.TestSealing(t, func(t *testing.T) signup.Blobs { return newStore(t, database(t), dialect) })
	})
}

func TestSQLiteConforms(t *testing.T) {
	t.Parallel()
	conforms(t, sqlstore.SQLite, SQLite)
}

// A single connection is a common way to use SQLite: nothing may need a second
// one while it holds the first.
func TestSQLiteConformsWithOneConnection(t *testing.T) {
	t.Parallel()
	conforms(t, sqlstore.SQLite, func(t testing.TB) *sql.DB {
		db := SQLite(t)
		db.SetMaxOpenConns(1)
		return db
	})
}

func TestPostgreSQLConforms(t *testing.T) {
	t.Parallel()
	server := PostgreSQL(t)
	conforms(t, sqlstore.PostgreSQL, server.Database)
}
