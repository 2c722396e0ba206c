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
	only       Dialect // the other one does not use it
}

func statements(t *testing.T) []statement {
	t.Helper()
	row, err := columns(onboard.Record{ID: "1"})
	require.NoError(t, err)
	ref := 4 // the primary key of a secret
	list, args := selection(onboard.Filter{
		After: "1", Tenant: "acme", Session: "s", Business: "2", WABA: "3", Number: "4",
		States:    []onboard.State{onboard.StateRunning, onboard.StateFailed},
		DueBefore: time.Unix(1, 0), DeadlineBefore: time.Unix(2, 0),
	})
	return []statement{
		{name: "insertRecord", text: insertRecord, args: len(row)},
		{name: "updateRecord", text: updateRecord, args: len(row)}, {name: "updateRecordAndObjects", text: updateRecordAndObjects, args: len(row)},
		{name: "selectRecord", text: selectRecord, args: 1}, {name: "selectBegun", text: selectBegun, args: 2}, {name: "selectSession", text: selectSession, args: 2},
		{name: "selectIdentity", text: selectIdentity, args: 1}, {name: "selection", text: list, args: len(args)},
		{name: "insertObjects", text: insertObjects(2), args: 2 + 4}, {name: "selectObjects", text: selectObjects, args: 2}, {name: "deleteObject", text: deleteObject, args: 4},
		{name: "acquireObject", text: acquireObject, args: 5, only: SQLite}, {name: "acquireReturning", text: acquireReturning, args: 5, only: PostgreSQL}, {name: "selectAcquired", text: selectAcquired, args: 3, only: SQLite},
		{name: "selectHolder", text: selectHolder, args: 2}, {name: "extendObject", text: extendObject, args: 4}, {name: "releaseObject", text: releaseObject, args: 3},
		{name: "selectDue", text: selectDue(16), args: 0, only: SQLite}, {name: "acquireDue", text: acquireDue(16), args: 3, only: PostgreSQL},
		{name: "selectBacklog", text: selectBacklog, args: 1},
		{name: "eraseRecords", text: eraseRecords, args: 1}, {name: "eraseObjects", text: eraseObjects, args: 1}, {name: "eraseLeases", text: eraseLeases, args: 0},
		{name: "putSealed", text: putSealed, args: ref + 4}, {name: "insertSealed", text: insertSealed, args: ref + 4}, {name: "updateSealed", text: updateSealed, args: ref + 4}, {name: "deleteSealed", text: deleteSealed, args: ref},
		{name: "selectSealed", text: selectSealed, args: ref}, {name: "selectSealedAfter", text: selectSealedAfter, args: ref},
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
			if s.only != 0 && s.only != kind {
				continue
			}
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
