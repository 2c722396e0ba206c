package stores

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver

	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// SQLiteSettings returns the settings that a Store requires, in the form that the
// driver reads from the data source name.
func SQLiteSettings() url.Values {
	return url.Values{"_pragma": {"busy_timeout(60000)", "journal_mode(WAL)", "synchronous(FULL)"}}
}

// SQLiteSource returns the data source name of a database file.
func SQLiteSource(path string, settings url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: filepath.ToSlash(path), RawQuery: settings.Encode()}).String()
}

// SQLite opens an empty database file with the tables in it.
func SQLite(t testing.TB) *sql.DB {
	t.Helper()
	db := Open(t, "sqlite", SQLiteSource(filepath.Join(t.TempDir(), "signups.db"), SQLiteSettings()))
	require.NoError(t, sqlstore.Migrate(t.Context(), db, sqlstore.SQLite))
	return db
}
