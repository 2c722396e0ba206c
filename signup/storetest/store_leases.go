package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const (
	long     = time.Hour             // longer than a test
	short    = 30 * time.Millisecond // a lease whose end a test waits for
	patience = 10 * time.Second      // how long it waits
)

func waba(id string) onboard.Object { return onboard.WABAObject(graph.WABAID(id)) }

// lease leases objects that are free.
func lease(t *testing.T, store onboard.Store, owner string, ttl time.Duration, objects ...onboard.Object) onboard.Lease {
	t.Helper()
	held, err := store.Acquire(t.Context(), owner, ttl, objects...)
	require.NoError(t, err)
	require.Equal(t, owner, held.Owner)
	require.NotEmpty(t, held.Token)
	require.False(t, held.Granted.IsZero())
	require.Equal(t, onboard.SortObjects(objects), held.Objects)
	return held
}

// leaseSoon leases objects once the leases of others have ended.
func leaseSoon(t *testing.T, store onboard.Store, owner string, objects ...onboard.Object) (held onboard.Lease) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		var err error
		held, err = store.Acquire(t.Context(), owner, long, objects...)
		require.NoError(c, err)
	}, patience, short/3)
	return held
}

func isBusy(t *testing.T, store onboard.Store, objects ...onboard.Object) {
	t.Helper()
	_, err := store.Acquire(t.Context(), "another", long, objects...)
	require.ErrorIs(t, err, onboard.ErrBusy, "%v", objects)
}

// oneHolder lets all workers acquire at the same time. One must get the lease, and the
// others must be told that it is busy.
func oneHolder(t *testing.T, store onboard.Store, objects func(worker int) []onboard.Object) onboard.Lease {
	t.Helper()
	type result struct {
		lease onboard.Lease
		err   error
	}
	var held []onboard.Lease
	for _, r := range race(func(worker int) result {
		lease, err := store.Acquire(t.Context(), fmt.Sprint("worker ", worker), long, objects(worker)...)
		return result{lease, err}
	}) {
		if r.err == nil {
			held = append(held, r.lease)
			continue
		}
		require.ErrorIs(t, r.err, onboard.ErrBusy)
	}
	require.Len(t, held, 1, "one worker holds the lease")
	return held[0]
}

func leaseOneHolder(t *testing.T, store onboard.Store) {
	object := onboard.RecordObject("r1")
	tokens := map[string]bool{}
	for range 10 {
		held := oneHolder(t, store, func(int) []onboard.Object { return []onboard.Object{object} })
		_, err := store.Acquire(t.Context(), "another", long, object)
		require.ErrorIs(t, err, onboard.ErrBusy)
		require.ErrorContains(t, err, held.Owner)
		require.ErrorContains(t, err, object.String())
		isBusy(t, store, waba("free"), object)
		lease(t, store, "x", long, waba(held.Token)) // it takes nothing else
		require.False(t, tokens[held.Token], "a token comes once")
		tokens[held.Token] = true
		require.NoError(t, store.Release(t.Context(), held))
		require.NoError(t, store.Release(t.Context(), held), "a lease that has ended is not an error")
	}
	first := lease(t, store, "a", long, object)
	require.NoError(t, store.Release(t.Context(), first))
	second := lease(t, store, "a", long, object)
	require.False(t, second.Granted.Before(first.Granted), "the clock goes on")
}

func leaseAllOrNone(t *testing.T, store onboard.Store) {
	a, b, c := waba("a"), waba("b"), onboard.NumberObject("a") // the kind counts, and not only the id
	held := lease(t, store, "first", long, b, c, b)
	isBusy(t, store, a, b)
	isBusy(t, store, c, a)
	isBusy(t, store, a, b, c)
	_, err := store.Acquire(t.Context(), "first", long, b)
	require.ErrorIs(t, err, onboard.ErrBusy, "also for the same owner")
	free := lease(t, store, "second", long, a)
	require.NoError(t, store.Release(t.Context(), free))
	require.NoError(t, store.Release(t.Context(), held))
	lease(t, store, "second", long, a, b, c)
}

