package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// workers is how many goroutines race.
const workers = 16

// race runs work in all workers at once and returns what each returned.
func race[R any](work func(worker int) R) []R {
	results := make([]R, workers)
	start := make(chan struct{})
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			<-start
			results[worker] = work(worker)
		})
	}
	close(start)
	group.Wait()
	return results
}

// answer is what a store said.
type answer struct {
	record onboard.Record
	err    error
}

func raceInsert(t *testing.T, store onboard.Store) {
	for round := range 10 {
		answers := race(func(worker int) answer {
			record := newRecord(round*workers + worker)
			record.Key = fmt.Sprintf("the same code %d", round)
			record, err := store.Insert(t.Context(), record)
			return answer{record, err}
		})
		var winner onboard.Record
		won := 0
		for _, a := range answers {
			if a.err == nil {
				winner = a.record
				won++
			}
		}
		require.Equal(t, 1, won, "one insert wins")
		for _, a := range answers {
			if a.err != nil {
				require.ErrorIs(t, a.err, onboard.ErrExists)
				require.Equal(t, plain(winner), plain(a.record), "the others are told which")
			}
		}
		require.Len(t, listed(t, store, onboard.Filter{}), round+1)
	}
}

func raceUpdate(t *testing.T, store onboard.Store) {
	const each = 5
	first := insertNew(t, store, 1, func(r *onboard.Record) { r.Steps[0].Attempts = 0 })
	errs := race(func(int) error {
		for done := 0; done < each; {
			record, err := store.Get(t.Context(), first.ID)
			if err != nil {
				return err
			}
			record.Steps[0].Attempts++
			switch _, err = store.Update(t.Context(), record); {
			case err == nil:
				done++
			case !errors.Is(err, onboard.ErrConflict):
				return err
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
	record, err := store.Get(t.Context(), first.ID)
	require.NoError(t, err)
	require.Equal(t, workers*each, record.Steps[0].Attempts, "no update was lost")
	require.Equal(t, int64(1+workers*each), record.Revision)
}

func raceMany(t *testing.T, store onboard.Store) {
	const each = 10
	errs := race(func(worker int) error {
		for n := range each {
			record, err := store.Insert(t.Context(), newRecord(worker*each+n))
			if err != nil {
				return err
			}
			record.State = onboard.StateDone
			if record, err = store.Update(t.Context(), record); err != nil {
				return err
			}
			got, err := store.Get(t.Context(), record.ID)
			if err != nil || got.State != onboard.StateDone || got.Revision != 2 {
				return fmt.Errorf("%s was written, and read back as %s, revision %d: %w", record.ID, got.State, got.Revision, err)
			}
			for _, err := range store.List(t.Context(), onboard.Filter{States: []onboard.State{onboard.StateDone}}) {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
	require.Len(t, listed(t, store, onboard.Filter{States: []onboard.State{onboard.StateDone}}), workers*each)
}
