package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// migrations/N.sql leads from version N-1 of the tables to version N. A file
// that was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// schemaVersion is the version that this code works with.
const schemaVersion = 1

// ErrSchema means that the tables have another version than this version of the
// module needs. Run [Migrate], or update the module if a newer version has run it.
var ErrSchema = graph.NewSentinel(graph.ErrInvalid, "sqlstore: the tables have another version")

// Migrate creates the tables, or updates those of an older version of this module.
// If they are up to date, it does nothing. Several processes may call it at the same
// time: one does the work and the others wait. All changes are in one transaction, so
// a failure leaves the tables unchanged.
//
// It needs the right to create tables; a Store does not.
func Migrate(ctx context.Context, db *sql.DB, kind Dialect) error {
	d, err := checkArguments(ctx, db, kind)
	if err != nil {
		return err
	}
	if err := transaction(ctx, db, d.lock, func(conn *sql.Conn) error { return d.upgrade(ctx, conn) }); err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	return nil
}

// upgrade applies what is missing.
func (d dialect) upgrade(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS wagraph_schema (version BIGINT NOT NULL PRIMARY KEY)"); err != nil {
		return err
	}
	version, err := readVersion(ctx, conn)
	if err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("%w: %d, made by a newer version of this module, which knows %d", ErrSchema, version, schemaVersion)
	}
	for version++; version <= schemaVersion; version++ {
		text, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", version))
		if err != nil {
			return err
		}
		// One at a time: not every driver takes several statements at once.
		for statement := range strings.SplitSeq(d.words.Replace(string(text)), ";") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("to version %d: %w", version, err)
			}
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO wagraph_schema (version) VALUES (%d)", version)); err != nil {
			return err
		}
	}
	return nil
}

func readVersion(ctx context.Context, db querier) (int, error) {
	var version int
	err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM wagraph_schema").Scan(&version)
	return version, err
}

// checkVersion says what to do about tables of another version.
func checkVersion(ctx context.Context, db *sql.DB) error {
	version, err := readVersion(ctx, db)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("sqlstore: read the version of the tables: %w", err)
	case err != nil:
		return fmt.Errorf("%w: none can be read, run Migrate first: %w", ErrSchema, err)
	case version != schemaVersion:
		return fmt.Errorf("%w: %d instead of %d; run Migrate, or the newer version of this module", ErrSchema, version, schemaVersion)
	}
	return nil
}
