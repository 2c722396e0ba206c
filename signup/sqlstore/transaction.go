package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// querier is what *sql.DB and *sql.Conn have in common here.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// transaction commits what work did, or nothing if work returns an error.
//
// It is not a sql.Tx: SQLite's would begin without the lock, and two of them that
// then both want to write fail instead of waiting.
func transaction(ctx context.Context, db *sql.DB, begin []string, work func(*sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			rollBack(ctx, conn)
		}
		_ = conn.Close()
	}()
	for _, statement := range begin {
		if _, err = conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err = work(conn); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	committed = err == nil
	return err
}

// rollBack ends a transaction, also when ctx ended or work panicked: a connection with
// an open transaction would go back to the pool otherwise.
func rollBack(ctx context.Context, conn *sql.Conn) {
	if _, failed := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); failed != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it
	}
}

// transaction runs work in a transaction that writes.
func (s *Store) transaction(ctx context.Context, work func(querier) error) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	return transaction(ctx, s.db, s.dialect.begin, func(conn *sql.Conn) error { return work(conn) })
}

// exec runs a statement and reports whether it changed a row.
func (d dialect) exec(ctx context.Context, db querier, statement string, args ...any) (changed bool, err error) {
	result, err := db.ExecContext(ctx, d.words.Replace(statement), args...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// row reads one row; ErrNoRows becomes none.
func (d dialect) row(ctx context.Context, db querier, none error, query string, args, into []any) error {
	err := db.QueryRowContext(ctx, d.words.Replace(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return none
	}
	return err
}

// all reads all rows of a query, so that no connection is held while a loop works on
// them.
func all[T any](ctx context.Context, d dialect, db querier, scan func(*sql.Rows) (T, error), query string, args ...any) (items []T, err error) {
	rows, err := db.QueryContext(ctx, d.words.Replace(query), args...)
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
