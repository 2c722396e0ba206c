package pairs

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
)

// verdict is what became of the pairs of a run.
type verdict struct {
	pairs, overlaps, wrong, lost int
	kinds                        map[string]int
	example                      error
}

// shown is how many wrong pairs are logged.
const shown = 3

// judge compares the pairs with Meta's side.
func (r *run) judge(t *testing.T, pairs []ended) verdict {
	t.Helper()
	calls := map[string][]graphtest.Call{}
	for _, call := range r.server.Calls() {
		for _, id := range call.IDs {
			calls[id] = append(calls[id], call)
		}
	}
	seen := pair.Look(r.server)
	r.takes.Store(0)
	v := verdict{kinds: map[string]int{}}
	for _, end := range pairs {
		v.pairs++
		wrong := end.err
		if wrong == nil {
			v.kinds[end.pair.Kind.Name]++
			v.lost += end.lost
			if overlaps(end, calls) {
				v.overlaps++
			}
			wrong = errors.Join(end.pair.Wrong(seen, end.records, r.rules), end.pair.CheckPINs(t.Context(), r.server, r.secrets))
		}
		if wrong != nil {
			v.wrong++
			v.example = fmt.Errorf("%s, business %s: %w", end.pair.Kind.Name, end.pair.Business, wrong)
			for _, record := range end.records {
				v.example = fmt.Errorf("%w\nrecord %s %s: %+v", v.example, record.ID, record.State, record.Steps)
			}
			if v.wrong <= shown {
				t.Logf("wrong: %v", v.example)
			}
		}
	}
	return v
}

// overlaps reports whether both onboardings read the client before either changed it.
func overlaps(end ended, calls map[string][]graphtest.Call) bool {
	if end.pair.Kind.OneRecord || end.pair.Kind.Leaving {
		return end.overlap
	}
	var about []graphtest.Call
	for _, id := range end.pair.WABAs {
		about = append(about, calls[string(id)]...)
	}
	for _, id := range end.pair.Numbers {
		about = append(about, calls[string(id)]...)
	}
	return end.pair.Overlaps(about)
}

func (v verdict) percent() float64 { return 100 * float64(v.overlaps) / float64(v.pairs) }

// require asserts that nothing was done twice.
func (v verdict) require(t *testing.T, r *run, what string) {
	t.Helper()
	t.Logf("%s: %d pairs %v, %.1f %% overlapped, %d signups repeated, %d wrong", what, v.pairs, v.kinds, v.percent(), v.lost, v.wrong)
	require.Zero(t, v.wrong, "%s: %v\nThe processes said:\n%.4000s", what, v.example, r.fleet.errors())
	t.Logf("VERDICT %s: each number registered once with one PIN, one share for each business, no record failed", what)
}
