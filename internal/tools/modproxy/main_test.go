package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAdd_WritesAProxy(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"go.mod":         "module example.com/Acme/outer\n",
		"outer.go":       "package outer\n",
		"inner/go.mod":   "module example.com/Acme/outer/inner\n",
		"inner/inner.go": "package inner\n",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	require.NoError(t, add(out, dir, "v0.1.0"))

	versions := filepath.Join(out, "example.com", "!acme", "outer", "@v")
	list, err := os.ReadFile(filepath.Join(versions, "list"))
	require.NoError(t, err)
	require.Equal(t, "v0.1.0\n", string(list))
	require.FileExists(t, filepath.Join(versions, "v0.1.0.info"))
	mod, err := os.ReadFile(filepath.Join(versions, "v0.1.0.mod"))
	require.NoError(t, err)
	require.Equal(t, "module example.com/Acme/outer\n", string(mod))

	archive, err := zip.OpenReader(filepath.Join(versions, "v0.1.0.zip"))
	require.NoError(t, err)
	defer func() { require.NoError(t, archive.Close()) }()
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	require.ElementsMatch(t, []string{
		"example.com/Acme/outer@v0.1.0/go.mod",
		"example.com/Acme/outer@v0.1.0/outer.go",
	}, names, "a nested module is not part of the module around it")
}

func TestAdd_RefusesAVersionThatIsNotOne(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/outer\n"), 0o600))
	require.Error(t, add(t.TempDir(), dir, "1.0"))
	require.Error(t, add(t.TempDir(), dir, "v2.0.0"), "the path of a second major version ends in /v2")
}
