package layers

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// loaded reads the repository once for all tests.
var loaded = sync.OnceValues(LoadRepository)

func repository(t *testing.T) *Tree {
	t.Helper()
	tree, err := loaded()
	require.NoError(t, err)
	require.Greater(t, len(tree.Files), 200)
	require.NotEmpty(t, tree.Docs)
	return tree
}

// requireNone fails the test for each problem.
func requireNone(t *testing.T, problems []string) {
	t.Helper()
	for _, problem := range problems {
		t.Error(problem)
	}
}

func TestRepository_Imports(t *testing.T) {
	require.Empty(t, CheckImports(repository(t), Layers))
	t.Log("\n" + Picture(Layers))
}

func TestRepository_Drawing(t *testing.T) {
	requireNone(t, CheckDrawing(repository(t), unrestricted, Layers))
}

func TestRepository_Dependencies(t *testing.T) {
	require.Empty(t, CheckDependencies(repository(t), Dependencies))
}

func TestRepository_Names(t *testing.T) { requireNone(t, CheckNames(repository(t))) }

func TestRepository_Lines(t *testing.T) { requireNone(t, CheckLines(repository(t), longFiles)) }

func TestRepository_Complexity(t *testing.T) { requireNone(t, CheckComplexity(repository(t))) }

func TestRepository_DocLines(t *testing.T) {
	tree := repository(t)
	for _, dir := range tree.PublicPackages() {
		n, err := DocLines(tree, dir)
		require.NoError(t, err)
		t.Logf("go doc -short %s: %d lines", dir, n)
	}
	requireNone(t, CheckDocLines(tree, docLimits))
}

func TestRepository_Words(t *testing.T) { requireNone(t, CheckWords(repository(t), Words, wordFiles)) }

func TestRepository_TestFiles(t *testing.T) {
	requireNone(t, CheckTestFiles(repository(t), suites))
}

func TestRepository_PackageFiles(t *testing.T) {
	requireNone(t, CheckPackageFiles(repository(t), clientPackages))
}

func TestRepository_Top(t *testing.T) { requireNone(t, CheckTop(repository(t), topNames)) }
