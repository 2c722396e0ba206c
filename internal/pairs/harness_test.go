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
	// slowest, if it is not 0, lets a call take a random time, up to this.
	slowest time.Duration
	mu      sync.Mutex
	calls   *rand.Rand
}

// callTakes returns how long the next call to Meta takes.
func (w *world) callTakes() time.Duration {
	if w.slowest == 0 {
		return callTime
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return callTime/3 + time.Duration(w.calls.Int64N(int64(w.slowest)))
}

func newWorld(seed uint64, options ...graphtest.Option) (*world, error) {
	random := rand.New(rand.NewPCG(seed, 1))
	database := &pace{random: rand.New(rand.NewPCG(seed, 3))}
	w := &world{
		server: graphtest.Start(append(options, graphtest.WithSeed(seed))...), random: random,
		store: pacedStore{onboard.NewMemoryStore(), database}, calls: rand.New(rand.NewPCG(seed, 4)),
	}
	ring, err := Keyring()
	if err != nil {
		return nil, err
	}
	w.secrets, err = vault.NewSealedVault(pacedStorage{vault.NewMemoryStorage(), database}, ring)
	w.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: w.callTakes()} })
	return w, err
}

// process returns the Flow of one process. The partner decides about a client within
// 500 to 800 ms: so both onboardings of a pair have read the client
// before either of them changes it.
func (w *world) process(name string, outage *Outage, change func(*onboard.Config)) (*onboard.Flow, error) {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(w.random.Uint64(), 2))
	cfg := Config(w.server.World())
	cfg.Client = w.server.ClientFor(graph.SecretToken(w.server.World().Admin.Token), graph.WithHTTPClient(&http.Client{Transport: outage.Transport(steady{w.server.RoundTripper()})}))
	cfg.Store, cfg.Vault, cfg.Worker = outage.Store(w.store), outage.Vault(w.secrets), name
	cfg.Approve = func(ctx context.Context, _ onboard.Record) error {
		mu.Lock()
		decides := 500*time.Millisecond + time.Duration(random.Int64N(int64(300*time.Millisecond)))
		mu.Unlock()
		time.Sleep(decides)
		return ctx.Err()
	}
	if change != nil {
		change(&cfg)
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
const patience = 24 * time.Hour

// ended waits until nothing is due any more.
func (w *world) ended(ctx context.Context) error {
	for began := time.Now(); ; time.Sleep(max(poll, time.Since(began)/100)) {
		backlog, err := w.store.Backlog(ctx)
		if err != nil {
			return err
		}
		if backlog.Due+backlog.Waiting == 0 {
			return nil
		}
		if time.Since(began) > patience {
			return fmt.Errorf("after %v, %d records are due and %d wait", patience, backlog.Due, backlog.Waiting)
		}
	}
}

// span is when a call began and ended.
type span struct{ began, ended time.Time }

func (s span) overlaps(other span) bool {
	return !s.began.After(other.ended) && !other.began.After(s.ended)
}

// posts is how often a page posts, once a second, until the partner's answer is no error.
const posts = 60

func (w *world) post(ctx context.Context, start Start, flow *onboard.Flow) (record onboard.Record, err error) {
	for range posts {
		if record, err = start.Call(ctx, flow); err == nil || w.slowest == 0 {
			return record, err
		}
		time.Sleep(time.Second)
	}
	return record, err
}

// begin makes the calls of a pair, the second one up to a call's time after the first.
func (w *world) begin(ctx context.Context, pair Pair, first, second *onboard.Flow) (overlap bool, err error) {
	later := time.Duration(w.random.Int64N(int64(callTime)))
	var spans [2]span
	var errs [2]error
	call := func(i int, start Start, flow *onboard.Flow) {
		spans[i].began = time.Now()
		_, errs[i] = w.post(ctx, start, flow)
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
}

// setup is what differs between the tests.
type setup struct {
	// change changes the configuration of the processes.
	change func(*onboard.Config)
	// outage returns what fails in a process.
	outage func(*rand.Rand) *Outage
	// slowest is that of the world.
	slowest time.Duration
	rules   Rules
	// deploys, if it is not 0, ends each worker after a random time up to this, in the
	// middle of its calls, and another one begins at once.
	deploys time.Duration
}

// run runs one pair in a bubble with its own time.
func (k Kind) run(t *testing.T, seed uint64, s setup) (out outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { out = k.runInBubble(t.Context(), seed, s) })
	out.seed = seed
	return out
}

// runInBubble starts the processes, begins the pair, waits for its end, and compares it
// with Meta's side.
func (k Kind) runInBubble(ctx context.Context, seed uint64, s setup) (out outcome) {
	fail := func(err error) outcome { out.err = errors.Join(out.err, err); return out }
	w, err := newWorld(seed)
	if err != nil {
		return fail(err)
	}
	w.slowest = s.slowest
	var flows [2]*onboard.Flow
	for i := range flows {
		outage := &Outage{}
		if s.outage != nil {
			outage = s.outage(w.random)
		}
		if flows[i], err = w.process(fmt.Sprintf("process %d", i+1), outage, s.change); err != nil {
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
		random := rand.New(rand.NewPCG(seed, 5+uint64(i)))
		workers.Go(func() {
			for working.Err() == nil {
				shift, end := context.WithCancel(working)
				if s.deploys > 0 {
					shift, end = context.WithTimeout(working, time.Duration(random.Int64N(int64(s.deploys))))
				}
				errs[i] = errors.Join(errs[i], work(shift, flow))
				end()
			}
		})
	}
	defer func() {
		stop()
		workers.Wait()
		time.Sleep(2*callTime + s.slowest) // until Meta has answered every call
		if !s.rules.Lost {
			out.err = errors.Join(errors.Join(errs...), out.err)
		}
	}()
	out.overlap, err = w.runPair(ctx, &pair, flows, s.rules)
	if err != nil {
		return fail(err)
	}
	records, err := w.records(ctx, pair.Business)
	if err != nil {
		return fail(err)
	}
	if !k.OneRecord && !k.Leaving {
		out.overlap = pair.Overlaps(w.server.Calls())
	}
	out.wrong = pair.Wrong(Look(w.server), records, s.rules)
	out.wrong = errors.Join(out.wrong, pair.CheckPINs(ctx, w.server, w.secrets))
	return out
}

// runPair runs a pair to its end. Where codes may be lost, the client signs up again.
func (w *world) runPair(ctx context.Context, pair *Pair, flows [2]*onboard.Flow, rules Rules) (overlap bool, err error) {
	before := ""
	if pair.Before != nil {
		record, err := w.post(ctx, *pair.Before, flows[0])
		if err = errors.Join(err, w.ended(ctx)); err != nil {
			return false, err
		}
		before = record.ID
	}
	if err := pair.Ready(w.server, before); err != nil {
		return false, err
	}
	overlap, err = w.begin(ctx, *pair, flows[0], flows[1])
	if err = errors.Join(err, w.ended(ctx)); err != nil {
		return overlap, err
	}
	for repeated := 0; rules.Lost; {
		records, err := w.records(ctx, pair.Business)
		if err != nil {
			return overlap, err
		}
		lost := Lost(records)
		if lost == repeated {
			return overlap, nil
		}
		start, err := pair.Repeat(w.server)
		if err != nil {
			return overlap, err
		}
		repeated++
		_, err = w.post(ctx, start, flows[0])
		if err := errors.Join(err, w.ended(ctx)); err != nil {
			return overlap, err
		}
	}
	return overlap, nil
}
