package matrix_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/seed-8fdceacd/wagraph"

// dependency is a package of somebody else's, the name that it goes by, and what
// of it may stand in an exported signature.
type dependency struct {
	name  string
	shown []string
}

var direct = map[string]dependency{
	"golang.org/x/oauth2":                    {"oauth2", []string{"Token", "TokenSource"}},
	"github.com/google/go-querystring/query": {"query", nil},
	"github.com/hashicorp/go-retryablehttp":  {"retryablehttp", nil},
	"github.com/stretchr/testify/require":    {"require", nil}, // tests, and suites of tests
	"github.com/stretchr/testify/assert":     {"assert", nil},
}

// TestPromise8_ItStaysSmall reads go.mod and every source file of the module:
// four direct dependencies, none of them in anybody's signatures but oauth2's
// Token, and nothing heavy.
func TestPromise8_ItStaysSmall(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	require.NoError(t, err)
	needed := 0
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 2 && strings.Contains(words[0], ".") && strings.HasPrefix(words[1], "v") {
			needed++
		}
	}
	require.Equal(t, 4, needed, "direct dependencies")

	files := 0
	eachFile(t, func(dir, name string, file *ast.File) {
		files++
		names := map[string]string{}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			first, _, _ := strings.Cut(path, "/")
			if !strings.Contains(first, ".") || path == module || strings.HasPrefix(path, module+"/") {
				continue
			}
			dependency, known := direct[path]
			require.True(t, known, "%s imports %s: what is heavy lives in a module of its own", name, path)
			if strings.HasPrefix(path, "github.com/stretchr/") {
				require.True(t, strings.HasSuffix(dir, "test"), "%s imports %s outside of a test", name, path)
			}
			local := dependency.name
			if spec.Name != nil {
				local = spec.Name.Name
			}
			names[local] = path
		}
		if strings.Contains(dir, "internal") || strings.Contains(dir, "examples") {
			return
		}
		for _, decl := range file.Decls {
			for _, shown := range exported(decl) {
				ast.Inspect(shown, func(node ast.Node) bool {
					selected, ok := node.(*ast.SelectorExpr)
					if !ok {
						return true
					}
					from, ok := selected.X.(*ast.Ident)
					if ok && names[from.Name] != "" {
						require.Contains(t, direct[names[from.Name]].shown, selected.Sel.Name, "%s shows a type of %s", name, names[from.Name])
					}
					return true
				})
			}
		}
	})
	require.Greater(t, files, 50)
}

// exported lists the types that a declaration shows to importers.
func exported(decl ast.Decl) (types []ast.Node) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Name.IsExported() {
			types = append(types, decl.Type)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					types = append(types, shownTypes(spec.Type)...)
				}
			case *ast.ValueSpec:
				if spec.Type != nil && slices.ContainsFunc(spec.Names, (*ast.Ident).IsExported) {
					types = append(types, spec.Type)
				}
			}
		}
	}
	return types
}

// shownOf leaves the unexported fields of a struct out.
func shownTypes(of ast.Expr) (types []ast.Node) {
	record, ok := of.(*ast.StructType)
	if !ok {
		return []ast.Node{of}
	}
	for _, field := range record.Fields.List {
		if len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
			types = append(types, field.Type)
		}
	}
	return types
}

// eachFile visits the sources of the root module, without tests.
func eachFile(t *testing.T, visit func(dir, name string, file *ast.File)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(repository, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if name != repository && (nested == nil || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err == nil {
			visit(filepath.ToSlash(filepath.Dir(name)), name, file)
		}
		return err
	}))
}
