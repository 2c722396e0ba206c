package contract

import (
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/checks/layers"
)

// pkgSource is what only the source of a package of the SDK shows.
type pkgSource struct {
	routes map[string]string   // constants in routes.go by name
	values map[string][]string // constants of each string type, by the type's name
	params map[string][]string // names of parameters, by "Func" or "Receiver.Method"
}

// parsePackage reads the package in dir, without its tests.
func parsePackage(t *testing.T, dir string) *pkgSource {
	t.Helper()
	r := &pkgSource{routes: map[string]string{}, values: map[string][]string{}, params: map[string][]string{}}
	files, err := layers.ParsePackage(dir)
	require.NoError(t, err)
	for _, file := range files {
		for _, decl := range file.AST.Decls {
			switch decl := decl.(type) {
			case *ast.GenDecl:
				r.constants(decl, path.Base(file.Path) == "routes.go")
			case *ast.FuncDecl:
				r.function(decl)
			}
		}
	}
	return r
}

// constants takes `Name Type = "value"` and, from routes.go, `routeX = "/..."`.
func (r *pkgSource) constants(decl *ast.GenDecl, isRoutes bool) {
	if decl.Tok != token.CONST {
		return
	}
	for _, spec := range decl.Specs {
		spec := spec.(*ast.ValueSpec)
		for i, value := range spec.Values {
			literal, ok := value.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				continue
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				continue
			}
			if of, ok := spec.Type.(*ast.Ident); ok {
				r.values[of.Name] = append(r.values[of.Name], text)
			}
			if isRoutes && strings.HasPrefix(spec.Names[i].Name, "route") {
				r.routes[spec.Names[i].Name] = text
			}
		}
	}
}

// function keeps the names of the parameters, because reflection does not have
// them.
func (r *pkgSource) function(decl *ast.FuncDecl) {
	name := decl.Name.Name
	if decl.Recv != nil {
		of := decl.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		if ident, ok := of.(*ast.Ident); ok {
			name = ident.Name + "." + name
		}
	}
	for _, param := range decl.Type.Params.List {
		for _, ident := range param.Names {
			r.params[name] = append(r.params[name], ident.Name)
		}
	}
}

// packagesWithRoutes returns the packages of the module that have route constants
// in routes.go.
func packagesWithRoutes(t *testing.T, root string) []string {
	t.Helper()
	var dirs []string
	require.NoError(t, filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "internal" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if err == nil && entry.Name() == "routes.go" && len(parsePackage(t, filepath.Dir(name)).routes) > 0 {
			dir, err := filepath.Rel(root, filepath.Dir(name))
			dirs = append(dirs, filepath.ToSlash(dir))
			return err
		}
		return err
	}))
	return dirs
}
