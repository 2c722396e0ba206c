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
// and at random moments. Calls to Meta take up to two seconds, and Meta carries out what
// arrived, even if no process waits for the answer.
func TestPairs_StoresFail(t *testing.T) {
	n, seed := max(perKind(t)/4, 3), firstSeed(t)
	var mu sync.Mutex
	var outages []*Outage
	s := setup{slowest: 2 * time.Second, rules: Rules{Lost: true}, change: func(cfg *onboard.Config) { cfg.Lease = onboard.MinLease }}
	s.outage = func(random *rand.Rand) *Outage {
		outage := &Outage{}
		if random.IntN(2) == 0 {
			outage.AfterExchange(20*time.Second, 1)
		}
		lasts := time.Duration(random.Int64N(int64(20 * time.Second)))
		time.AfterFunc(time.Duration(random.Int64N(int64(10*time.Second))), func() { outage.Begin(lasts) })
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
	t.Logf("VERDICT with failing stores: %d writes failed, and nothing was done twice", failed)
}