// leaseCrossed races for sets of which each two have an object in common, in
// different orders. Workers that take one object after the other wait for each other,
// or all of them give up.
func leaseCrossed(t *testing.T, store onboard.Store) {
	for round := range 25 {
		objects := []onboard.Object{waba(fmt.Sprint("1-", round)), waba(fmt.Sprint("2-", round)), onboard.NumberObject("3")}
		held := oneHolder(t, store, func(worker int) []onboard.Object {
			first, second := objects[worker%3], objects[(worker+1)%3]
			if worker%2 == 0 {
				first, second = second, first
			}
			return []onboard.Object{first, waba(fmt.Sprintf("own %d-%d", round, worker)), second}
		})
		for worker := range workers {
			own := waba(fmt.Sprintf("own %d-%d", round, worker))
			if held.Owner != fmt.Sprint("worker ", worker) {
				lease(t, store, "x", long, own) // who got nothing keeps nothing
			}
		}
		require.NoError(t, store.Release(t.Context(), held))
		require.NoError(t, store.Release(t.Context(), lease(t, store, "x", long, objects...)))
	}
}

func leaseEnds(t *testing.T, store onboard.Store) {
	objects := []onboard.Object{waba("a"), onboard.RecordObject("r1")}
	lease(t, store, "slow", short, objects...)
	taken := leaseSoon(t, store, "quick", objects...)
	isBusy(t, store, objects[0])
	isBusy(t, store, objects[1])
	require.NoError(t, store.Extend(t.Context(), taken, short))
	leaseSoon(t, store, "quick", objects[1])
	leaseSoon(t, store, "slow", objects[0])

	// A term that a statement can hardly add to a time.
	lease(t, store, "eternal", 1<<63-1, waba("b"))
	isBusy(t, store, waba("b"))
}

// leaseExtendEnded needs to know that a lease has ended, without a look at it: a later
// one with the same term has ended.
func leaseExtendEnded(t *testing.T, store onboard.Store) {
	a, b := waba("a"), waba("b")
	ended := lease(t, store, "slow", short, a)
	lease(t, store, "slow", short, b)
	leaseSoon(t, store, "quick", b)
	require.ErrorIs(t, store.Extend(t.Context(), ended, long), onboard.ErrLeaseLost)
	lease(t, store, "quick", long, a)
	require.ErrorIs(t, store.Extend(t.Context(), ended, long), onboard.ErrLeaseLost, "another one has it")

	released := lease(t, store, "slow", long, waba("c"))
	require.NoError(t, store.Release(t.Context(), released))
	require.ErrorIs(t, store.Extend(t.Context(), released, long), onboard.ErrLeaseLost)
	unknown := onboard.Lease{Owner: "slow", Token: "unknown", Objects: []onboard.Object{waba("d")}}
	require.ErrorIs(t, store.Extend(t.Context(), unknown, long), onboard.ErrLeaseLost)
	lease(t, store, "quick", long, waba("c"), waba("d"))
}

func leaseExtendWhole(t *testing.T, store onboard.Store) {
	a, b, c := waba("a"), waba("b"), waba("c")
	require.Eventually(t, func() bool {
		held := lease(t, store, "w", 4*short, a, b)
		err := store.Extend(t.Context(), held, long)
		if errors.Is(err, onboard.ErrLeaseLost) { // this machine was slower than the lease
			return false
		}
		require.NoError(t, err)
		return true
	}, patience, short)
	lease(t, store, "w", 4*short, c)
	leaseSoon(t, store, "another", c)
	isBusy(t, store, a)
	isBusy(t, store, b)

	// A part of it was given to another one: the rest is not extended.
	d, e := waba("d"), waba("e")
	held := lease(t, store, "w", long, d, e)
	require.NoError(t, store.Extend(t.Context(), held, 4*short))
	part := held
	part.Objects = []onboard.Object{e}
	require.NoError(t, store.Release(t.Context(), part))
	lease(t, store, "another", long, e)
	require.ErrorIs(t, store.Extend(t.Context(), held, long), onboard.ErrLeaseLost)
	leaseSoon(t, store, "another", d)
}

