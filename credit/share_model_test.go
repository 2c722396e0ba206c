package credit_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// walk is a partner with a few clients. It shares, loses answers, revokes and
// tries again in random order. Its records hold only what the calls returned.
type walk struct {
	*testing.T
	random  *rand.Rand
	server  *graphtest.Server
	world   graphtest.World
	line    *credit.Client
	wabas   []graph.WABAID
	owner   map[graph.WABAID]graph.BusinessID
	hidden  map[graph.WABAID]bool // the client does not share it now
	records map[graph.BusinessID]graph.AllocationID
	revoked map[graph.BusinessID]bool
	last    func()
	steps   []string
	count   map[string]int
}

// Revoked implements credit.History with the records of the walk.
func (w *walk) Revoked(_ context.Context, _ graph.CreditLineID, business graph.BusinessID) (bool, error) {
	return w.revoked[business], nil
}

func (w *walk) log(what string, args ...any) { w.steps = append(w.steps, fmt.Sprintf(what, args...)) }

const (
	routeShared  = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	routeRevoked = "DELETE /{allocation-config-id}"
)

// TestClient_ShareModel takes thousands of actions in random order, and compares
// the records with the simulator after each of them.
func TestClient_ShareModel(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			w := newWalk(t, seed, count)
			defer func() {
				if t.Failed() {
					t.Logf("seed %d: %q", seed, w.steps)
				}
			}()
			for range 60 {
				w.step()
				w.requireNothingTwice()
			}
			w.requireInventory()
			w.settle()
		})
	}
	t.Log(count)
	for _, what := range []string{"shared", "attached", "recovered", "none", "refused after a revocation", "unknown", "revoked", "revocation failed", "not shared any more"} {
		require.NotZero(t, count[what], what)
	}
}

