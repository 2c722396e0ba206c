package filestore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// AcquireDue leases the records that are due longest.
func (s *Store) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]onboard.Lease, error) {
	if err := cmp.Or(ended(ctx), onboard.CheckAcquireDue(owner, ttl, limit)); err != nil {
		return nil, err
	}
	type work struct {
		object onboard.Object
		due    time.Time
	}
	var due []work
	now := time.Now()
	for _, record := range s.view().records {
		object := onboard.RecordObject(record.ID)
		if at, open := record.Due(); open && !at.After(now) && !s.Held(object) {
			due = append(due, work{object, at})
		}
	}
	slices.SortStableFunc(due, func(a, b work) int { return a.due.Compare(b.due) })
	var leases []onboard.Lease
	for _, next := range due {
		if len(leases) == limit {
			break
		}
		switch lease, err := s.Acquire(ctx, owner, ttl, next.object); {
		case err == nil:
			leases = append(leases, lease)
		case !errors.Is(err, onboard.ErrBusy): // another goroutine was quicker
			return leases, err
		}
	}
	return leases, nil
}

// Backlog counts the records that are not final.
func (s *Store) Backlog(ctx context.Context) (backlog onboard.Backlog, err error) {
	if err := ended(ctx); err != nil {
		return onboard.Backlog{}, err
	}
	now := time.Now()
	for _, record := range s.view().records {
		backlog.Count(record, now)
	}
	return backlog, nil
}

// Erase deletes all records of a tenant. Their text is in the file until the next
// Open.
func (s *Store) Erase(ctx context.Context, tenant signup.Tenant) (erased int, err error) {
	if err := ended(ctx); err != nil {
		return 0, err
	}
	if tenant == "" {
		return 0, &graph.InputError{Field: "tenant", Reason: "is empty"}
	}
	err = s.change(func(now contents) (*line, error) {
		for _, record := range now.records {
			if record.Tenant == tenant {
				erased++
			}
		}
		if erased == 0 {
			return nil, nil
		}
		return &line{Erased: tenant}, nil
	})
	if err != nil {
		return 0, err
	}
	return erased, nil
}
