package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// walks is the number of seeded runs of the model test.
const walks = 400

// The model of lists. Accounts and numbers are added and removed between and during
// the calls; answers are lost, cut off, throttled or too large; the loop stops and
// another client resumes it. Every item that existed all the time comes exactly
// once, and no item comes twice; or the list ends in an error that says to start
// again.
func TestList_Model(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sum tally
		for seed := range uint64(walks) {
			w := newWalk(t, seed)
			if err := w.check(t.Context()); err != nil {
				t.Fatalf("seed %d (%s): %v", seed, w, err)
			}
			sum.add(w.tally)
		}
		t.Logf("%d walks: %d pages, %d accounts, %d faults, %d changes, %d resumptions, %d passes started again",
			walks, sum.pages, sum.items, sum.faults, sum.changes, sum.resumed, sum.expired)
		require.Positive(t, sum.expired)
		require.Greater(t, sum.faults, walks)
		require.Greater(t, sum.changes, walks)
		require.Greater(t, sum.resumed, walks/4)
	})
}

type tally struct{ pages, items, faults, changes, resumed, expired int }

func (t *tally) add(o tally) {
	t.pages += o.pages
	t.items += o.items
	t.faults += o.faults
	t.changes += o.changes
	t.resumed += o.resumed
	t.expired += o.expired
}

// modelRow is an account with its numbers, of which two fit into the answer.
type modelRow struct {
	row
	Numbers graph.Edge[modelNumber] `json:"phone_numbers" graph:"limit(2){}"`
}

type modelNumber struct {
	ID graph.PhoneNumberID `json:"id"`
}

// account is what the model knows of an account: the numbers that must come, and
// those that may come.
type account struct {
	must, may map[graph.PhoneNumberID]bool
}

// walk is one simulated world, its changes, and the list that is read meanwhile.
type walk struct {
	server *graphtest.Server
	query  waba.Query
	thin   bool
	dead   bool // a dead cursor gives an empty page

	calm sync.RWMutex // nothing changes while the simulator works on a call
	mu   sync.Mutex   // calls are made, and so disturbed, several at once
	tally
	rng   *rand.Rand
	must  map[graph.WABAID]account
	may   map[graph.WABAID]bool
	quiet bool // no more faults and changes
}

// chance returns true once in n times.
func (w *walk) chance(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rng.IntN(n) == 0
}

// breaksOff decides whether another client resumes the list here. Not behind the
// last visible item: if only invisible items follow, a client that resumes there
// cannot distinguish the end from an expired cursor.
func (w *walk) breaksOff() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quiet || w.rng.IntN(6) != 0 {
		return false
	}
	w.resumed++
	return true
}

// setQuiet ends the faults and the changes, or lets them go on.
func (w *walk) setQuiet(quiet bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.quiet = quiet
}

func (w *walk) String() string {
	return fmt.Sprintf("page size %d, order %q, prefetch %v, thin %v, empty on dead %v", w.query.PageSize, w.query.Order, w.query.Prefetch, w.thin, w.dead)
}

func newWalk(t *testing.T, seed uint64) *walk {
	t.Helper()
	w := &walk{rng: rand.New(rand.NewPCG(seed, 1))}
	w.thin, w.dead = w.rng.IntN(2) == 0, w.rng.IntN(2) == 0
	opts := []graphtest.Option{graphtest.WithClients(w.rng.IntN(25), w.rng.IntN(6)), graphtest.WithSeed(seed)}
	if w.thin {
		opts = append(opts, graphtest.WithThinPages())
	}
	if w.dead {
		opts = append(opts, graphtest.WithEmptyOnDeadCursor())
	}
	w.server = graphtest.New(t, opts...)
	w.query = waba.Query{
		PageSize: 1 + w.rng.IntN(9), Prefetch: w.rng.IntN(2) == 0,
		Order: []waba.Order{"", waba.NewestFirst, waba.OldestFirst}[w.rng.IntN(3)],
	}
	return w
}

// client returns a client of the admin, or of an employee that sees a part.
func (w *walk) client() *graph.Client {
	user := w.server.World().Admin
	if w.thin {
		user = w.server.World().Employee
	}
	return w.server.ClientFor(graph.SecretToken(user.Token), graph.WithHTTPClient(&http.Client{Transport: w}))
}

