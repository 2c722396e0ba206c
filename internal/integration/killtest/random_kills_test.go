package killtest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/crash"
)

var (
	runs = flag.Int("runs", 24, "how many onboardings TestRandomKills kills")
	seed = flag.Uint64("seed", rand.Uint64(), "the first seed of TestRandomKills")
)

// TestRandomKills kills onboardings of all kinds at random points, one process after
// the other. To repeat a run that failed, pass its seed: -runs 1 -seed N.
func TestRandomKills(t *testing.T) {
	whole := map[string]ending{}
	for _, v := range crash.Variants() {
		whole[v.Name] = onboardClient(t, v, sqlite(t))
	}
	var count, killed tally
	t.Logf("seed %d", *seed)
	t.Run("killed", func(t *testing.T) {
		for i := range *runs {
			seed := *seed + uint64(i)
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, 0))
				v := crash.Variants()[random.IntN(len(crash.Variants()))]
				kills := make([]kill, 1+random.IntN(4))
				for i := range kills {
					kills[i] = after(random.IntN(len(whole[v.Name].Points)))
				}
				end := onboardClient(t, v, sqlite(t), kills...)
				count.add(requireSameEnd(t, v, whole[v.Name], end))
				killed.add(fmt.Sprintf("%d kills", end.kills))
			})
		}
	})
	count.log(t, "onboardings")
	t.Log(killed.ends)
}
