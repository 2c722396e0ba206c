package pairs

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
)

// together runs small runs at the same time: their processes wait most of the time.
func together(t *testing.T, pairs int) {
	t.Helper()
	if pairs <= inFlight {
		t.Parallel()
	}
}

// Two onboardings of one client in two processes do nothing twice.
func TestPairs(t *testing.T) {
	n := int(number(t, envPairs, 16))
	together(t, n)
	for name, open := range map[string]func(*testing.T) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		for _, processes := range []int{2, 4} {
			t.Run(fmt.Sprintf("%s-%d", name, processes), func(t *testing.T) {
				together(t, n)
				seed := firstSeed(t)
				r := newRun(t, open(t))
				r.fleet = newFleet(t, processes, r.order, nil)
				v := r.judge(t, r.pairs(t.Context(), n, seed))
				v.require(t, r, fmt.Sprintf("%s, %d processes", name, processes))
				wanted := 90.0
				if n <= inFlight { // one pair is many per cent, and the runs disturb each other
					wanted = 60
				}
				require.GreaterOrEqual(t, v.percent(), wanted, "the onboardings of too few pairs overlapped")
			})
		}
	}
}

// Pairs go wrong if the processes do not lease the assets of a client. These are the kinds
// that do so most often. A call takes longer here, so that they also do so on a machine
// that is slow.
func TestPairs_WithoutExclusion(t *testing.T) {
	n := max(int(number(t, envPairs, 16))/10, 24)
	together(t, n)
	seed := firstSeed(t)
	r := newRun(t, sqlite(t))
	r.order.WithoutExclusion = true
	r.takes.Store(int64(5 * callTime))
	r.fleet = newFleet(t, 4, r.order, nil)
	var kinds []pair.Kind
	for _, name := range []string{"two codes", "two webhooks"} {
		kind, err := pair.Find(name)
		require.NoError(t, err)
		kinds = append(kinds, kind)
	}
	v := r.judge(t, r.pairs(t.Context(), n, seed, kinds...))
	require.NotZero(t, v.wrong, "without exclusion nothing went wrong: the pairs test nothing")
	t.Logf("VERDICT without exclusion: %d of %d pairs went wrong, as they should", v.wrong, v.pairs)
}
