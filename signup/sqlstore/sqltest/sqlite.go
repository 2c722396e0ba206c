package sqltest

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver

	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// SQLiteSettings are the settings that a Store asks for, as the driver wants
// them in the data source name.
func SQLiteSettings() url.Values {
	return url.Values{"_pragma": {"busy_timeout(60000)", "journal_mode(WAL)", "synchronous(FULL)"}}
}

// SQLiteFile opens a database file, as another process would.
func SQLiteFile(t testing.TB, path string, settings url.Values) *sql.DB {
	t.Helper()
	name := url.URL{Scheme: "file", Opaque: filepath.ToSlash(path), RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", name.String())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// SQLite opens an empty database file with the tables in it.
func SQLite(t testing.TB) *sql.DB {
	t.Helper()
	db := SQLiteFile(t, filepath.Join(t.TempDir(), "signups.db"), SQLiteSettings())
	require.NoError(t, sqlstore.Migrate(t.Context(), db, sqlstore.SQLite))
	return db
}
