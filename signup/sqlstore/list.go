package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const selectRecords = `SELECT id, revision, data FROM wagraph_signups WHERE `

// List yields the records that fit.
func (s *Store) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	return func(yield func(onboard.Record, error) bool) {
		// The columns of the dates are rounded where a date is out of their range.
		dates := onboard.Filter{DueBefore: filter.DueBefore, DeadlineBefore: filter.DeadlineBefore}
		for filter := filter; ; {
			query, args := selection(filter)
			records, err := page(ctx, s, scanRecord, query, args...)
			if err != nil {
				yield(onboard.Record{}, about("list records behind", fmt.Sprintf("%q", filter.After), err))
				return
			}
			for _, record := range records {
				filter.After = record.ID
				if dates.Match(record) && !yield(record, nil) {
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
	if !filter.DueBefore.IsZero() || !filter.DeadlineBefore.IsZero() {
		id = "{unsearched}id"
	}
	where := []string{id + " > " + bind(filter.After)}
	if filter.Tenant != "" {
		where = append(where, "tenant = "+bind(string(filter.Tenant)))
	}
	if filter.Session != "" {
		where = append(where, "session <> '' AND session = "+bind(filter.Session)) // the index has only these
	}
	for _, object := range filter.Objects() {
		where = append(where, fmt.Sprintf("id IN (SELECT record FROM wagraph_objects WHERE kind = %s AND object = %s)",
			bind(string(object.Kind)), bind(object.ID)))
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
	if !filter.DeadlineBefore.IsZero() {
		where = append(where, "deadline <= "+bind(nanoseconds(filter.DeadlineBefore)))
	}
	return selectRecords + strings.Join(where, " AND ") + fmt.Sprintf(" ORDER BY %s LIMIT %d", id, pageSize), args
}
