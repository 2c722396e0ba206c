package matrix_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const repository = "../.."

// roomsWithRoutes are the packages whose calls this matrix makes. Others have
// calls to other services, or none.
var roomsWithRoutes = []string{"waba", "phonenumbers", "credit", "signup"}

// TestEveryCallIsInTheMatrix reads the source: a new route constant, or a known
// one with another method, has to be added to the calls of its room.
func TestEveryCallIsInTheMatrix(t *testing.T) {
	known := map[string]map[string]bool{}
	for _, c := range calls() {
		if known[c.room] == nil {
			known[c.room] = map[string]bool{}
		}
		known[c.room][c.key()], known[c.room][c.route] = true, true
	}
	routes := 0
	for _, room := range roomsWithRoutes {
		source := readRoom(t, filepath.Join(repository, room))
		require.NotEmpty(t, source.routes, room)
		for name, route := range source.routes {
			routes++
			require.True(t, known[room][route], "%s.%s = %q is called by nothing in the matrix", room, name, route)
		}
		for _, key := range source.calls {
			require.True(t, known[room][key], "%s calls %q, and nothing in the matrix does", room, key)
		}
	}
	t.Logf("%d calls on %d routes", len(calls()), routes)
}

// TestNoRouteStandsOutsideTheRooms keeps the list of rooms whole: whoever sends
// a Request names its route, and a route is a constant of a room in it.
func TestNoRouteStandsOutsideTheRooms(t *testing.T) {
	with := map[string]bool{}
	require.NoError(t, filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != repository && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "internal" || entry.Name() == "examples") {
			return fs.SkipDir
		}
		if entry.Name() == "routes.go" {
			with[filepath.ToSlash(filepath.Dir(path))] = true
		}
		return nil
	}))
	for _, room := range roomsWithRoutes {
		require.True(t, with[repository+"/"+room], room)
		delete(with, repository+"/"+room)
	}
	// The On-Premises client speaks to the client's own server, not to Graph.
	delete(with, repository+"/phonenumbers/onprem")
	require.Empty(t, slices.Collect(maps.Keys(with)), "rooms with routes that are not in roomsWithRoutes")
}

// room is what the source of a package says of its calls.
type roomSource struct {
	routes map[string]string // route constants by name
	calls  []string          // "POST /{waba-id}/subscribed_apps"
}

// readRoom collects the route constants, and the methods that are named in the
// same function as a route. A function that names a route and no method hands
// it on to one that lists, or that is looked at for itself.
func readRoom(t *testing.T, dir string) roomSource {
	t.Helper()
	source := roomSource{routes: map[string]string{}}
	var functions []*ast.FuncDecl
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range file.Decls {
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

func (s *roomSource) constants(decl *ast.GenDecl) {
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

func (s *roomSource) function(function *ast.FuncDecl) {
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
