package sdktest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// Kinds has every constant of the type.
func TestKinds_AreAll(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../graph/errors.go", nil, 0)
	require.NoError(t, err)
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Kind" {
				n++
			}
		}
		return true
	})
	seen := map[string]bool{}
	for _, kind := range sdktest.Kinds() {
		seen[string(kind)] = true
	}
	require.Len(t, seen, n)
}
