package sqlstore

import (
	"context"
	"database/sql"
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

// exec runs a statement outside of a transaction, and reports whether it changed a row.
func (s *Store) exec(ctx context.Context, statement string, args ...any) (changed bool, err error) {
	if err := s.check(ctx); err != nil {
		return false, err
	}
	return s.dialect.exec(ctx, s.db, statement, args...)
}

// row reads one row outside of a transaction; ErrNoRows becomes none.
func (s *Store) row(ctx context.Context, none error, query string, args, into []any) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	return s.dialect.row(ctx, s.db, none, query, args, into)
}

// pageSize is the number of rows that are read before the loop gets the first one.
const pageSize = 256

// page reads all rows of a query outside of a transaction.
func page[T any](ctx context.Context, s *Store, scan func(*sql.Rows) (T, error), query string, args ...any) (items []T, err error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	return all(ctx, s.dialect, s.db, scan, query, args...)
}

// about adds to an error what failed, and for which record or secret.
func about(verb, what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sqlstore: %s %s: %w", verb, what, err)
}
