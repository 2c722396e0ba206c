package layers

import (
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Dependency is a module that the main module requires directly.
type Dependency struct {
	Module string
	// Name is the name of its packages in code.
	Name string
	// Importers are the only packages that import it; empty for all.
	Importers []string
	// TestsOnly: only tests import it, and packages of tests.
	TestsOnly bool
	// Shown are its types that exported signatures may have.
	Shown []string
}

// Dependencies is the one list of direct dependencies. Heavy dependencies, such as
// databases, tracing and browsers, are required by nested modules instead.
var Dependencies = []Dependency{
	{Module: "github.com/google/go-querystring", Name: "query"},
	{Module: "github.com/hashicorp/go-retryablehttp", Name: "retryablehttp", Importers: []string{"internal/transport"}},
	{Module: "github.com/stretchr/testify", TestsOnly: true},
	{Module: "golang.org/x/oauth2", Name: "oauth2", Shown: []string{"Token", "TokenSource"}},
}

// testPackages are packages that only tests import, and that import testify.
var testPackages = []string{"signup/storetest", "internal/sdktest", "examples/internal/exampletest"}

// CheckDependencies compares go.mod, the imports and the exported signatures of the
// main module with a list of dependencies.
func CheckDependencies(tree *Tree, list []Dependency) []string {
	text, err := fs.ReadFile(tree.FS, "go.mod")
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	var listed []string
	for _, d := range list {
		listed = append(listed, d.Module)
	}
	required := directDependencies(string(text))
	slices.Sort(listed)
	slices.Sort(required)
	if !slices.Equal(listed, required) {
		problems = append(problems, fmt.Sprintf("go.mod: the direct dependencies are %v, and the list has %v", required, listed))
	}
	for _, f := range tree.Files {
		if tree.ModuleOf(f.Path) == "." {
			problems = append(problems, checkFileDependencies(f, list)...)
		}
	}
	return problems
}

// directDependencies returns the modules that a go.mod requires without the comment
// "// indirect".
func directDependencies(gomod string) []string {
	var direct []string
	for line := range strings.Lines(gomod) {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(words) >= 2 && strings.Contains(words[0], ".") && strings.HasPrefix(words[1], "v") && !strings.Contains(line, "// indirect") {
			direct = append(direct, words[0])
		}
	}
	return direct
}

func checkFileDependencies(f *File, list []Dependency) []string {
	var problems []string
	dir := f.Dir()
	names := map[string]Dependency{}
	for imported, name := range f.imports() {
		first, _, _ := strings.Cut(imported, "/")
		if !strings.Contains(first, ".") || imported == Module || strings.HasPrefix(imported, Module+"/") {
			continue
		}
		at := slices.IndexFunc(list, func(d Dependency) bool {
			return imported == d.Module || strings.HasPrefix(imported, d.Module+"/")
		})
		if at < 0 {
			problems = append(problems, fmt.Sprintf("%s: imports %s, which is not a direct dependency", f.Path, imported))
			continue
		}
		d := list[at]
		if name == "" {
			name = d.Name
		}
		if name == "" {
			name = path.Base(imported)
		}
		names[name] = d
		if problem := d.checkImporter(dir); problem != "" && !f.IsTest() {
			problems = append(problems, fmt.Sprintf("%s: imports %s, %s", f.Path, imported, problem))
		}
	}
	if !f.IsTest() && !isPrivate(f.Dir()) {
		problems = append(problems, checkShown(f, names)...)
	}
	return problems
}

// checkImporter returns what is wrong with a package that imports the dependency
// outside of its tests.
func (d Dependency) checkImporter(dir string) string {
	switch {
	case d.TestsOnly && !slices.Contains(testPackages, dir):
		return "which only tests may import"
	case len(d.Importers) > 0 && !slices.Contains(d.Importers, dir):
		return fmt.Sprintf("which only %v may import", d.Importers)
	}
	return ""
}

// checkShown refuses types of dependencies in exported signatures.
func checkShown(f *File, names map[string]Dependency) []string {
	var problems []string
	for _, decl := range f.AST.Decls {
		for _, shown := range exportedTypes(decl) {
			ast.Inspect(shown, func(node ast.Node) bool {
				selected, ok := node.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				from, ok := selected.X.(*ast.Ident)
				if !ok {
					return true
				}
				if d, known := names[from.Name]; known && !d.TestsOnly && !slices.Contains(d.Shown, selected.Sel.Name) {
					problems = append(problems, f.at(selected.Pos(), "%s.%s stands in an exported signature", from.Name, selected.Sel.Name))
				}
				return true
			})
		}
	}
	return problems
}

// exportedTypes returns the types in a declaration that importers see.
func exportedTypes(decl ast.Decl) (types []ast.Node) {
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
					types = append(types, visibleTypes(spec.Type)...)
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

// visibleTypes returns the types of the exported fields of a struct, or the type
// itself.
func visibleTypes(of ast.Expr) (types []ast.Node) {
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
