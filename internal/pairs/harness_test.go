package pairs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// The environment variables of the tests: how many pairs of each kind, and the seed of
// the first pair. A failure names the seed of its pair.
const (
	envPairs = "WAGRAPH_PAIRS"
	envSeed  = "WAGRAPH_PAIRS_SEED"
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

// perKind is how many pairs of each kind run.
func perKind(t testing.TB) int { return int(number(t, envPairs, 12)) }

func firstSeed(t testing.TB) uint64 {
	seed := number(t, envSeed, rand.Uint64N(1<<32))
	t.Logf("seed %d", seed)
	return seed
}

// callTime is how long each call to Meta takes.
const callTime = 150 * time.Millisecond

// world is Meta's side, and what the partner's processes share.
type world struct {
	server  *graphtest.Server
	store   onboard.Store
	secrets vault.Vault
	random  *rand.Rand
}

func newWorld(seed uint64, options ...graphtest.Option) (*world, error) {
	random := rand.New(rand.NewPCG(seed, 1))
	database := &pace{random: rand.New(rand.NewPCG(seed, 3))}
	w := &world{
		server: graphtest.Start(append(options, graphtest.WithSeed(seed))...), random: random,
		store: pacedStore{onboard.NewMemoryStore(), database},
	}
	ring, err := Keyring()
	if err != nil {
		return nil, err
	}
	w.secrets, err = vault.NewSealedVault(pacedStorage{vault.NewMemoryStorage(), database}, ring)
	w.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: callTime} })
	return w, err
}

// process returns the Flow of one process. The partner decides about a client within
// 500 to 800 ms: so both onboardings of a pair have read the client
// before either of them changes it.
func (w *world) process(name string, change ...func(*onboard.Config)) (*onboard.Flow, error) {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(w.random.Uint64(), 2))
	cfg := Config(w.server.World())
	cfg.Client = w.server.ClientFor(graph.SecretToken(w.server.World().Admin.Token), graph.WithHTTPClient(&http.Client{Transport: w.server.RoundTripper()}))
	cfg.Store, cfg.Vault, cfg.Worker = w.store, w.secrets, name
	cfg.Approve = func(ctx context.Context, _ onboard.Record) error {
		mu.Lock()
		decides := 500*time.Millisecond + time.Duration(random.Int64N(int64(300*time.Millisecond)))
		mu.Unlock()
		time.Sleep(decides)
		return ctx.Err()
	}
	for _, c := range change {
		c(&cfg)
	}
	return onboard.New(cfg)
}

// records lists the records of a client, or all.
func (w *world) records(ctx context.Context, business graph.BusinessID) (records []onboard.Record, err error) {
	for record, err := range w.store.List(ctx, onboard.Filter{Business: business}) {
		if err != nil {
			return records, err
		}
		records = append(records, record)
	}
	return records, nil
}

// poll is how often a process looks for work.
const poll = 100 * time.Millisecond

// work runs what is due, until ctx ends.
func work(ctx context.Context, flow *onboard.Flow) (err error) {
	for ctx.Err() == nil {
		records, runErr := flow.RunDue(ctx, 16)
		if runErr != nil && ctx.Err() == nil {
			err = errors.Join(err, runErr)
		}
		if len(records) < 16 {
			time.Sleep(poll)
		}
	}
	return err
}

// patience is when an onboarding is given up that does not end, in synthetic time.
const patience = 30 * time.Minute

// ended waits until nothing is due any more.
func (w *world) ended(ctx context.Context) error {
	for until := time.Now().Add(patience); ; time.Sleep(poll) {
		backlog, err := w.store.Backlog(ctx)
		if err != nil {
			return err
		}
		if backlog.Due+backlog.Waiting == 0 {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("after %v, %d records are due and %d wait", patience, backlog.Due, backlog.Waiting)
		}
	}
}

// span is when a call began and ended.
type span struct{ began, ended time.Time }

func (s span) overlaps(other span) bool {
	return !s.began.After(other.ended) && !other.began.After(s.ended)
}

// begin makes the calls of a pair, the second one up to a call's time after the first.
func (w *world) begin(ctx context.Context, pair Pair, first, second *onboard.Flow) (overlap bool, err error) {
	later := time.Duration(w.random.Int64N(int64(callTime)))
	var spans [2]span
	var errs [2]error
	call := func(i int, start Start, flow *onboard.Flow) {
		spans[i].began = time.Now()
		_, errs[i] = start.Call(ctx, flow)
		spans[i].ended = time.Now()
	}
	var both sync.WaitGroup
	if pair.InOrder {
		call(0, pair.First, first)
	} else {
		both.Go(func() { call(0, pair.First, first) })
	}
	time.Sleep(later)
	both.Go(func() { call(1, pair.Second, second) })
	both.Wait()
	return spans[0].overlaps(spans[1]), errors.Join(errs[:]...)
}

// outcome is how a pair ended.
type outcome struct {
	seed    uint64
	overlap bool
	wrong   error // what is wrong at Meta's side or in the records
	err     error // what the calls of the processes returned
	busy    int64 // how often a worker found the client busy
}

// run runs one pair in a bubble with its own time.
func (k Kind) run(t *testing.T, seed uint64, change ...func(*onboard.Config)) (out outcome) {
	t.Helper()
	out.seed = seed
	synctest.Test(t, func(t *testing.T) { out = k.runInBubble(t.Context(), seed, change...) })
	return out
}

func (k Kind) runInBubble(ctx context.Context, seed uint64, change ...func(*onboard.Config)) (out outcome) {
	out.seed = seed
	fail := func(err error) outcome { out.err = errors.Join(out.err, err); return out }
	w, err := newWorld(seed)
	if err != nil {
		return fail(err)
	}
	var flows [2]*onboard.Flow
	for i := range flows {
		if flows[i], err = w.process(fmt.Sprintf("process %d", i+1), change...); err != nil {
			return fail(err)
		}
	}
	pair, err := k.Prepare(w.server, w.random)
	if err != nil {
		return fail(err)
	}
	working, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	errs := make([]error, len(flows))
	for i, flow := range flows {
		workers.Go(func() { errs[i] = work(working, flow) })
	}
	defer func() {
		stop()
		workers.Wait()
		out.err = errors.Join(append(errs, out.err)...)
	}()
	before := ""
	if pair.Before != nil {
		record, err := pair.Before.Call(ctx, flows[0])
		if err = errors.Join(err, w.ended(ctx)); err != nil {
			return fail(err)
		}
		before = record.ID
	}
	if err := pair.Ready(w.server, before); err != nil {
		return fail(err)
	}
	out.overlap, err = w.begin(ctx, pair, flows[0], flows[1])
	if err = errors.Join(err, w.ended(ctx)); err != nil {
		return fail(err)
	}
	if !k.OneRecord && !k.Leaving {
		out.overlap = pair.Overlaps(w.server.Calls())
	}
	records, err := w.records(ctx, pair.Business)
	if err != nil {
		return fail(err)
	}
	out.wrong = pair.Wrong(Look(w.server), records, Rules{})
	out.wrong = errors.Join(out.wrong, pair.CheckPINs(ctx, w.server, w.secrets))
	return out
}
