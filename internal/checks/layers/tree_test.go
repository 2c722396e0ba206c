package layers

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// load makes a tree of files, each given as a path and a text.
func load(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := Load(fsys)
	require.NoError(t, err)
	return tree
}

// requireProblems asserts that there is one problem for each of the texts.
func requireProblems(t *testing.T, problems []string, texts ...string) {
	t.Helper()
	require.Len(t, problems, len(texts), "%q", problems)
	for _, text := range texts {
		require.Contains(t, strings.Join(problems, "\n"), text)
	}
}

func TestLoad_SkipsTestdataAndFindsModules(t *testing.T) {
	tree := load(t, map[string]string{
		"go.mod": "module m\n", "a/a.go": "package a\n", "a/testdata/x.go": "not Go", ".git/x.go": "not Go",
		"a/b/go.mod": "module m/a/b\n", "a/b/c/c.go": "package c\n", "README.md": "text",
	})
	require.Len(t, tree.Files, 2)
	require.Len(t, tree.Docs, 1)
	require.Equal(t, ".", tree.ModuleOf("a/a.go"))
	require.Equal(t, "a/b", tree.ModuleOf("a/b/c/c.go"))
	require.Equal(t, []string{"a", "a/b/c"}, tree.PublicPackages())
	_, err := Load(fstest.MapFS{"a.go": {Data: []byte("not Go")}})
	require.Error(t, err)
}

func TestRoot_IsTheMainModule(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "go", "-C", root, "list", "-m").Output()
	require.NoError(t, err)
	require.Equal(t, Module, strings.TrimSpace(string(out)))
	require.True(t, filepath.IsAbs(root))
}