func newWalk(t *testing.T, seed uint64, count map[string]int) *walk {
	t.Helper()
	server := graphtest.New(t, graphtest.WithSeed(seed))
	w := &walk{
		T: t, random: rand.New(rand.NewPCG(seed, 1)), server: server, world: server.World(), line: credit.New(server.Client()),
		owner: map[graph.WABAID]graph.BusinessID{}, hidden: map[graph.WABAID]bool{},
		records: map[graph.BusinessID]graph.AllocationID{}, revoked: map[graph.BusinessID]bool{}, count: count,
	}
	for n := range 3 {
		done, err := server.Signup(graphtest.SignupOptions{WABAs: n + 1})
		require.NoError(t, err)
		for _, id := range done.WABAs {
			w.wabas, w.owner[id] = append(w.wabas, id), done.Business
		}
	}
	// The simulator's first allocations are in the records.
	for _, a := range server.Allocations() {
		w.records[a.Business] = a.ID
	}
	return w
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// step takes one random action.
func (w *walk) step() {
	id := pick(w.random, w.wabas)
	reinstate := w.random.IntN(3) == 0
	switch action := w.random.IntN(12); {
	case action < 5:
		w.last = func() { w.share(id, reinstate) }
		w.last()
	case action < 7:
		business := w.owner[id]
		w.last = func() { w.revoke(business) }
		w.last()
	case action < 9 && w.last != nil:
		w.log("the same again")
		w.last()
	case action < 10:
		w.requireInventory()
	case w.hidden[id]:
		w.log("%s is shared again", id)
		require.NoError(w, w.server.Reshare(id))
		w.hidden[id] = false
	default:
		w.log("%s is no longer shared", id)
		require.NoError(w, w.server.Unshare(id))
		w.hidden[id] = true
	}
}

// fault makes the next calls of the route fail, at random.
func (w *walk) fault(route string) (remove func()) {
	fault := pick(w.random, []graphtest.Fault{
		{}, {}, {}, {LoseReply: true}, {CutBody: 5}, {ResetBefore: true}, {Status: 500, After: true}, {Status: 502, Body: []byte("<html>")},
		{Code: 80008, Message: "too many calls"}, {Code: 2, Message: "temporary"},
	})
	times := 1 + w.random.IntN(4)
	return w.server.Control(route, func(graphtest.Call) *graphtest.Fault {
		if times--; times < 0 {
			return nil
		}
		return &fault
	})
}

func (w *walk) share(id graph.WABAID, reinstate bool) {
	defer w.fault(routeShared)()
	business := w.owner[id]
	live := w.live(business)
	token, err := w.server.BusinessToken(business)
	require.NoError(w, err)
	share, err := w.line.Share(w.Context(), credit.ShareRequest{
		Line: w.world.CreditLine, WABA: id, Business: business, Currency: "EUR",
		ClientToken: graph.SecretToken(token), History: w, Reinstate: reinstate,
	})
	w.log("share %s (%s), reinstate %t: %s, %v", id, business, reinstate, share.Action, err)
	switch {
	case w.hidden[id]:
		require.Error(w, err)
		w.count["not shared any more"]++
	case live == nil && w.revoked[business] && !reinstate:
		require.ErrorIs(w, err, credit.ErrRevoked)
		require.Nil(w, w.live(business), "a line that was revoked stays revoked")
		w.count["refused after a revocation"]++
	case err == nil:
		w.count[string(share.Action)]++
		w.records[business], w.revoked[business] = share.Allocation.ID, false
		now := w.live(business)
		require.NotNil(w, now)
		require.Equal(w, now.ID, share.Allocation.ID)
		require.Contains(w, now.WABAs, id)
	default:
		w.count["unknown"]++
	}
	if live != nil && w.live(business) != nil {
		require.Equal(w, live.ID, w.live(business).ID, "an allocation that exists is used")
	}
}

func (w *walk) revoke(business graph.BusinessID) {
	defer w.fault(routeRevoked)()
	id := w.records[business]
	if id == "" {
		return
	}
	err := w.line.Revoke(w.Context(), credit.RevokeRequest{Allocation: id, EveryWABA: true})
	w.log("revoke %s: %v", business, err)
	if err != nil {
		w.count["revocation failed"]++
		return
	}
	w.count["revoked"]++
	w.revoked[business] = true
	delete(w.records, business)
	require.Nil(w, w.live(business))
}

// live returns the simulator's live allocation of a client, or nil.
func (w *walk) live(business graph.BusinessID) *graphtest.Allocation {
	for _, a := range w.server.Allocations() {
		if a.Business == business && !a.Deleted {
			return &a
		}
	}
	return nil
}

// requireNothingTwice asserts that each client has at most one live allocation,
// and that no WABA is attached twice.
func (w *walk) requireNothingTwice() {
	w.Helper()
	live := map[graph.BusinessID]int{}
	for _, a := range w.server.Allocations() {
		if a.Deleted {
			continue
		}
		live[a.Business]++
		require.Equal(w, 1, live[a.Business], "live allocations of %s", a.Business)
		attached := slices.Sorted(slices.Values(a.WABAs))
		require.Len(w, slices.Compact(slices.Clone(attached)), len(attached), "each WABA is attached once: %v", a.WABAs)
	}
}

// requireInventory compares an inventory of the records with the simulator.
func (w *walk) requireInventory() {
	w.Helper()
	got, err := w.line.Inventory(w.Context(), credit.InventoryRequest{
		Line: w.world.CreditLine, Partner: w.world.Business, Expected: w.expected,
	})
	require.NoError(w, err)
	matched, missing, orphaned := 0, []graph.BusinessID{}, []graph.AllocationID{}
	truth := map[graph.BusinessID]graphtest.Allocation{}
	for _, a := range w.server.Allocations() {
		if !a.Deleted {
			truth[a.Business] = a
		}
	}
	for business, id := range w.records {
		if truth[business].ID == id {
			matched++
		} else {
			missing = append(missing, business)
		}
	}
	unattached := []graph.WABAID{}
	for business, a := range truth {
		if w.records[business] != a.ID {
			orphaned = append(orphaned, a.ID)
		}
		for _, id := range w.wabas {
			if funding, _ := w.server.Funding(id); w.owner[id] == business && !w.hidden[id] && funding != a.Funding {
				unattached = append(unattached, id)
			}
		}
	}
	w.log("inventory")
	require.Equal(w, matched, got.Matched)
	require.Empty(w, got.Duplicate)
	require.ElementsMatch(w, missing, each(got.Missing, func(e credit.Expected) graph.BusinessID { return e.Business }))
	require.ElementsMatch(w, orphaned, each(got.Orphaned, func(a credit.Allocation) graph.AllocationID { return a.ID }))
	require.ElementsMatch(w, unattached, each(got.Unattached, func(u credit.Unattached) graph.WABAID { return u.WABA }))
	require.Equal(w, len(missing)+len(orphaned)+len(unattached) == 0, got.Clean())
}

func (w *walk) expected(yield func(credit.Expected, error) bool) {
	for _, business := range slices.Sorted(maps.Keys(w.records)) {
		if !yield(credit.Expected{Business: business, Allocation: w.records[business]}, nil) {
			return
		}
	}
}

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, item := range list {
		out[i] = f(item)
	}
	return out
}

// settle makes every client share its accounts again, tries until every share has
// succeeded, and asserts that every WABA is then attached once.
func (w *walk) settle() {
	w.Helper()
	for _, id := range w.wabas {
		require.NoError(w, w.server.Reshare(id))
		w.hidden[id] = false
	}
	for _, id := range w.wabas {
		var err error
		for range 10 {
			request := credit.ShareRequest{Line: w.world.CreditLine, WABA: id, Business: w.owner[id], Currency: "EUR", History: w, Reinstate: true}
			var share credit.ShareResult
			if share, err = w.line.Share(w.Context(), request); err == nil {
				w.records[w.owner[id]] = share.Allocation.ID
				break
			}
			require.NotErrorIs(w, err, credit.ErrRevoked)
			time.Sleep(time.Minute)
		}
		require.NoError(w, err)
	}
	w.requireNothingTwice()
	for _, id := range w.wabas {
		require.Contains(w, w.live(w.owner[id]).WABAs, id)
	}
	w.requireInventory()
}
