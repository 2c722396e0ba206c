package layers

import (
	"os"
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

func TestParsePackage_LeavesTestsOut(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.go": "package a\n", "a_test.go": "package a\n", "a.txt": "not Go"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	files, err := ParsePackage(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.Equal(t, filepath.ToSlash(filepath.Join(dir, "a.go")), files[0].Path)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "b.go"), []byte("not Go"), 0o600))
	_, err = ParsePackage(dir)
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
