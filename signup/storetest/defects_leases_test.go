package storetest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// racers is how many goroutines the suite lets race.
const racers = 16

func (d *defective) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	acquire := func(objects ...onboard.Object) (onboard.Lease, error) {
		return d.MemoryStore.Acquire(ctx, owner, ttl, objects...)
	}
	switch d.defect {
	case "leases have no fence":
		lease, err := acquire(objects...)
		if err == nil {
			for _, object := range lease.Objects {
				d.current[object] = lease
			}
		}
		return lease, err
	case "leases keep what they got":
		var all onboard.Lease
		for _, object := range objects {
			lease, err := acquire(object)
			if err != nil {
				return lease, err
			}
			all = lease
		}
		all.Objects = onboard.SortObjects(objects)
		return all, nil
	case "leases in the caller's order":
		first, err := acquire(objects[0])
		d.together(racers) // all have their first object
		if err != nil || len(objects) == 1 {
			return first, err
		}
		rest, err := acquire(objects[1:]...)
		if err != nil {
			return rest, errors.Join(err, d.MemoryStore.Release(ctx, first))
		}
		rest.Objects = onboard.SortObjects(objects)
		return rest, nil
	case "leases look, then write":
		held := slices.ContainsFunc(objects, d.Held)
		d.together(racers)
		if held {
			return onboard.Lease{}, onboard.ErrBusy
		}
		return onboard.Lease{Owner: owner, Token: rand.Text(), Objects: objects, Granted: time.Now()}, nil
	case "leases have no end":
		ttl = max(ttl, time.Hour)
	case "with the caller's clock":
		return d.clock.acquire(time.Now().Add(d.offset), owner, ttl, objects)
	}
	return acquire(objects...)
}

func (d *defective) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	err := d.MemoryStore.Extend(ctx, lease, ttl)
	switch {
	case d.defect == "ended leases are extended" && errors.Is(err, onboard.ErrLeaseLost):
		_, err = d.MemoryStore.Acquire(ctx, lease.Owner, ttl, lease.Objects...)
	case d.defect == "leases are extended in part":
		for _, object := range lease.Objects {
			part := lease
			part.Objects = []onboard.Object{object}
			err = errors.Join(err, d.MemoryStore.Extend(ctx, part, ttl))
		}
	case d.defect == "with the caller's clock":
		return nil
	}
	return err
}

func (d *defective) Release(ctx context.Context, lease onboard.Lease) error {
	switch d.defect {
	case "leases have no fence":
		for _, object := range lease.Objects {
			if err := d.MemoryStore.Release(ctx, d.current[object]); err != nil {
				return err
			}
		}
	case "with the caller's clock":
		d.clock.release(lease)
	}
	return d.MemoryStore.Release(ctx, lease)
}

func (d *defective) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) (leases []onboard.Lease, err error) {
	switch d.defect {
	case "due in the order of ids", "due twice", "due although it is leased":
		records, err := graph.Collect(d.MemoryStore.List(ctx, onboard.Filter{DueBefore: time.Now()}), 0)
		if err != nil {
			return nil, err
		}
		if d.defect == "due twice" {
			d.together(2) // both have read the same records
		}
		for _, record := range records {
			lease, err := d.MemoryStore.Acquire(ctx, owner, ttl, onboard.RecordObject(record.ID))
			if d.defect != "due in the order of ids" && errors.Is(err, onboard.ErrBusy) {
				if len(leases) > 0 {
					continue
				}
				lease, err = onboard.Lease{Owner: owner, Token: rand.Text(), Objects: []onboard.Object{onboard.RecordObject(record.ID)}, Granted: time.Now()}, nil
			}
			if err == nil && len(leases) < limit {
				leases = append(leases, lease)
			}
		}
		return leases, nil
	case "with the caller's clock":
		return nil, nil
	}
	return d.MemoryStore.AcquireDue(ctx, owner, ttl, limit)
}

func (d *defective) Backlog(ctx context.Context) (onboard.Backlog, error) {
	backlog, err := d.MemoryStore.Backlog(ctx)
	if d.defect == "failed is due" {
		backlog.Due, backlog.Failed = backlog.Due+backlog.Failed, 0
	}
	return backlog, err
}

// shifted returns another handle on the same data. Only the leases of one defect read
// the clock of a process.
func (d *defective) shifted(by time.Duration) onboard.Store {
	if d.defect != "with the caller's clock" {
		return d
	}
	return &defective{MemoryStore: d.MemoryStore, MemoryStorage: d.MemoryStorage, defect: d.defect, clock: d.clock, offset: by}
}

// callersClock is leases that are right for callers with the same clock.
type callersClock struct {
	mu   sync.Mutex
	held map[onboard.Object]term
}

type term struct {
	token string
	until time.Time
}

func newCallersClock() *callersClock { return &callersClock{held: map[onboard.Object]term{}} }

func (c *callersClock) acquire(now time.Time, owner string, ttl time.Duration, objects []onboard.Object) (onboard.Lease, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lease := onboard.Lease{Owner: owner, Token: rand.Text(), Objects: onboard.SortObjects(objects), Granted: now}
	for _, object := range objects {
		if c.held[object].until.After(now) {
			return onboard.Lease{}, onboard.ErrBusy
		}
	}
	for _, object := range objects {
		c.held[object] = term{lease.Token, now.Add(ttl)}
	}
	return lease, nil
}

func (c *callersClock) release(lease onboard.Lease) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.held, func(_ onboard.Object, held term) bool { return held.token == lease.Token })
}
