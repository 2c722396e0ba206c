package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const (
	selectBacklog = `SELECT (SELECT COUNT(*) FROM wagraph_signups WHERE due IS NOT NULL AND due <= {moment}),
(SELECT COUNT(*) FROM wagraph_signups WHERE due IS NOT NULL AND due > {moment}),
(SELECT COUNT(*) FROM wagraph_signups WHERE state = $1),
(SELECT MIN(due) FROM wagraph_signups WHERE due IS NOT NULL), {now}`

	eraseRecords = `DELETE FROM wagraph_signups WHERE tenant = $1`
	// eraseObjects deletes what belongs to no record: another process may have
	// inserted one of the tenant after eraseRecords.
	eraseObjects = `DELETE FROM wagraph_objects WHERE tenant = $1
AND NOT EXISTS (SELECT 1 FROM wagraph_signups WHERE wagraph_signups.id = wagraph_objects.record)`
	// eraseLeases deletes the leases that have ended. Some may name the tenant's
	// objects: a worker that was killed has not released them.
	eraseLeases = `DELETE FROM wagraph_leases WHERE held_until <= {moment} AND (kind, object) IN
(SELECT kind, object FROM wagraph_leases WHERE held_until <= {moment}{skip_locked})`
)

// Backlog counts the records that are not final.
func (s *Store) Backlog(ctx context.Context) (backlog onboard.Backlog, err error) {
	var first sql.NullInt64
	var now int64
	err = s.row(ctx, nil, selectBacklog, []any{string(onboard.StateFailed)},
		[]any{&backlog.Due, &backlog.Waiting, &backlog.Failed, &first, &now})
	if err != nil {
		return onboard.Backlog{}, about("count", "the backlog", err)
	}
	if backlog.Due > 0 && first.Valid {
		backlog.Oldest = max(0, time.Unix(0, now).Sub(time.Unix(0, first.Int64)))
	}
	return backlog, nil
}

// Erase deletes all records of a tenant.
func (s *Store) Erase(ctx context.Context, tenant signup.Tenant) (erased int, err error) {
	if err := s.check(ctx); err != nil {
		return 0, err
	}
	if tenant == "" {
		return 0, &graph.InputError{Field: "tenant", Reason: "is empty"}
	}
	err = s.transaction(ctx, func(tx querier) error {
		result, err := tx.ExecContext(ctx, s.dialect.words.Replace(eraseRecords), string(tenant))
		if err != nil {
			return err
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return err
		}
		erased = int(rows)
		_, err = s.dialect.exec(ctx, tx, eraseObjects, string(tenant))
		return err
	})
	if err == nil {
		_, err = s.exec(ctx, eraseLeases)
	}
	if err != nil {
		return 0, about("erase the records of", string(tenant), err)
	}
	return erased, nil
}
