package exampletest

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew instead of comparing with it")

// Goldens runs a program once for each key of runs, with its arguments, and
// compares everything that it prints with testdata/KEY.golden. It runs against the
// simulator inside the program, in synthetic time: the hours of a wait pass at once.
// Nothing that is printed may have one of the secrets or be wider than 80 columns,
// except for JSON, which has no width. After an intended change,
// go test ./examples/NAME -update writes the files anew.
func Goldens(t *testing.T, name string, run Program, runs map[string][]string, secrets ...graph.Secret) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(runs)) {
		t.Run(key, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := Play(t, name, run, nil, runs[key]...)
				NoSecrets(t, stdout+stderr, secrets...)
				if !slices.Contains(runs[key], "-json") {
					Fits(t, stdout)
				}
				Fits(t, stderr)
				golden(t, key, transcript(exit, stdout, stderr))
			})
		})
	}
}

// golden compares a text with testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "go test -update writes it")
	require.Equal(t, string(want), got)
}

// Waits and record ids are random. Trace ids change with every call that is added.
var (
	waits  = regexp.MustCompile(`waiting \S+ before`)
	traces = regexp.MustCompile(`Trace\s+[\w-]+`)
	// The pacer's five minutes, less a retry's random wait.
	pacerWaits = regexp.MustCompile(`\b(4m59s|5m0s)`)
	records    = regexp.MustCompile(`\b[A-Z2-7]{26}\b`)
)

// transcript puts everything that a run printed in one text.
func transcript(exit int, stdout, stderr string) string {
	text := fmt.Sprintf("exit %d\n-- stdout\n%s-- stderr\n%s", exit, stdout, stderr)
	text = waits.ReplaceAllString(text, "waiting ... before")
	text = pacerWaits.ReplaceAllString(text, "5m")
	return records.ReplaceAllString(traces.ReplaceAllString(text, "Trace ..."), "RECORD")
}

// fingerprints are those of certificates, which hold the time of their issue.
var fingerprints = regexp.MustCompile(`\b[0-9a-f]{12}\b`)

// Readme checks that the excerpt that examples/README.md shows under name is
// part of what the program prints: its lines in their order, where "..." stands
// for any others.
func Readme(t *testing.T, name, printed string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	require.NoError(t, err)
	_, after, found := strings.Cut(string(text), "<!-- "+name+" -->\n```text\n")
	require.True(t, found, "README.md shows no output of %s", name)
	excerpt, _, _ := strings.Cut(after, "\n```")
	rest := fingerprints.ReplaceAllString(printed, "fingerprint")
	for line := range strings.Lines(fingerprints.ReplaceAllString(excerpt, "fingerprint")) {
		if line = strings.TrimRight(line, " \n"); line == "..." || line == "" {
			continue
		}
		_, rest, found = strings.Cut(rest, line)
		require.True(t, found, "README.md: %s", line)
	}
}
