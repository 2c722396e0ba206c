package pairs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/integration/stores"
	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// The environment variables of the tests; see the package documentation.
const (
	envPairs    = "WAGRAPH_PAIRS"
	envMachines = "WAGRAPH_MACHINES"
	envSeed     = "WAGRAPH_PAIRS_SEED"
)

func number(t testing.TB, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

func firstSeed(t testing.TB) uint64 {
	t.Helper()
	seed := number(t, envSeed, rand.Uint64N(1<<32))
	t.Logf("seed %d", seed)
	return seed
}

// callTime is how long each call to Meta takes.
const callTime = 150 * time.Millisecond

// inFlight is how many pairs are under way at a time.
const inFlight = 32

// database is where the processes have their records.
type database struct {
	name, driver, source string
	dialect              sqlstore.Dialect
	server               *stores.Server // of PostgreSQL
}

func sqlite(t *testing.T) database {
	t.Helper()
	file := filepath.Join(t.TempDir(), "signups.db")
	d := database{name: "SQLite", driver: "sqlite", source: stores.SQLiteSource(file, stores.SQLiteSettings()), dialect: sqlstore.SQLite}
	require.NoError(t, sqlstore.Migrate(t.Context(), stores.Open(t, d.driver, d.source), d.dialect))
	return d
}

func postgres(t *testing.T) database {
	t.Helper()
	server := stores.PostgreSQL(t)
	d := database{name: "PostgreSQL", driver: "pgx", source: server.Source(t), dialect: sqlstore.PostgreSQL, server: server}
	require.NoError(t, sqlstore.Migrate(t.Context(), stores.Open(t, d.driver, d.source), d.dialect))
	return d
}

// run is one run of many pairs.
type run struct {
	database database
	server   *graphtest.Server
	order    order
	fleet    *fleet
	store    *sqlstore.Store
	secrets  vault.Vault
	rules    pair.Rules
	takes    atomic.Int64 // how long each call to Meta takes
	watch    watch
}

// newRun serves a simulator. The caller sets the fleet.
func newRun(t *testing.T, db database) *run {
	t.Helper()
	r := &run{database: db, server: graphtest.Start()}
	r.takes.Store(int64(callTime))
	r.server.Control("", func(graphtest.Call) *graphtest.Fault {
		return &graphtest.Fault{Delay: time.Duration(r.takes.Load())}
	})
	handler := r.server.Handler()
	// Meta carries out what arrived, even if the caller is killed.
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		handler.ServeHTTP(w, req.WithContext(context.WithoutCancel(req.Context())))
	}))
	t.Cleanup(web.Close)
	w := r.server.World()
	r.order = order{
		BaseURL: web.URL, Driver: db.driver, Source: db.source, Dialect: db.dialect,
		App: string(w.App), AppSecret: w.AppSecret.Reveal(), Business: string(w.Business), Token: w.Admin.Token.Reveal(),
		Employee: string(w.Employee.ID), Line: string(w.CreditLine),
	}
	var err error
	r.store, err = sqlstore.New(t.Context(), stores.Open(t, db.driver, db.source), db.dialect)
	require.NoError(t, err)
	ring, err := pair.Keyring()
	require.NoError(t, err)
	r.secrets, err = vault.NewSealedVault(r.store, ring)
	require.NoError(t, err)
	r.watch.start(t, r.store)
	return r
}

// ended is a pair that ended.
type ended struct {
	pair    pair.Pair
	overlap bool
	records []onboard.Record
	lost    int
	err     error
}

// pairs runs n pairs, spread over the kinds, and returns them when all have ended.
func (r *run) pairs(ctx context.Context, n int, seed uint64, kinds ...pair.Kind) []ended {
	all := make([]ended, n)
	free := make(chan struct{}, inFlight)
	if len(kinds) == 0 {
		kinds = pair.Kinds()
	}
	var running sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		running.Go(func() {
			all[i] = r.pair(ctx, kinds[i%len(kinds)], seed+uint64(i))
			<-free
		})
		time.Sleep(callTime / 3) // pairs do not begin in step
	}
	running.Wait()
	return all
}

// maxPair is when a pair is given up that does not end.
const maxPair = 10 * time.Minute