// list returns the list under test, each time through a new client.
func (w *walk) list() *graph.List[modelRow] {
	return graph.ListAs[modelRow](waba.New(w.client()).Clients(w.server.World().Business, w.query))
}

// check reads the list, and starts again whenever the error says so. In the last run
// nothing changes any more, and it must succeed.
func (w *walk) check(ctx context.Context) error {
	if err := w.assign(ctx); err != nil {
		return err
	}
	remove := w.server.Control("", w.disturb)
	defer remove()
	for try := range 4 {
		last := try == 3
		w.setQuiet(true)
		if err := w.remember(ctx); err != nil {
			return err
		}
		w.setQuiet(last)
		err := w.read(ctx)
		switch {
		case err == nil:
			return nil
		case last:
			return fmt.Errorf("with nothing in the way: %w", err)
		case errors.Is(err, graph.ErrCursorExpired):
			w.expired++
		case graph.KindOf(err) != graph.ErrTransient && graph.KindOf(err) != graph.ErrThrottled && graph.KindOf(err) != graph.ErrNotFound:
			return err
		}
	}
	return nil
}

// assign lets the employee see about half of the accounts.
func (w *walk) assign(ctx context.Context) error {
	admin := waba.New(w.server.Client())
	for a, err := range admin.Clients(w.server.World().Business, waba.Query{}).All(ctx) {
		if err != nil {
			return err
		}
		if w.thin && w.chance(2) {
			if err := admin.Assign(ctx, a.ID, w.server.World().Employee.ID, waba.TaskManage); err != nil {
				return err
			}
		}
	}
	return nil
}

// remember reads the true state before the list is read.
func (w *walk) remember(ctx context.Context) error {
	w.must, w.may = map[graph.WABAID]account{}, map[graph.WABAID]bool{}
	list := waba.New(w.client()).Clients(w.server.World().Business, waba.Query{})
	for a, err := range graph.ListAs[struct {
		row
		Numbers graph.Edge[modelNumber] `json:"phone_numbers" graph:"limit(100){}"`
	}](list).All(ctx) {
		if err != nil {
			return err
		}
		known := account{map[graph.PhoneNumberID]bool{}, map[graph.PhoneNumberID]bool{}}
		for _, n := range a.Numbers.Data {
			known.must[n.ID] = true
		}
		w.must[a.ID] = known
	}
	return nil
}

// read reads the list once, resumes it now and then, and compares the items with the
// model.
func (w *walk) read(ctx context.Context) error {
	got := map[graph.WABAID]bool{}
	for after, done := "", false; !done; {
		done = true
		for page, err := range w.list().Pages(ctx, after) {
			if err != nil {
				return err
			}
			w.pages++
			for _, a := range page.Items {
				if err := w.see(got, a); err != nil {
					return err
				}
			}
			if after = page.After; after != "" && w.breaksOff() {
				done = false
				break
			}
			w.pause()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.must {
		if !got[id] {
			return fmt.Errorf("account %s was lost", id)
		}
	}
	return nil
}

func (w *walk) see(got map[graph.WABAID]bool, a modelRow) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items++
	known, expected := w.must[a.ID]
	switch {
	case got[a.ID]:
		return fmt.Errorf("account %s came twice", a.ID)
	case !expected && !w.may[a.ID]:
		return fmt.Errorf("account %s was invented", a.ID)
	case a.Numbers.More():
		return fmt.Errorf("the numbers of %s are cut off", a.ID)
	}
	got[a.ID] = true
	numbers := map[graph.PhoneNumberID]bool{}
	for _, n := range a.Numbers.Data {
		if numbers[n.ID] {
			return fmt.Errorf("number %s of %s came twice", n.ID, a.ID)
		}
		numbers[n.ID] = true
		if expected && !known.must[n.ID] && !known.may[n.ID] {
			return fmt.Errorf("number %s of %s was invented", n.ID, a.ID)
		}
	}
	if expected && !w.may[a.ID] {
		for id := range known.must {
			if !numbers[id] {
				return fmt.Errorf("number %s of %s was lost", id, a.ID)
			}
		}
	}
	return nil
}
