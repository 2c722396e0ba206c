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

// requireAfterMove fails the test for each problem, but until the packages have moved it
// only prints them.
func requireAfterMove(t *testing.T, problems []string) {
	t.Helper()
	for _, problem := range problems {
		if Moved {
			t.Error(problem)
		} else {
			t.Log(problem)
		}
	}
	if !Moved && len(problems) > 0 {
		t.Skipf("%d problems before the move", len(problems))
	}
}

func TestRepository_Imports(t *testing.T) {
	require.Empty(t, CheckImports(repository(t), Layers))
	t.Log("\n" + Picture(Layers))
}

func TestRepository_Dependencies(t *testing.T) {
	require.Empty(t, CheckDependencies(repository(t), Dependencies))
}

func TestRepository_Names(t *testing.T) { requireAfterMove(t, CheckNames(repository(t))) }

func TestRepository_Lines(t *testing.T) { requireAfterMove(t, CheckLines(repository(t), longFiles)) }

func TestRepository_Complexity(t *testing.T) { requireAfterMove(t, CheckComplexity(repository(t))) }

func TestRepository_DocLines(t *testing.T) {
	tree := repository(t)
	for _, dir := range tree.PublicPackages() {
		n, err := DocLines(tree, dir)
		require.NoError(t, err)
		t.Logf("go doc -short %s: %d lines", dir, n)
	}
	requireAfterMove(t, CheckDocLines(tree, docLimits))
}

func TestRepository_Words(t *testing.T) { requireAfterMove(t, CheckWords(repository(t), Words)) }

func TestRepository_TestFiles(t *testing.T) {
	requireAfterMove(t, CheckTestFiles(repository(t), suites))
}

func TestRepository_PackageFiles(t *testing.T) {
	requireAfterMove(t, CheckPackageFiles(repository(t), clientPackages))
}

func TestRepository_Top(t *testing.T) { requireAfterMove(t, CheckTop(repository(t), topNames)) }
