// Package house tests the plan of the house: who may import whom, and what the
// module depends on.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = "../.."
	module = "github.com/seed-8fdceacd/wagraph"
)

// rooms lists, for each package below the module's root, which packages of the
// module it may import. Tests are free; a package that is not listed fails.
var rooms = map[string][]string{
	".":                  {"internal/transport", "internal/fields", "internal/guard", "internal/redact"},
	"internal/guard":     {},
	"internal/redact":    {},
	"internal/transport": {"internal/guard"},
	"internal/fields":    {},
	"internal/graphsim":  {},
	"waba":               {"."},
	"phonenumbers":       {"."},
	"credit":             {"."},
	"pacing":             {"."},
	"graphtest":          {".", "internal/graphsim"},
	"signup":             {".", "waba", "phonenumbers", "credit", "internal/redact"},
	"signup/sqlstore":    {".", "signup"},
	"signup/signuptest":  {".", "signup"},
	// Tests of signup and of signup/killtest share it.
	"signup/internal/crash": {".", "signup", "waba", "graphtest"},
	"internal/contract":     {},
}

// free may import whatever they show or measure.
var free = []string{"examples/", "internal/readme/", "internal/house", "internal/bench", "internal/matrix"}

// onlyImporter says which third-party module has a single importer.
var onlyImporter = map[string]string{
	"github.com/hashicorp/go-retryablehttp": "internal/transport",
}

// testOnly are never imported by a package, only by its tests.
var testOnly = []string{"github.com/stretchr/testify"}

// testSuites are packages of tests, published for others.
var testSuites = []string{"signup/signuptest"}

func TestRoomsImportOnlyWhatLiesBelow(t *testing.T) {
	seen := 0
	eachImport(t, func(room, file, imported string) {
		if hasPrefix(free, room+"/") {
			return
		}
		seen++
		if only, ok := onlyImporter[imported]; ok {
			require.Equal(t, only, room, "%s imports %s", file, imported)
		}
		if hasPrefix(testOnly, imported) && !hasPrefix(testSuites, room) {
			t.Errorf("%s imports %s outside of a test", file, imported)
		}
		inside, ok := strings.CutPrefix(imported, module)
		if !ok {
			return
		}
		inside = path.Clean("./" + inside)
		allowed, known := rooms[room]
		require.True(t, known, "%s is in no room: add %q to the plan", file, room)
		require.Contains(t, allowed, inside, "%s imports %s", file, imported)
	})
	require.Greater(t, seen, 100, "the walk found the sources")
}

func TestTheSimulatorKnowsNothingButTheStandardLibrary(t *testing.T) {
	eachImport(t, func(room, file, imported string) {
		if room == "internal/graphsim" {
			first, _, _ := strings.Cut(imported, "/")
			require.NotContains(t, first, ".", "%s imports %s", file, imported)
		}
	})
}

// TestDirectDependencies keeps the module at four.
func TestDirectDependencies(t *testing.T) {
	text, err := os.ReadFile(root + "/go.mod")
	require.NoError(t, err)
	var direct []string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) >= 2 && strings.Contains(words[0], ".") && !strings.Contains(line, "// indirect") {
			direct = append(direct, words[0])
		}
	}
	require.ElementsMatch(t, []string{
		"github.com/hashicorp/go-retryablehttp", "github.com/google/go-querystring",
		"golang.org/x/oauth2", "github.com/stretchr/testify",
	}, direct)
}

// TestOnlyThePlannedRoomsStandAtTheTop keeps the tree what DESIGN says.
func TestOnlyThePlannedRoomsStandAtTheTop(t *testing.T) {
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, entry := range entries {
		built := entry.Name() == "bin" // tools that make lint builds; not in the repository
		if entry.IsDir() && !built && !strings.HasPrefix(entry.Name(), ".") {
			require.Contains(t, []string{"waba", "phonenumbers", "credit", "signup", "pacing", "graphtest", "internal", "examples"}, entry.Name())
		}
	}
}

// eachImport walks the non-test files of the root module.
func eachImport(t *testing.T, visit func(room, file, imported string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && (isModule(name) || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(room), name, imported)
		}
		return nil
	})
	require.NoError(t, err)
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func hasPrefix(prefixes []string, s string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
