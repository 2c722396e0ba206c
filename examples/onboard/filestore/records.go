package filestore

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Insert keeps a new record.
func (s *Store) Insert(ctx context.Context, record onboard.Record) (kept onboard.Record, err error) {
	if err := cmp.Or(ctx.Err(), record.Check()); err != nil {
		return onboard.Record{}, err
	}
	err = s.change(func(now contents) (*line, error) {
		for _, known := range now.records {
			if known.App == record.App && known.Key == record.Key {
				kept = known.Clone()
				return nil, onboard.ErrExists
			}
		}
		if _, taken := findRecord(now.records, record.ID); taken {
			return nil, fmt.Errorf("record %q: %w", record.ID, onboard.ErrConflict)
		}
		record.Revision = 1
		kept = record.Clone()
		return &line{Record: &kept}, nil
	})
	return kept.Clone(), err
}

// Get returns the record.
func (s *Store) Get(ctx context.Context, id string) (onboard.Record, error) {
	if err := ctx.Err(); err != nil {
		return onboard.Record{}, err
	}
	records := s.view().records
	at, found := findRecord(records, id)
	if !found {
		return onboard.Record{}, fmt.Errorf("record %q: %w", id, onboard.ErrNoRecord)
	}
	return records[at].Clone(), nil
}

// Update overwrites the record of that Revision.
func (s *Store) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := cmp.Or(ctx.Err(), record.Check()); err != nil {
		return onboard.Record{}, err
	}
	var kept onboard.Record
	err := s.change(func(now contents) (*line, error) {
		at, found := findRecord(now.records, record.ID)
		if !found {
			return nil, fmt.Errorf("record %q: %w", record.ID, onboard.ErrNoRecord)
		}
		known := now.records[at]
		switch {
		case known.Tenant != record.Tenant, known.App != record.App, known.Key != record.Key:
			return nil, &graph.InputError{Field: "record", Reason: "has another tenant, app or key than when it was inserted"}
		case known.Revision != record.Revision:
			return nil, fmt.Errorf("record %q: %w", record.ID, onboard.ErrConflict)
		}
		kept = record.Clone()
		kept.Revision++
		return &line{Record: &kept}, nil
	})
	if err != nil {
		return onboard.Record{}, err
	}
	return kept.Clone(), nil
}

// List yields the records that match.
func (s *Store) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	return func(yield func(onboard.Record, error) bool) {
		for filter := filter; ; {
			if err := ctx.Err(); err != nil {
				yield(onboard.Record{}, err)
				return
			}
			records := s.view().records
			at, found := findRecord(records, filter.After)
			if found {
				at++
			}
			page := records[at:min(at+pageSize, len(records))]
			for _, record := range page {
				if filter.Match(record) && !yield(record.Clone(), nil) {
					return
				}
				filter.After = record.ID
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// pageSize is how many items a list takes from the file's contents at once.
// Between two pages it sees what was written in the meantime.
const pageSize = 64

// apply changes the contents as a line says.
func (c *contents) apply(l line) {
	switch {
	case l.Record != nil:
		at, found := findRecord(c.records, l.Record.ID)
		c.records = slices.Clone(c.records)
		if !found {
			c.records = slices.Insert(c.records, at, onboard.Record{})
		}
		c.records[at] = *l.Record
	case l.Secret != nil:
		at, found := findSecret(c.secrets, l.Secret.ref())
		c.secrets = slices.Clone(c.secrets)
		if !found {
			c.secrets = slices.Insert(c.secrets, at, secret{})
		}
		c.secrets[at] = *l.Secret
		c.writes = max(c.writes, l.Secret.Revision)
	case l.Deleted != nil:
		if at, found := findSecret(c.secrets, l.Deleted.ref()); found {
			c.secrets = slices.Delete(slices.Clone(c.secrets), at, at+1)
		}
	default:
		c.writes = l.Writes
	}
}

func findRecord(records []onboard.Record, id string) (int, bool) {
	return slices.BinarySearchFunc(records, id, func(r onboard.Record, id string) int { return cmp.Compare(r.ID, id) })
}
