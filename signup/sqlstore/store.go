package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Store is an onboard.Store and a vault.Storage in a SQL database.
type Store struct {
	db      *sql.DB
	dialect dialect
}

var (
	_ onboard.Store = (*Store)(nil)
	_ vault.Storage = (*Store)(nil)
)

// New makes a Store on a handle, which stays the caller's to close. It reads the
// database's settings and the version of the tables: an error says what is
// missing, and matches ErrSchema if that is a [Migrate].
func New(ctx context.Context, db *sql.DB, kind Dialect) (*Store, error) {
	d, err := kind.dialect()
	if err != nil {
		return nil, err
	}
	if err := d.check(ctx, db); err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, db); err != nil {
		return nil, err
	}
	return &Store{db: db, dialect: d}, nil
}

// exec runs a statement and reports whether it changed a row.
func (s *Store) exec(ctx context.Context, statement string, args ...any) (changed bool, err error) {
	result, err := s.db.ExecContext(ctx, s.dialect.words.Replace(statement), args...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// row reads one row; ErrNoRows becomes none.
func (s *Store) row(ctx context.Context, none error, query string, args, into []any) error {
	err := s.db.QueryRowContext(ctx, s.dialect.words.Replace(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return none
	}
	return err
}

// pageSize is how many rows are read before the loop gets the first of them.
const pageSize = 256

// page reads all rows of a query, so that no connection is held while they are
// looked at.
func page[T any](ctx context.Context, s *Store, scan func(*sql.Rows) (T, error), query string, args ...any) (items []T, err error) {
	rows, err := s.db.QueryContext(ctx, s.dialect.words.Replace(query), args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}

// about says what was done to what, when it failed.
func about(verb, what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sqlstore: %s %s: %w", verb, what, err)
}
