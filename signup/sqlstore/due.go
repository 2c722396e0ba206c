package sqlstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// selectDue walks through the index of due from its begin: it reads the rows that it
// returns, and those in front of them that are leased. The limit is part of the text,
// because a database plans with it.
func selectDue(limit int) string {
	return fmt.Sprintf(`SELECT id, due FROM wagraph_signups WHERE due IS NOT NULL AND due <= {moment}
AND COALESCE((SELECT held_until FROM wagraph_leases WHERE kind = 'record' AND object = wagraph_signups.id), 0) <= {moment}
ORDER BY due, id LIMIT %d`, limit)
}

// acquireDue finds and leases records with one statement. Callers at the same time
// lock different rows. A record whose lease was committed after the statement began
// is returned without a token.
func acquireDue(limit int) string {
	return `WITH found AS (` + selectDue(limit) + ` FOR NO KEY UPDATE SKIP LOCKED),
taken AS (INSERT INTO wagraph_leases (kind, object, owner, token, held_until)
SELECT 'record', id, $1, CAST($2 AS TEXT) || id, {now} + $3 FROM found ORDER BY id
ON CONFLICT (kind, object) DO UPDATE SET owner = excluded.owner, token = excluded.token, held_until = {now} + $3
WHERE wagraph_leases.held_until <= {now} RETURNING object, token, held_until)
SELECT found.id, COALESCE(taken.token, ''), COALESCE(taken.held_until, 0)
FROM found LEFT JOIN taken ON taken.object = found.id ORDER BY found.due, found.id`
}

// AcquireDue leases the records that are due longest.
func (s *Store) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]onboard.Lease, error) {
	if err := cmp.Or(s.check(ctx), onboard.CheckAcquireDue(owner, ttl, limit)); err != nil {
		return nil, err
	}
	acquire := s.acquireDueInTurn
	if s.dialect.server {
		acquire = s.acquireDueAtOnce
	}
	leases, err := acquire(ctx, owner, ttl, limit)
	return leases, about("acquire what is due for", owner, err)
}

// acquireDueInTurn is for SQLite, where one writer waits for another one.
func (s *Store) acquireDueInTurn(ctx context.Context, owner string, ttl time.Duration, limit int) (leases []onboard.Lease, err error) {
	err = s.transaction(ctx, func(tx querier) error {
		ids, err := all(ctx, s.dialect, tx, scanDue, selectDue(limit))
		if err != nil {
			return err
		}
		for _, id := range ids {
			lease := onboard.Lease{Owner: owner, Token: rand.Text(), Objects: []onboard.Object{onboard.RecordObject(id)}}
			if lease.Granted, err = s.acquire(ctx, tx, lease, ttl, lease.Objects[0]); err != nil {
				return err
			}
			leases = append(leases, lease)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

func scanDue(rows *sql.Rows) (id string, err error) {
	err = rows.Scan(&id, new(sql.RawBytes))
	return id, err
}

// acquireDueAtOnce is for PostgreSQL. It asks again if another caller was quicker, so
// that fewer leases than limit means that nothing more is due.
func (s *Store) acquireDueAtOnce(ctx context.Context, owner string, ttl time.Duration, limit int) (leases []onboard.Lease, err error) {
	term := nanosecondsOf(ttl)
	scan := func(rows *sql.Rows) (lease onboard.Lease, err error) {
		var id string
		var until int64
		err = rows.Scan(&id, &lease.Token, &until)
		lease.Owner, lease.Objects = owner, []onboard.Object{onboard.RecordObject(id)}
		lease.Granted = time.Unix(0, until-term).UTC()
		return lease, err
	}
	for len(leases) < limit {
		found, err := all(ctx, s.dialect, s.db, scan, acquireDue(limit-len(leases)), owner, rand.Text(), term)
		if err != nil {
			return leases, err // the caller has those
		}
		lost := false
		for _, lease := range found {
			if lease.Token == "" {
				lost = true
				continue
			}
			leases = append(leases, lease)
		}
		if !lost {
			break
		}
	}
	return leases, nil
}
