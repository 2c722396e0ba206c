package pairs

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// The databases of the processes cannot write for a while: after the exchange of a code,
// and at random moments. Calls to Meta take up to five seconds, and Meta carries out what
// arrived, although the process may no longer wait.
func TestPairs_StoresFail(t *testing.T) {
	n, seed := max(perKind(t)/4, 3), firstSeed(t)
	var mu sync.Mutex
	var outages []*Outage
	s := setup{slowest: 5 * time.Second, rules: Rules{Lost: true}, change: func(cfg *onboard.Config) { cfg.Lease = onboard.MinLease }}
	s.outage = func(random *rand.Rand) *Outage {
		outage := &Outage{}
		if random.IntN(2) == 0 {
			outage.AfterExchange(20*time.Second, 1)
		}
		lasts, begin := time.Duration(random.Int64N(int64(20*time.Second))), outage.Begin
		if random.IntN(2) == 0 { // while calls are under way, and over before they end
			lasts, begin = lasts/10, outage.BeginOfRecords
		}
		time.AfterFunc(time.Duration(random.Int64N(int64(20*time.Second))), func() { begin(lasts) })
		mu.Lock()
		defer mu.Unlock()
		outages = append(outages, outage)
		return outage
	}
	for i, c := range runAll(t, n, seed, s) {
		name := Kinds()[i].Name
		t.Logf("%s: %d pairs with failing stores, %d wrong", name, c.pairs, c.wrong)
		if c.wrong > 0 {
			t.Errorf("%s, seed %d: %v %v", name, c.example.seed, c.example.wrong, c.example.err)
		}
	}
	failed := 0
	for _, outage := range outages {
		failed += outage.Failed()
	}
	require.NotZero(t, failed, "no write failed")
	require.False(t, t.Failed())
	t.Logf("VERDICT with failing stores: %d writes failed, and nothing was done twice", failed)
}

// The workers end in the middle of their calls, as at each deployment, and others begin
// at once. Meta carries out what arrived.
func TestPairs_WorkersEnd(t *testing.T) {
	n, seed := max(perKind(t)/4, 3), firstSeed(t)
	s := setup{
		slowest: 5 * time.Second, rules: Rules{Lost: true}, deploys: 20 * time.Second,
		change: func(cfg *onboard.Config) { cfg.Lease = onboard.MinLease },
	}
	pairs := 0
	for i, c := range runAll(t, n, seed, s) {
		name := Kinds()[i].Name
		pairs += c.pairs
		t.Logf("%s: %d pairs whose workers end, %d wrong", name, c.pairs, c.wrong)
		if c.wrong > 0 {
			t.Errorf("%s, seed %d: %v %v", name, c.example.seed, c.example.wrong, c.example.err)
		}
	}
	require.False(t, t.Failed())
	t.Logf("VERDICT with workers that end: %d pairs, and nothing was done twice", pairs)
}
