package killtest

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/integration/stores"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// database is where processes store what the next process has to read.
type database struct {
	Driver, Source string
	Dialect        sqlstore.Dialect
	file           string
}

// sqlite creates a file with empty tables.
func sqlite(t *testing.T) database {
	t.Helper()
	file := filepath.Join(t.TempDir(), "signups.db")
	db := database{Driver: "sqlite", Source: stores.SQLiteSource(file, stores.SQLiteSettings()), Dialect: sqlstore.SQLite, file: file}
	db.migrate(t)
	return db
}

// postgres creates a schema with empty tables.
func postgres(t *testing.T, server *stores.Server) database {
	t.Helper()
	db := database{Driver: "pgx", Source: server.Source(t), Dialect: sqlstore.PostgreSQL}
	db.migrate(t)
	return db
}

func (d database) migrate(t *testing.T) {
	t.Helper()
	require.NoError(t, sqlstore.Migrate(t.Context(), stores.Open(t, d.Driver, d.Source), d.Dialect))
}

// bytes returns everything that is stored: the files of SQLite, with its log and
// shared memory, or the rows of PostgreSQL.
func (d database) bytes(t *testing.T) []byte {
	t.Helper()
	var all []byte
	if d.file != "" {
		files, err := filepath.Glob(d.file + "*")
		require.NoError(t, err)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			all = append(all, content...)
		}
		return all
	}
	db := stores.Open(t, d.Driver, d.Source)
	for _, query := range []string{
		"SELECT convert_to(t::text, 'UTF8') FROM wagraph_signups t", "SELECT convert_to(t::text, 'UTF8') FROM wagraph_secrets t",
		"SELECT data FROM wagraph_secrets",
	} {
		all = append(all, rows(t, db, query)...)
	}
	return all
}

func rows(t *testing.T, db *sql.DB, query string) (all []byte) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var row []byte
		require.NoError(t, rows.Scan(&row))
		all = append(all, row...)
	}
	require.NoError(t, rows.Err())
	return all
}