// pair runs one pair to its end.
func (r *run) pair(ctx context.Context, kind pair.Kind, seed uint64) (end ended) {
	ctx, cancel := context.WithTimeout(ctx, maxPair)
	defer cancel()
	random := rand.New(rand.NewPCG(seed, 1))
	first := random.IntN(len(r.fleet.slots))
	second := (first + 1 + random.IntN(len(r.fleet.slots)-1)) % len(r.fleet.slots)
	fail := func(err error) ended { end.err = fmt.Errorf("%s, seed %d: %w", kind.Name, seed, err); return end }
	p, err := kind.Prepare(r.server, random)
	if err != nil {
		return fail(err)
	}
	before := reply{}
	if p.Before != nil {
		if before, err = r.fleet.post(ctx, first, *p.Before, r.rules.Lost); err == nil {
			err = r.watch.ended(ctx, p.Business)
		}
		if err != nil {
			return fail(err)
		}
	}
	if err := p.Ready(r.server, before.Record); err != nil {
		return fail(err)
	}
	end.pair = p
	end.overlap, err = r.begin(ctx, p, first, second, rand.N(callTime))
	if err == nil {
		err = r.finish(ctx, &end, first)
	}
	if err != nil {
		return fail(err)
	}
	return end
}

// begin makes the two calls of a pair.
func (r *run) begin(ctx context.Context, p pair.Pair, first, second int, later time.Duration) (overlap bool, err error) {
	var began, ended [2]time.Time
	var errs [2]error
	call := func(i, slot int, start pair.Start) {
		began[i] = time.Now()
		_, errs[i] = r.fleet.post(ctx, slot, start, r.rules.Lost)
		ended[i] = time.Now()
	}
	var both sync.WaitGroup
	if p.InOrder {
		call(0, first, p.First)
	} else {
		both.Go(func() { call(0, first, p.First) })
		time.Sleep(later)
	}
	both.Go(func() { call(1, second, p.Second) })
	both.Wait()
	return began[0].Before(ended[1]) && began[1].Before(ended[0]), errors.Join(errs[:]...)
}

// lookForLost is how often the records of a client are read that have not ended.
const lookForLost = 15 * time.Second

// finish waits for the end of a pair, and reads the records. The client signs up again in
// place of each signup whose code was lost, also while another record waits for that.
func (r *run) finish(ctx context.Context, end *ended, slot int) error {
	for {
		look, cancel := context.WithTimeout(ctx, lookForLost)
		open := r.watch.ended(look, end.pair.Business)
		cancel()
		var err error
		if end.records, err = r.records(ctx, end.pair.Business); err != nil {
			return err
		}
		switch {
		case r.rules.Lost && pair.Lost(end.records) > end.lost:
			end.lost++
			start, err := end.pair.Repeat(r.server)
			if err != nil {
				return err
			}
			if _, err := r.fleet.post(ctx, slot, start, true); err != nil {
				return err
			}
		case open == nil:
			return nil
		case ctx.Err() != nil:
			return open
		}
	}
}

// records lists the records of a client. It tries again while the database is away.
func (r *run) records(ctx context.Context, business graph.BusinessID) (records []onboard.Record, err error) {
	for range 10 {
		records = nil
		for record, listErr := range r.store.List(context.WithoutCancel(ctx), onboard.Filter{Business: business}) {
			if err = listErr; err != nil {
				break
			}
			records = append(records, record)
		}
		if err == nil {
			return records, nil
		}
		time.Sleep(poll)
	}
	return records, err
}

// watch knows which clients have a record that has not ended.
type watch struct {
	mu    sync.Mutex
	scans []scan // the newest
}

type scan struct {
	began time.Time
	open  map[graph.BusinessID]bool
}

func (w *watch) start(t *testing.T, store *sqlstore.Store) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			s := scan{began: time.Now(), open: map[graph.BusinessID]bool{}}
			var failed error
			for record, err := range store.List(ctx, onboard.Filter{States: []onboard.State{onboard.StateExchanging, onboard.StateRunning, onboard.StateOffboarding}}) {
				if failed = err; err != nil {
					break
				}
				s.open[record.Claim.Business], s.open[record.Business] = true, true
			}
			if failed == nil {
				w.mu.Lock()
				w.scans = []scan{s}
				w.mu.Unlock()
			}
			time.Sleep(2 * poll)
		}
	}()
	t.Cleanup(func() { stop(); <-done })
}

// ended waits until no record of the client is under way.
func (w *watch) ended(ctx context.Context, business graph.BusinessID) error {
	for asked := time.Now(); ; time.Sleep(poll) {
		w.mu.Lock()
		ended := len(w.scans) > 0 && w.scans[0].began.After(asked) && !w.scans[0].open[business]
		w.mu.Unlock()
		if ended {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("the onboardings of business %s do not end: %w", business, ctx.Err())
		}
	}
}
