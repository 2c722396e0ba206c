package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestCodes_EveryCodeHasARow(t *testing.T) {
	kinds := []graph.Kind{
		graph.ErrAuth, graph.ErrPermission, graph.ErrNotFound, graph.ErrInvalid, graph.ErrThrottled, graph.ErrWait,
		graph.ErrAccountState, graph.ErrTransient, graph.ErrOutcomeUnknown, graph.ErrCursorExpired,
	}
	seen := map[[2]int]bool{}
	for _, row := range graph.Codes() {
		name := fmt.Sprintf("%d/%d", row.Code, row.Sub)
		key := [2]int{row.Code, row.Sub}
		require.False(t, seen[key], "%s twice", name)
		seen[key] = true
		require.NotEmpty(t, row.Source, name)
		require.Contains(t, kinds, row.Kind, name)
		require.False(t, strings.HasSuffix(row.Advice, "."), "%s: Error.Error ends the sentence", name)
		if row.Kind == graph.ErrWait {
			require.NotEmpty(t, row.Advice, "%s: how long to wait is nowhere else", name)
		}
	}
}

// classified returns the error of a call that is answered with a code. The call
// must not be repeated, so a transient code gives an unknown outcome.
func classified(t *testing.T, code, sub int) *graph.Error {
	t.Helper()
	c := newClient(t, newWire(graphError(http.StatusBadRequest, fmt.Sprintf(`"code":%d,"error_subcode":%d`, code, sub))))
	return graphErrorOf(t, c.Do(t.Context(), read(graph.RepeatOnce), nil))
}

func TestCodes_Kinds(t *testing.T) {
	for kind, numbers := range map[graph.Kind][]int{
		graph.ErrAuth:       {0, 101, 102, 104, 190, 452},
		graph.ErrPermission: {3, 5, 10, 200, 201, 210, 230, 294, 299, 131005, 104001},
		graph.ErrNotFound:   {33, 803, 200008},
		graph.ErrThrottled: {
			4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80014,
			130429, 131056, 132069, 2494055,
		},
		graph.ErrWait:           {131057, 133008, 133009, 133015, 133016, 134101, 136024, 2388091, 2388093, 2494100, 2494158},
		graph.ErrAccountState:   {368, 130497, 131031, 131037, 131042, 131048, 139000, 2388002, 2388098, 2388107, 2593109, 2655011, 3441051},
		graph.ErrOutcomeUnknown: {1, 2, 300, 131000, 131016, 133000, 133004, 134102, 139103},
		graph.ErrCursorExpired:  {139102},
		graph.ErrInvalid: {
			100, 110, 192, 506, 2500, 2635, 3949, 3962, 3965, 4000, 131008, 131009, 131045, 131055, 133005, 133006, 133010,
			135000, 136025, 139001, 139002, 139003, 139004, 139100, 139101, 147001, 147002, 147003, 147004, 147005,
			200000, 200002, 200005, 200006, 200007, 1752041, 2388001, 2388009, 2388010, 2388012, 2388019, 2388039, 2388040,
			2388047, 2388072, 2388073, 2388077, 2388103, 2388293, 2388299, 2593079, 2593085, 2593107, 2593108,
		},
		graph.ErrUnclassified: {800, 131026, 987654},
	} {
		for _, code := range numbers {
			require.Equal(t, kind, classified(t, code, 0).Kind, "code %d", code)
			if code >= 100_000 && kind != graph.ErrUnclassified {
				require.Equal(t, kind, classified(t, 100, code).Kind, "subcode %d", code)
			}
		}
	}
	for sub := 456; sub <= 492; sub++ {
		e := classified(t, 190, sub)
		require.Equal(t, graph.ErrAuth, e.Kind)
		require.NotEmpty(t, e.Advice)
	}
}

func TestCodes_ReadHasNoUnknownOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(graphError(http.StatusBadRequest, `"code":300`)) // "edit failure", which is written of writes
		require.ErrorIs(t, newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil), graph.ErrTransient)
		require.Equal(t, 4, w.count())
		w = newWire(graphError(http.StatusBadRequest, `"code":300`))
		require.ErrorIs(t, newClient(t, w).Do(t.Context(), write(graph.RepeatAlways), nil), graph.ErrOutcomeUnknown)
		require.Equal(t, 1, w.count())
	})
}

func TestCodes_PairsOverruleCodes(t *testing.T) {
	for _, c := range []struct {
		code, sub int
		kind      graph.Kind
		advice    string
	}{
		{100, 33, graph.ErrNotFound, "this token may not see the object"},
		{100, 36007, graph.ErrInvalid, "30 seconds"},
		{100, 36008, graph.ErrInvalid, "redirect URI"},
		{100, 36009, graph.ErrInvalid, "was used before"},
		{100, 2207051, graph.ErrInvalid, "not registered"},
		{190, 458, graph.ErrAuth, "new signup"},
		{190, 463, graph.ErrAuth, "expired"},
		{190, 467, graph.ErrAuth, "revoked"},
		{4, 2446079, graph.ErrThrottled, "hourly"},
		{4, 2446080, graph.ErrWait, "official business account"},
		{613, 1996, graph.ErrThrottled, "evenly"},
		{10, 2018218, graph.ErrPermission, "Solution"},
		{200, 1349175, graph.ErrPermission, "not accessible"},
		{130429, 2494055, graph.ErrThrottled, ""},
	} {
		e := classified(t, c.code, c.sub)
		require.Equal(t, c.kind, e.Kind, "%d/%d", c.code, c.sub)
		require.Contains(t, e.Advice, c.advice, "%d/%d", c.code, c.sub)
	}
}

func TestCodes_EveryRowIsReachable(t *testing.T) {
	// The table is searched in order of precision: a row that another one hides
	// would never be used.
	for _, row := range graph.Codes() {
		e := classified(t, row.Code, row.Sub)
		want := row.Kind
		if want == graph.ErrTransient { // see classified
			want = graph.ErrOutcomeUnknown
		}
		require.Equal(t, want, e.Kind, "%d/%d", row.Code, row.Sub)
		if row.Advice != "" {
			require.Equal(t, row.Advice, e.Advice, "%d/%d", row.Code, row.Sub)
		}
	}
}
