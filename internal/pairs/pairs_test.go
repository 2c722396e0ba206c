package pairs

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// tally counts the ends of pairs.
type tally struct {
	mu                     sync.Mutex
	pairs, overlaps, wrong int
	example                outcome // of the first wrong pair
}

func (c *tally) add(out outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pairs++
	if out.overlap {
		c.overlaps++
	}
	if out.wrong != nil || out.err != nil {
		if c.wrong == 0 {
			c.example = out
		}
		c.wrong++
	}
}

func (c *tally) percent() float64 { return 100 * float64(c.overlaps) / float64(c.pairs) }

// runAll runs n pairs of each kind, and returns what became of each kind.
func runAll(t *testing.T, n int, seed uint64, s setup) []*tally {
	t.Helper()
	kinds := Kinds()
	counts := make([]*tally, len(kinds))
	t.Run("of", func(t *testing.T) {
		for i, kind := range kinds {
			counts[i] = &tally{}
			t.Run(kind.Name, func(t *testing.T) {
				t.Parallel()
				for j := range n {
					counts[i].add(kind.run(t, seed+uint64(j), s))
				}
			})
		}
	})
	return counts
}

// Two onboardings of one client do nothing twice.
func TestPairs(t *testing.T) {
	n, seed := perKind(t), firstSeed(t)
	all := tally{}
	for i, c := range runAll(t, n, seed, setup{}) {
		name := Kinds()[i].Name
		t.Logf("%s: %d pairs, %.1f %% overlapped, %d wrong", name, c.pairs, c.percent(), c.wrong)
		require.Zero(t, c.wrong, "%s, seed %d: %v %v", name, c.example.seed, c.example.wrong, c.example.err)
		require.GreaterOrEqual(t, c.percent(), 90.0, "%s: the onboardings of too few pairs overlapped", name)
		all.pairs, all.overlaps = all.pairs+c.pairs, all.overlaps+c.overlaps
	}
	t.Logf("VERDICT in memory: %d pairs, %.1f %% overlapped: each number registered once with one PIN, one share for each business, no record failed",
		all.pairs, all.percent())
}

// The same pairs go wrong if the assets of the client are not leased: so the pairs do
// test the leases.
func TestPairs_WithoutExclusion(t *testing.T) {
	n, seed := max(perKind(t)/10, 6), firstSeed(t)
	wrong, pairs := 0, 0
	open := setup{change: func(cfg *onboard.Config) { cfg.Store = WithoutExclusion(cfg.Store) }}
	for i, c := range runAll(t, n, seed, open) {
		wrong, pairs = wrong+c.wrong, pairs+c.pairs
		t.Logf("%s: %d pairs without exclusion, %d wrong", Kinds()[i].Name, c.pairs, c.wrong)
		if c.wrong > 0 {
			t.Logf("for example, seed %d: %v", c.example.seed, c.example.wrong)
		}
	}
	require.NotZero(t, wrong, "without exclusion nothing went wrong: the pairs test nothing")
	t.Logf("VERDICT without exclusion: %d of %d pairs went wrong, as they should", wrong, pairs)
}
