package layers

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// coreName is the name of the core package. No variable, parameter, result or field
// has it, so that code can be copied from one file to another.
const coreName = "graph"

// definition is one name that code defines.
type definition struct {
	name    string
	pos     token.Pos
	kind    string
	shadows bool // the package of that name cannot be used where the name is visible
}

// CheckNames refuses the name of the core package for anything but the package, and
// local names that hide a package of this module that their file imports. It reads
// all Go files, and the Go code in Markdown files and comments.
func CheckNames(tree *Tree) []string {
	var problems []string
	for _, f := range tree.Files {
		problems = append(problems, checkFileNames(tree, f)...)
		for _, group := range f.AST.Comments {
			for _, comment := range group.List {
				if coreVariable.MatchString(comment.Text) {
					problems = append(problems, f.at(comment.Pos(), "a comment has a variable that is called %s", coreName))
				}
			}
		}
	}
	for _, doc := range tree.Docs {
		for _, block := range goBlocks(doc) {
			problems = append(problems, checkBlockNames(tree, block)...)
		}
	}
	return problems
}

// coreVariable finds a variable in code that cannot be parsed, or in a comment.
var coreVariable = regexp.MustCompile(`\b` + coreName + `(, \w+)* :?= |\(` + coreName + `[,)]|\b` + coreName + ` \*`)

func checkFileNames(tree *Tree, f *File) []string {
	var problems []string
	packages := tree.importedPackages(f)
	for _, d := range definitions(f.AST) {
		switch {
		case d.name == coreName:
			problems = append(problems, f.at(d.pos, "a %s is called %s", d.kind, coreName))
		case d.shadows && slices.Contains(packages, d.name):
			problems = append(problems, f.at(d.pos, "the %s %s hides the package of that name", d.kind, d.name))
		}
	}
	return problems
}

// importedPackages returns the local names of the packages of this repository that a
// file imports.
func (t *Tree) importedPackages(f *File) []string {
	var names []string
	for imported, name := range f.imports() {
		if imported != Module && !strings.HasPrefix(imported, Module+"/") {
			continue
		}
		dir := path.Clean("./" + strings.TrimPrefix(imported, Module))
		if name == "" {
			name = t.PackageName(dir)
		}
		if name == "" {
			name = path.Base(dir)
		}
		names = append(names, name)
	}
	return names
}

// definitions returns the variables, constants, parameters, results and fields that
// a file defines. Methods and functions are not among them.
func definitions(file *ast.File) []definition {
	var found []definition
	add := func(kind string, shadows bool, names ...*ast.Ident) {
		for _, name := range names {
			found = append(found, definition{name.Name, name.Pos(), kind, shadows})
		}
	}
	fields := func(kind string, shadows bool, list *ast.FieldList) {
		if list == nil {
			return
		}
		for _, field := range list.List {
			add(kind, shadows, field.Names...)
		}
	}
	variables := func(exprs ...ast.Expr) {
		for _, expr := range exprs {
			if name, ok := expr.(*ast.Ident); ok {
				add("variable", true, name)
			}
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			fields("receiver", true, n.Recv)
			fields("parameter", true, n.Type.Params)
			fields("result", true, n.Type.Results)
		case *ast.FuncLit:
			fields("parameter", true, n.Type.Params)
			fields("result", true, n.Type.Results)
		case *ast.FuncType: // also the types of fields and parameters, which hide nothing
			fields("parameter", false, n.Params)
			fields("result", false, n.Results)
		case *ast.StructType:
			fields("field", false, n.Fields)
		case *ast.ValueSpec:
			add("variable", true, n.Names...)
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				variables(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				variables(n.Key, n.Value)
			}
		}
		return true
	})
	return unique(found)
}

// unique removes what was found a second time: the parameters of a function are
// those of its type too.
func unique(all []definition) []definition {
	seen := map[token.Pos]int{}
	var out []definition
	for _, d := range all {
		if i, known := seen[d.pos]; known {
			out[i].shadows = out[i].shadows || d.shadows
			continue
		}
		seen[d.pos] = len(out)
		out = append(out, d)
	}
	return out
}

// goBlock is Go code in a Markdown file.
type goBlock struct {
	path string
	code string
}

// goBlocks returns the blocks between "```go" and "```", without their indents.
func goBlocks(doc Doc) []goBlock {
	var blocks []goBlock
	var code *strings.Builder
	indent := ""
	for line := range strings.Lines(doc.Text) {
		text := strings.TrimSpace(line)
		switch {
		case code == nil && text == "```go":
			code = new(strings.Builder)
			indent, _, _ = strings.Cut(line, "`")
		case code != nil && text == "```":
			blocks = append(blocks, goBlock{doc.Path, code.String()})
			code = nil
		case code != nil:
			code.WriteString(strings.TrimPrefix(line, indent))
		}
	}
	return blocks
}

// checkBlockNames parses a block as a file, as declarations or as statements. A
// block that is none of these is searched as text.
func checkBlockNames(tree *Tree, block goBlock) []string {
	for _, around := range []string{"%s", "package p\n%s", "package p\nfunc _() {\n%s\n}"} {
		file, err := parseFile(block.path, []byte(strings.Replace(around, "%s", block.code, 1)))
		if err == nil {
			return checkFileNames(tree, file)
		}
	}
	if coreVariable.MatchString(block.code) {
		return []string{block.path + ": a block of code has a variable that is called " + coreName}
	}
	return nil
}
