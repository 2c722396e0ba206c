package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const (
	insertRecord = `INSERT INTO wagraph_signups (id, tenant, app, begun_with, revision, state, business, due, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`
	updateRecord = `UPDATE wagraph_signups SET revision = revision + 1, state = $6, business = $7, due = $8, data = $9
WHERE id = $1 AND tenant = $2 AND app = $3 AND begun_with = $4 AND revision = $5`
	selectRecord   = `SELECT id, revision, data FROM wagraph_signups WHERE id = $1`
	selectBegun    = `SELECT id, revision, data FROM wagraph_signups WHERE app = $1 AND begun_with = $2`
	selectIdentity = `SELECT tenant, app, begun_with FROM wagraph_signups WHERE id = $1`
	selectRecords  = `SELECT id, revision, data FROM wagraph_signups WHERE `
)

// Insert stores a new record. If the code, token or event of the record is stored
// already, it returns that record and onboard.ErrExists.
func (s *Store) Insert(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := record.Check(); err != nil {
		return onboard.Record{}, err
	}
	record.Revision = 1
	args, err := columns(record)
	if err != nil {
		return onboard.Record{}, about("insert record", record.ID, err)
	}
	inserted, err := s.exec(ctx, insertRecord, args...)
	if err != nil {
		return onboard.Record{}, about("insert record", record.ID, err)
	}
	if inserted {
		return record.Clone(), nil
	}
	// Either the signup is known or the id is taken. The statement waited for
	// the transaction that inserted it, so it can be read; and no record is deleted.
	first, err := s.record(ctx, onboard.ErrConflict, selectBegun, string(record.App), record.Key)
	if err != nil {
		return onboard.Record{}, about("insert record", record.ID, err)
	}
	return first, onboard.ErrExists
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
	updated, err := s.exec(ctx, updateRecord, args...)
	if err != nil {
		return onboard.Record{}, about("update record", record.ID, err)
	}
	if !updated {
		return onboard.Record{}, about("update record", record.ID, s.whyNot(ctx, record))
	}
	record.Revision++
	return record.Clone(), nil
}

// whyNot returns the reason why Update changed no row.
func (s *Store) whyNot(ctx context.Context, record onboard.Record) error {
	var tenant, app, key string
	err := s.row(ctx, onboard.ErrNoRecord, selectIdentity, []any{record.ID}, []any{&tenant, &app, &key})
	if err != nil {
		return err
	}
	if tenant != string(record.Tenant) || app != string(record.App) || key != record.Key {
		return &graph.InputError{Field: "record", Reason: "has another tenant, app or key than when it was inserted"}
	}
	return onboard.ErrConflict
}

// List yields the records that fit.
func (s *Store) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	return func(yield func(onboard.Record, error) bool) {
		for filter := filter; ; {
			query, args := selection(filter)
			records, err := page(ctx, s, scanRecord, query, args...)
			if err != nil {
				yield(onboard.Record{}, about("list records behind", fmt.Sprintf("%q", filter.After), err))
				return
			}
			for _, record := range records {
				filter.After = record.ID
				// The column of due is rounded where time is out of its range.
				if !filter.DueBefore.IsZero() && !dueBefore(record, filter.DueBefore) {
					continue
				}
				if !yield(record, nil) {
					return
				}
			}
			if len(records) < pageSize {
				return
			}
		}
	}
}

// selection is the query for the next page of a filter.
func selection(filter onboard.Filter) (query string, args []any) {
	bind := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	id := "id"
	if !filter.DueBefore.IsZero() {
		id = "{unsearched}id"
	}
	where := []string{id + " > " + bind(filter.After)}
	if filter.Tenant != "" {
		where = append(where, "tenant = "+bind(string(filter.Tenant)))
	}
	if filter.Business != "" {
		where = append(where, "business = "+bind(string(filter.Business)))
	}
	if len(filter.States) > 0 {
		var states []string
		for _, state := range slices.Compact(slices.Sorted(slices.Values(filter.States))) {
			states = append(states, bind(string(state)))
		}
		where = append(where, "state IN ("+strings.Join(states, ", ")+")")
	}
	if !filter.DueBefore.IsZero() {
		where = append(where, "due <= "+bind(nanoseconds(filter.DueBefore)))
	}
	return selectRecords + strings.Join(where, " AND ") + fmt.Sprintf(" ORDER BY %s LIMIT %d", id, pageSize), args
}

func dueBefore(record onboard.Record, before time.Time) bool {
	due, open := record.Due()
	return open && due.Before(before)
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
	var due any // NULL: nothing to do
	if at, open := record.Due(); open {
		due = nanoseconds(at)
	}
	return []any{
		record.ID, string(record.Tenant), string(record.App), record.Key, record.Revision, string(record.State),
		string(record.Business), due, string(data),
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
