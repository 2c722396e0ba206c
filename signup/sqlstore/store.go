package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/graph"
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

// New returns a Store on a handle. The caller closes the handle. New reads the
// settings of the database and the version of the tables. Its error says what is
// missing; it matches ErrSchema if [Migrate] has to be run. A nil handle or context
// and an unknown Dialect are InputErrors.
func New(ctx context.Context, db *sql.DB, kind Dialect) (*Store, error) {
	d, err := checkArguments(ctx, db, kind)
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

// checkArguments returns the dialect of a kind, and refuses nil arguments.
func checkArguments(ctx context.Context, db *sql.DB, kind Dialect) (dialect, error) {
	switch {
	case ctx == nil:
		return dialect{}, errNilContext()
	case db == nil:
		return dialect{}, &graph.InputError{Field: "database", Reason: "is nil: sql.Open makes a handle"}
	}
	return kind.dialect()
}

func errNilContext() error {
	return &graph.InputError{Field: "context", Reason: "is nil: context.Background() is never cancelled"}
}

// Check returns an InputError if New did not make the Store. onboard.New calls it.
func (s *Store) Check() error {
	if s == nil || s.db == nil {
		return &graph.InputError{Field: "store", Reason: "is nil or empty: sqlstore.New makes one"}
	}
	return nil
}

// check refuses a nil context, and a Store that New did not make.
func (s *Store) check(ctx context.Context) error {
	if err := s.Check(); err != nil {
		return err
	}
	if ctx == nil {
		return errNilContext()
	}
	return nil
}

// exec runs a statement and reports whether it changed a row.
func (s *Store) exec(ctx context.Context, statement string, args ...any) (changed bool, err error) {
	if err := s.check(ctx); err != nil {
		return false, err
	}
	result, err := s.db.ExecContext(ctx, s.dialect.words.Replace(statement), args...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// row reads one row; ErrNoRows becomes none.
func (s *Store) row(ctx context.Context, none error, query string, args, into []any) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	err := s.db.QueryRowContext(ctx, s.dialect.words.Replace(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return none
	}
	return err
}

// pageSize is the number of rows that are read before the loop gets the first one.
const pageSize = 256

// page reads all rows of a query, so that no connection is held while the loop works
// on them.
func page[T any](ctx context.Context, s *Store, scan func(*sql.Rows) (T, error), query string, args ...any) (items []T, err error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
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

// about adds to an error what failed, and for which record or secret.
func about(verb, what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sqlstore: %s %s: %w", verb, what, err)
}
