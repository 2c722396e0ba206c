package sqlstore

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

var update = flag.Bool("update", false, "rewrite testdata/statements.golden")

// statement is one statement with the number of its arguments.
type statement struct {
	name, text string
	args       int
}

func statements(t *testing.T) []statement {
	t.Helper()
	row, err := columns(onboard.Record{ID: "1"})
	require.NoError(t, err)
	ref := 4 // the primary key of a secret
	list, args := selection(onboard.Filter{
		After: "1", Tenant: "acme", Business: "2", DueBefore: time.Unix(1, 0),
		States: []onboard.State{onboard.StateRunning, onboard.StateFailed},
	})
	return []statement{
		{"insertRecord", insertRecord, len(row)}, {"updateRecord", updateRecord, len(row)},
		{"selectRecord", selectRecord, 1}, {"selectBegun", selectBegun, 2}, {"selectIdentity", selectIdentity, 1},
		{"selection", list, len(args)},
		{"putSealed", putSealed, ref + 4}, {"updateSealed", updateSealed, ref + 4}, {"deleteSealed", deleteSealed, ref},
		{"selectSealed", selectSealed, ref}, {"selectSealedAfter", selectSealedAfter, ref},
	}
}

var placeholder = regexp.MustCompile(`\$\d+`)

// TestStatements_Golden shows each change of a statement, without a database. The
// tests in internal/integration/stores run the statements on SQLite and PostgreSQL:
// run them before you rewrite the golden file with -update.
func TestStatements_Golden(t *testing.T) {
	var text strings.Builder
	for _, kind := range []Dialect{SQLite, PostgreSQL} {
		d, err := kind.dialect()
		require.NoError(t, err)
		for _, s := range statements(t) {
			fmt.Fprintf(&text, "-- %v %s\n%s\n", kind, s.name, d.words.Replace(s.text))
			require.NotContains(t, d.words.Replace(s.text), "{", "%v %s: a word without a text", kind, s.name)
		}
	}
	for _, s := range statements(t) {
		var want []string
		for i := range s.args {
			want = append(want, fmt.Sprintf("$%d", i+1))
		}
		found := placeholder.FindAllString(s.text, -1)
		slices.Sort(found)
		require.Equal(t, slices.Sorted(slices.Values(want)), slices.Compact(found), "the placeholders of %s", s.name)
	}
	const golden = "testdata/statements.golden"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(text.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), text.String())
}
