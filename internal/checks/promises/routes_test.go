package promises_test

import (
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/checks/layers"
)

const repository = "../../.."

// packagesWithRoutes are the packages whose calls are made here. Other packages
// call other services, or none.
var packagesWithRoutes = []string{"waba", "phonenumbers", "credit", "signup"}

// TestCalls_EveryRouteIsCalled reads the source. A new route constant, or a known
// one with another method, has to be added to the calls of its package.
func TestCalls_EveryRouteIsCalled(t *testing.T) {
	known := map[string]map[string]bool{}
	for _, c := range calls() {
		if known[c.pkg] == nil {
			known[c.pkg] = map[string]bool{}
		}
		known[c.pkg][c.key()], known[c.pkg][c.route] = true, true
	}
	routes := 0
	for _, pkg := range packagesWithRoutes {
		source := readPackage(t, filepath.Join(repository, pkg))
		require.NotEmpty(t, source.routes, pkg)
		for name, route := range source.routes {
			routes++
			require.True(t, known[pkg][route], "%s.%s = %q: no call of this package uses it", pkg, name, route)
		}
		for _, key := range source.calls {
			require.True(t, known[pkg][key], "%s calls %q, and no call of this package does", pkg, key)
		}
	}
	t.Logf("%d calls on %d routes", len(calls()), routes)
}

// TestCalls_EveryPackageWithRoutesIsListed keeps packagesWithRoutes complete: each
// Request has a route, and each route is a constant in the routes.go of a package.
// A routes.go without such a constant reads routes and makes no calls.
func TestCalls_EveryPackageWithRoutesIsListed(t *testing.T) {
	with := map[string]bool{}
	require.NoError(t, filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != repository && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "internal" || entry.Name() == "examples") {
			return fs.SkipDir
		}
		if dir := filepath.Dir(path); entry.Name() == "routes.go" && len(readPackage(t, dir).routes) > 0 {
			with[filepath.ToSlash(dir)] = true
		}
		return nil
	}))
	for _, pkg := range packagesWithRoutes {
		require.True(t, with[repository+"/"+pkg], pkg)
		delete(with, repository+"/"+pkg)
	}
	require.Empty(t, slices.Collect(maps.Keys(with)), "packages with routes that are not in packagesWithRoutes")
}

// packageSource is what the source of a package says about its calls.
type packageSource struct {
	routes map[string]string // route constants by name
	calls  []string          // "POST /{waba-id}/subscribed_apps"
}

// readPackage collects the route constants, and the HTTP methods that stand in the
// same function as a route. A function with a route and no method passes the route
// to a function that lists, or to one that is read by itself.
func readPackage(t *testing.T, dir string) packageSource {
	t.Helper()
	source := packageSource{routes: map[string]string{}}
	var functions []*ast.FuncDecl
	files, err := layers.ParsePackage(dir)
	require.NoError(t, err)
	for _, file := range files {
		for _, decl := range file.AST.Decls {
			switch decl := decl.(type) {
			case *ast.GenDecl:
				source.constants(decl)
			case *ast.FuncDecl:
				functions = append(functions, decl)
			}
		}
	}
	for _, function := range functions {
		source.function(function)
	}
	return source
}

func (s *packageSource) constants(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		value, ok := spec.(*ast.ValueSpec)
		if !ok || decl.Tok != token.CONST || len(value.Values) != 1 || !strings.HasPrefix(value.Names[0].Name, "route") {
			continue
		}
		if literal, ok := value.Values[0].(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				s.routes[value.Names[0].Name] = text
			}
		}
	}
}

func (s *packageSource) function(function *ast.FuncDecl) {
	if function.Body == nil {
		return
	}
	var routes, methods []string
	ast.Inspect(function.Body, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Ident:
			if route := s.routes[n.Name]; route != "" {
				routes = append(routes, route)
			}
		case *ast.SelectorExpr:
			if from, ok := n.X.(*ast.Ident); ok && from.Name == "http" {
				if method, ok := strings.CutPrefix(n.Sel.Name, "Method"); ok {
					methods = append(methods, strings.ToUpper(method))
				}
			}
		}
		return true
	})
	for _, route := range routes {
		for _, method := range methods {
			s.calls = append(s.calls, method+" "+route)
		}
	}
}
