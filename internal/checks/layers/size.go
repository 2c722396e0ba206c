package layers

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
)

// MaxLines is the length of a file that a person can read without a pause.
const MaxLines = 350

// longFiles are the files that may be longer, with the reason.
var longFiles = map[string]string{}

// CheckLines refuses long files, tests included. Generated files may be long.
func CheckLines(tree *Tree, exceptions map[string]string) []string {
	var problems []string
	used := map[string]bool{}
	for _, f := range tree.Files {
		n := bytes.Count(f.Src, []byte("\n"))
		if n <= MaxLines || f.IsGenerated() {
			continue
		}
		used[f.Path] = true
		if exceptions[f.Path] == "" {
			problems = append(problems, fmt.Sprintf("%s: %d lines, and %d are allowed", f.Path, n, MaxLines))
		}
	}
	return append(problems, unused(exceptions, used)...)
}

// unused returns a problem for each exception that is not needed.
func unused(exceptions map[string]string, used map[string]bool) []string {
	var problems []string
	for name := range exceptions {
		if !used[name] {
			problems = append(problems, fmt.Sprintf("the exception for %s is not needed", name))
		}
	}
	return problems
}

// MaxComplexity is the cyclomatic complexity of a function that needs no reason.
const MaxComplexity = 15

// saysWhyLong finds the reason in a comment: a sentence with "long" and "because", in
// either order.
var saysWhyLong = regexp.MustCompile(`(?is)\blong\b[^.]*\bbecause\b|\bbecause\b[^.]*\blong\b`)

// CheckComplexity refuses a complex function, unless the comment above it says why
// it is long: "It is long because ...".
func CheckComplexity(tree *Tree) []string {
	var problems []string
	for _, f := range tree.Files {
		for _, decl := range f.AST.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok || function.Body == nil || f.IsGenerated() {
				continue
			}
			n := Complexity(function)
			if n > MaxComplexity && !saysWhyLong.MatchString(function.Doc.Text()) {
				problems = append(problems, f.at(function.Pos(), "%s has a complexity of %d, and no comment says that it is long because of something", function.Name.Name, n))
			}
		}
	}
	return problems
}

// Complexity returns the cyclomatic complexity of a function: one, and one more for
// each if, for, case and && or ||. Functions inside it count with it.
func Complexity(function *ast.FuncDecl) int {
	n := 1
	ast.Inspect(function, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if node.List != nil {
				n++
			}
		case *ast.CommClause:
			if node.Comm != nil {
				n++
			}
		case *ast.BinaryExpr:
			if node.Op == token.LAND || node.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}