func leaseTakenOver(t *testing.T, store onboard.Store) {
	a, b := waba("a"), waba("b")
	stale := lease(t, store, "w", short, a, b)
	taken := leaseSoon(t, store, "w", b) // the same worker, perhaps in another process
	require.NotEqual(t, stale.Token, taken.Token)
	require.ErrorIs(t, store.Extend(t.Context(), stale, long), onboard.ErrLeaseLost)
	require.NoError(t, store.Release(t.Context(), stale))
	isBusy(t, store, b)
	require.NoError(t, store.Extend(t.Context(), taken, long))
	require.NoError(t, store.Release(t.Context(), taken))
	lease(t, store, "another", long, a, b)
}

func leaseRefused(t *testing.T, store onboard.Store) {
	a := waba("a")
	acquire := func(owner string, ttl time.Duration, objects ...onboard.Object) error {
		_, err := store.Acquire(t.Context(), owner, ttl, objects...)
		return err
	}
	due := func(owner string, ttl time.Duration, limit int) error {
		_, err := store.AcquireDue(t.Context(), owner, ttl, limit)
		return err
	}
	insertNew(t, store, 1, dueAt(long))
	for name, err := range map[string]error{
		"no objects":    acquire("w", long),
		"no owner":      acquire("", long, a),
		"no term":       acquire("w", 0, a),
		"negative term": acquire("w", -time.Second, a),
		"no id":         acquire("w", long, a, waba("")),
		"no kind":       acquire("w", long, a, onboard.Object{ID: "1"}),
		"bad id":        acquire("w", long, a, waba("a\x00b")),
		"limit 0":       due("w", long, 0),
		"limit -1":      due("w", long, -1),
		"due, no owner": due("", long, 1),
		"due, no term":  due("w", 0, 1),
	} {
		require.ErrorIs(t, err, graph.ErrInput, name)
	}
	held := lease(t, store, "w", long, a, onboard.RecordObject(recordID(1))) // nothing was leased
	require.ErrorIs(t, store.Extend(t.Context(), held, 0), graph.ErrInput)
	require.ErrorIs(t, store.Extend(t.Context(), onboard.Lease{Owner: "w"}, long), graph.ErrInput)
	require.NoError(t, store.Release(t.Context(), onboard.Lease{}))
}

// leaseClock uses the same leases with the clocks of three processes, which differ by
// more than the leases are long.
func leaseClock(t *testing.T, store onboard.Store, shifted func(*testing.T, onboard.Store, time.Duration) onboard.Store) {
	const apart, term = 5 * time.Minute, time.Minute
	handles := map[string]onboard.Store{"right": store, "ahead": shifted(t, store, apart), "behind": shifted(t, store, -apart)}
	record := insertNew(t, store, 1, dueAt(long))
	object := onboard.RecordObject(record.ID)
	for owner, holder := range handles {
		held := lease(t, holder, owner, term, object)
		for name, other := range handles {
			_, err := other.Acquire(t.Context(), name, term, object)
			require.ErrorIs(t, err, onboard.ErrBusy, "%s has it, and %s wants it", owner, name)
			require.Empty(t, leasedIDs(t, other, 10), "%s has it, and %s asks for what is due", owner, name)
		}
		require.NoError(t, holder.Extend(t.Context(), held, term))
		require.NoError(t, holder.Release(t.Context(), held))
		for _, other := range handles {
			lease(t, holder, owner, short, object)
			held := leaseSoon(t, other, "another", object)
			require.NoError(t, other.Release(t.Context(), held))
		}
	}
	waits := insertNew(t, store, 2, dueAt(-apart/2))
	for name, handle := range handles {
		leases, err := handle.AcquireDue(t.Context(), name, term, 10)
		require.NoError(t, err)
		require.Len(t, leases, 1, "%s: %s is due and %s is not", name, record.ID, waits.ID)
		require.Equal(t, object, leases[0].Objects[0])
		require.NoError(t, handle.Release(t.Context(), leases[0]))
		backlog, err := handle.Backlog(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{1, 1}, []int{backlog.Due, backlog.Waiting}, name)
		require.InDelta(t, long, backlog.Oldest, float64(apart/2), name)
	}
}
