package promises_test

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"
)

var seedFlag = flag.Uint64("seed", 0, "chooses the combinations that run with -short; 0 takes a random seed")

// sample chooses the combinations of a matrix that run: all of them, or a tenth
// with -short.
type sample struct {
	short bool
	seed  uint64
}

func newSample(t *testing.T) sample {
	t.Helper()
	s := sample{short: testing.Short(), seed: *seedFlag}
	if s.short {
		for s.seed == 0 {
			s.seed = rand.Uint64()
		}
		t.Logf("a tenth of the combinations; the same again with -short -args -seed=%d", s.seed)
	}
	return s
}

// has reports whether the combination of that name runs. It does not depend on
// the order in which combinations are asked for.
func (s sample) has(name string) bool {
	if !s.short {
		return true
	}
	hash := fnv.New64a()
	fmt.Fprint(hash, s.seed, " ", name)
	sum := hash.Sum64()
	return (sum^sum>>32)%10 == 0
}

func TestSample_TakesATenthAndTheSameAgain(t *testing.T) {
	a, b := sample{true, 1}, sample{true, 2}
	taken, differs := 0, false
	for i := range 10_000 {
		name := fmt.Sprint("combination ", i)
		taken += boolToInt(a.has(name))
		differs = differs || a.has(name) != b.has(name)
		if a.has(name) != (sample{true, 1}).has(name) || !(sample{}).has(name) {
			t.Error("a sample must be the same for one seed, and complete without -short")
		}
	}
	if taken < 800 || taken > 1200 || !differs {
		t.Errorf("%d of 10,000 combinations were taken", taken)
	}
}
