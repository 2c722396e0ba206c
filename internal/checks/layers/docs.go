package layers

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
)

// MaxDocLines is how many lines go doc -short may print for a package.
const MaxDocLines = 70

// DocLimit is another limit of a package, with the reason.
type DocLimit struct {
	Lines  int
	Reason string
}

// docLimits are the packages with another limit than MaxDocLines.
var docLimits = map[string]DocLimit{
	"graph": {80, "it is the vocabulary of all other packages: ids, errors, options and lists"},
}

// CheckDocLines refuses public packages whose go doc -short is too long.
func CheckDocLines(tree *Tree, limits map[string]DocLimit) []string {
	var problems []string
	for _, dir := range tree.PublicPackages() {
		n, err := DocLines(tree, dir)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		most := MaxDocLines
		if limit, known := limits[dir]; known {
			most = limit.Lines
		}
		if n > most {
			problems = append(problems, fmt.Sprintf("%s: go doc -short prints %d lines, and %d are allowed", dir, n, most))
		}
	}
	return problems
}

// DocLines returns how many lines go doc -short prints for the package in a
// directory: one for each exported function and type, and for each declaration of
// exported constants or variables.
func DocLines(tree *Tree, dir string) (int, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, f := range tree.filesOf(dir) {
		if f.IsTest() {
			continue
		}
		parsed, err := parser.ParseFile(fset, f.Path, f.Src, parser.ParseComments) // go/doc changes what it reads
		if err != nil {
			return 0, err
		}
		files = append(files, parsed)
	}
	p, err := doc.NewFromFiles(fset, files, Module+"/"+dir)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", dir, err)
	}
	n := len(p.Consts) + len(p.Vars) + len(p.Funcs)
	for _, of := range p.Types {
		n += 1 + len(of.Consts) + len(of.Vars) + len(of.Funcs)
	}
	return n, nil
}
