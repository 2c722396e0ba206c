package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const (
	insertRecord = `INSERT INTO wagraph_signups (id, tenant, app, begun_with, session, revision, objects, state, due, deadline, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`
	updateRecord = `UPDATE wagraph_signups SET revision = revision + 1, state = $8, due = $9, deadline = $10, data = $11
WHERE id = $1 AND tenant = $2 AND app = $3 AND begun_with = $4 AND session = $5 AND revision = $6 AND objects = $7`
	updateRecordAndObjects = `UPDATE wagraph_signups SET revision = revision + 1, objects = $7, state = $8, due = $9, deadline = $10, data = $11
WHERE id = $1 AND tenant = $2 AND app = $3 AND begun_with = $4 AND session = $5 AND revision = $6`
	selectRecord   = `SELECT id, revision, data FROM wagraph_signups WHERE id = $1`
	selectBegun    = `SELECT id, revision, data FROM wagraph_signups WHERE app = $1 AND begun_with = $2`
	selectSession  = `SELECT id, revision, data FROM wagraph_signups WHERE app = $1 AND session = $2 AND session <> ''`
	selectIdentity = `SELECT tenant, app, begun_with, session, revision FROM wagraph_signups WHERE id = $1`
)

// errNotWritten means that a statement changed no row.
var errNotWritten = errors.New("no row was changed")

// Insert stores a new record. If the code, token or event of the record is stored
// already, or its session, it returns that record and onboard.ErrExists.
func (s *Store) Insert(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := record.Check(); err != nil {
		return onboard.Record{}, err
	}
	record.Revision = 1
	args, err := columns(record)
	if err != nil {
		return onboard.Record{}, about("insert record", record.ID, err)
	}
	for tries := 1; ; tries++ {
		err := s.insert(ctx, record, args)
		if err == nil {
			return record.Clone(), nil
		}
		if !errors.Is(err, errNotWritten) {
			return onboard.Record{}, about("insert record", record.ID, err)
		}
		// The statement waited for the transaction that inserted the other record,
		// so it can be read.
		first, err := s.inserted(ctx, record)
		switch {
		case err == nil:
			return first, onboard.ErrExists
		case !errors.Is(err, onboard.ErrNoRecord) || tries == 3:
			return onboard.Record{}, about("insert record", record.ID, err)
		}
		// The other record was erased in the meantime.
	}
}

// insert writes the row of the record, and those of its objects.
func (s *Store) insert(ctx context.Context, record onboard.Record, args []any) error {
	objects := record.Objects()
	if len(objects) == 0 {
		written, err := s.exec(ctx, insertRecord, args...)
		return cmp.Or(err, unlessWritten(written))
	}
	return s.transaction(ctx, func(tx querier) error {
		written, err := s.dialect.exec(ctx, tx, insertRecord, args...)
		if err := cmp.Or(err, unlessWritten(written)); err != nil {
			return err
		}
		return s.addObjects(ctx, tx, record, objects)
	})
}

func unlessWritten(written bool) error {
	if written {
		return nil
	}
	return errNotWritten
}

// inserted returns the record because of which Insert changed no row.
func (s *Store) inserted(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	first, err := s.record(ctx, onboard.ErrNoRecord, selectBegun, string(record.App), record.Key)
	if errors.Is(err, onboard.ErrNoRecord) && record.Session != "" {
		first, err = s.record(ctx, onboard.ErrNoRecord, selectSession, string(record.App), record.Session)
	}
	if errors.Is(err, onboard.ErrNoRecord) {
		if _, err = s.record(ctx, onboard.ErrNoRecord, selectRecord, record.ID); err == nil {
			err = onboard.ErrConflict // another signup has the id
		}
	}
	return first, err
}

// Get returns the record.
func (s *Store) Get(ctx context.Context, id string) (onboard.Record, error) {
	record, err := s.record(ctx, onboard.ErrNoRecord, selectRecord, id)
	return record, about("get record", id, err)
}

