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
	if err := cmp.Or(ended(ctx), record.Check()); err != nil {
		return onboard.Record{}, err
	}
	err = s.change(func(now contents) (*line, error) {
		if at := now.twin(record); at >= 0 {
			kept = now.records[at].Clone()
			return nil, onboard.ErrExists
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
	if err := ended(ctx); err != nil {
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
	if err := cmp.Or(ended(ctx), record.Check()); err != nil {
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
		case known.Tenant != record.Tenant, known.App != record.App, known.Key != record.Key, known.Session != record.Session:
			return nil, &graph.InputError{Field: "record", Reason: "has another tenant, app, key or session than when it was inserted"}
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
			if err := ended(ctx); err != nil {
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

// twin returns the index of the record with the key of another one, or else of the
// record with its session, or -1.
func (c contents) twin(of onboard.Record) int {
	at := slices.IndexFunc(c.records, func(r onboard.Record) bool { return r.App == of.App && r.Key == of.Key })
	if at < 0 && of.Session != "" {
		at = slices.IndexFunc(c.records, func(r onboard.Record) bool { return r.App == of.App && r.Session == of.Session })
	}
	return at
}

// pageSize is how many items a list takes from the file's contents at once.
// Between two pages it sees what was written in the meantime.
const pageSize = 64

func findRecord(records []onboard.Record, id string) (int, bool) {
	return slices.BinarySearchFunc(records, id, func(r onboard.Record, id string) int { return cmp.Compare(r.ID, id) })
}
