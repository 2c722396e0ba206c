package sqlstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// A lease has a row for each object. It has the object until held_until, by the
// database's clock: every statement reads that clock itself.
const (
	// acquireObject changes no row if another lease has the object.
	acquireObject = `INSERT INTO wagraph_leases (kind, object, owner, token, held_until) VALUES ($1, $2, $3, $4, {now} + $5)
ON CONFLICT (kind, object) DO UPDATE SET owner = excluded.owner, token = excluded.token, held_until = {now} + $5
WHERE wagraph_leases.held_until <= {now}`
	acquireReturning = acquireObject + ` RETURNING held_until`
	selectAcquired   = `SELECT held_until FROM wagraph_leases WHERE kind = $1 AND object = $2 AND token = $3`
	selectHolder     = `SELECT owner, held_until - {now} FROM wagraph_leases WHERE kind = $1 AND object = $2`
	extendObject     = `UPDATE wagraph_leases SET held_until = {now} + $4
WHERE kind = $1 AND object = $2 AND token = $3 AND held_until > {now}`
	releaseObject = `DELETE FROM wagraph_leases WHERE kind = $1 AND object = $2 AND token = $3`
)

// longestTerm keeps the sum of a time and a term in the range of an integer.
const longestTerm = 100 * 365 * 24 * time.Hour

// nanosecondsOf returns a term as the statements take it.
func nanosecondsOf(ttl time.Duration) int64 { return int64(min(ttl, longestTerm)) }

// busyError says which object the store could not lease.
type busyError struct{ object onboard.Object }

func (e *busyError) Error() string { return fmt.Sprintf("a lease has %v", e.object) }

// Acquire leases all the objects, or none.
func (s *Store) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	if err := cmp.Or(s.check(ctx), onboard.CheckAcquire(owner, ttl, objects)); err != nil {
		return onboard.Lease{}, err
	}
	lease := onboard.Lease{Owner: owner, Token: rand.Text(), Objects: onboard.SortObjects(objects)}
	acquire := func(tx querier) error {
		for i, object := range lease.Objects {
			granted, err := s.acquire(ctx, tx, lease, ttl, object)
			if err != nil {
				return err
			}
			if i == 0 { // the term of the others ends later
				lease.Granted = granted
			}
		}
		return nil
	}
	var err error
	if s.dialect.server && len(lease.Objects) == 1 { // one journey to the server
		err = acquire(s.db)
	} else {
		err = s.transaction(ctx, acquire)
	}
	if busy, ok := errors.AsType[*busyError](err); ok {
		err = s.busy(ctx, busy.object)
	}
	if err != nil {
		return onboard.Lease{}, about("acquire", fmt.Sprint(lease.Objects), err)
	}
	return lease, nil
}

// acquire leases one object. If it is busy, the error is a busyError.
func (s *Store) acquire(ctx context.Context, tx querier, lease onboard.Lease, ttl time.Duration, object onboard.Object) (granted time.Time, err error) {
	var until int64
	term, busy := nanosecondsOf(ttl), &busyError{object}
	args := []any{string(object.Kind), object.ID, lease.Owner, lease.Token, term}
	if s.dialect.server {
		err = s.dialect.row(ctx, tx, busy, acquireReturning, args, []any{&until})
	} else { // SQLite has RETURNING from version 3.35 on
		var written bool
		switch written, err = s.dialect.exec(ctx, tx, acquireObject, args...); {
		case err == nil && !written:
			err = busy
		case err == nil:
			err = s.dialect.row(ctx, tx, busy, selectAcquired, []any{string(object.Kind), object.ID, lease.Token}, []any{&until})
		}
	}
	return time.Unix(0, until-term).UTC(), err
}

// busy returns the error for an object that another lease has.
func (s *Store) busy(ctx context.Context, object onboard.Object) error {
	var owner string
	var left int64
	err := s.row(ctx, onboard.ErrNoRecord, selectHolder, []any{string(object.Kind), object.ID}, []any{&owner, &left})
	switch {
	case errors.Is(err, onboard.ErrNoRecord) || err == nil && left <= 0:
		return fmt.Errorf("%w: it had %v until now", onboard.ErrBusy, object)
	case err != nil:
		return err
	}
	return fmt.Errorf("%w: %s has %v for %v", onboard.ErrBusy, owner, object, time.Duration(left).Round(time.Millisecond))
}

// Extend lets the lease end later, unless it has ended.
func (s *Store) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	if err := cmp.Or(s.check(ctx), onboard.CheckAcquire(lease.Owner, ttl, lease.Objects)); err != nil {
		return err
	}
	return about("extend the lease of", fmt.Sprint(lease.Objects), s.forEach(ctx, lease, func(tx querier, object onboard.Object) error {
		extended, err := s.dialect.exec(ctx, tx, extendObject, string(object.Kind), object.ID, lease.Token, nanosecondsOf(ttl))
		if err == nil && !extended {
			err = onboard.ErrLeaseLost
		}
		return err
	}))
}

// Release ends the lease.
func (s *Store) Release(ctx context.Context, lease onboard.Lease) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	return about("release", fmt.Sprint(lease.Objects), s.forEach(ctx, lease, func(tx querier, object onboard.Object) error {
		_, err := s.dialect.exec(ctx, tx, releaseObject, string(object.Kind), object.ID, lease.Token)
		return err
	}))
}

// forEach runs one statement for each object of a lease, all or none. The order is
// that of every lease: two transactions never wait for each other.
func (s *Store) forEach(ctx context.Context, lease onboard.Lease, do func(querier, onboard.Object) error) error {
	objects := onboard.SortObjects(lease.Objects)
	if len(objects) == 1 { // the statement commits by itself
		return do(s.db, objects[0])
	}
	return s.transaction(ctx, func(tx querier) error {
		for _, object := range objects {
			if err := do(tx, object); err != nil {
				return err
			}
		}
		return nil
	})
}