// Update overwrites the record if it still has the Revision of the argument.
func (s *Store) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := record.Check(); err != nil {
		return onboard.Record{}, err
	}
	args, err := columns(record)
	if err != nil {
		return onboard.Record{}, about("update record", record.ID, err)
	}
	// Most updates change no object: they are one statement.
	written, err := s.exec(ctx, updateRecord, args...)
	if err == nil && !written {
		if err = s.whyNot(ctx, record); err == nil {
			err = s.updateAndObjects(ctx, record, args)
		}
	}
	if err != nil {
		return onboard.Record{}, about("update record", record.ID, err)
	}
	record.Revision++
	return record.Clone(), nil
}

// updateAndObjects writes the row of the record, and what is different in those of
// its objects.
func (s *Store) updateAndObjects(ctx context.Context, record onboard.Record, args []any) error {
	err := s.transaction(ctx, func(tx querier) error {
		written, err := s.dialect.exec(ctx, tx, updateRecordAndObjects, args...)
		if err := cmp.Or(err, unlessWritten(written)); err != nil {
			return err
		}
		return s.replaceObjects(ctx, tx, record)
	})
	if errors.Is(err, errNotWritten) {
		return cmp.Or(s.whyNot(ctx, record), onboard.ErrConflict)
	}
	return err
}

// whyNot returns the reason why Update changed no row. It is nil if only the objects
// are others.
func (s *Store) whyNot(ctx context.Context, record onboard.Record) error {
	var tenant, app, key, session string
	var revision int64
	err := s.row(ctx, onboard.ErrNoRecord, selectIdentity, []any{record.ID}, []any{&tenant, &app, &key, &session, &revision})
	switch {
	case err != nil:
		return err
	case tenant != string(record.Tenant), app != string(record.App), key != record.Key, session != record.Session:
		return &graph.InputError{Field: "record", Reason: "has another tenant, app, key or session than when it was inserted"}
	case revision != record.Revision:
		return onboard.ErrConflict
	}
	return nil
}

// record reads one record.
func (s *Store) record(ctx context.Context, none error, query string, args ...any) (onboard.Record, error) {
	var row recordRow
	if err := s.row(ctx, none, query, args, row.targets()); err != nil {
		return onboard.Record{}, err
	}
	return row.record()
}

func scanRecord(rows *sql.Rows) (onboard.Record, error) {
	var row recordRow
	if err := rows.Scan(row.targets()...); err != nil {
		return onboard.Record{}, err
	}
	return row.record()
}

// recordRow is a row of wagraph_signups as it is scanned.
type recordRow struct {
	id       string
	revision int64
	data     []byte
}

func (r *recordRow) targets() []any { return []any{&r.id, &r.revision, &r.data} }

// record reads the JSON. The column holds the revision that is valid.
func (r *recordRow) record() (record onboard.Record, err error) {
	if err := json.Unmarshal(r.data, &record); err != nil {
		return onboard.Record{}, fmt.Errorf("the row of %q holds no record: %w", r.id, err)
	}
	record.Revision = r.revision
	return record, nil
}

// columns returns the values of a row, in the order of the statements' parameters.
func columns(record onboard.Record) ([]any, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	var due, deadline any // NULL: none
	if at, open := record.Due(); open {
		due = nanoseconds(at)
	}
	if at, open := record.NextDeadline(); open {
		deadline = nanoseconds(at)
	}
	return []any{
		record.ID, string(record.Tenant), string(record.App), record.Key, record.Session, record.Revision,
		digest(record.Objects()), string(record.State), due, deadline, string(data),
	}, nil
}

// The first and the last time that an int64 of nanoseconds can hold.
var (
	earliest = time.Unix(0, math.MinInt64)
	latest   = time.Unix(0, math.MaxInt64)
)

// nanoseconds returns a time as an integer that a database can index. A time that the
// integer cannot hold becomes its smallest or largest value.
func nanoseconds(at time.Time) int64 {
	switch {
	case at.Before(earliest):
		return math.MinInt64
	case at.After(latest):
		return math.MaxInt64
	}
	return at.UnixNano()
}
