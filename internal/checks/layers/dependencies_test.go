package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckDependencies_FindsEachMistake(t *testing.T) {
	const gomod = "module " + Module + "\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/c v1.0.0 // indirect\n)\nrequire example.com/b/v2 v2.0.0\n"
	list := []Dependency{
		{Module: "example.com/a", Name: "a", Importers: []string{"internal/transport"}, Shown: []string{"Token"}},
		{Module: "example.com/b/v2", Name: "b", TestsOnly: true},
	}
	files := map[string]string{
		"go.mod":                  gomod,
		"internal/transport/x.go": "package transport\n\nimport \"example.com/a\"\n\nvar _ a.Client\n",
		"graph/x_test.go":         "package graph\n\nimport \"example.com/b/v2/require\"\n\nvar _ = require.X\n",
		"signup/storetest/x.go":   "package storetest\n\nimport \"example.com/b/v2/require\"\n\nvar _ = require.X\n",
	}
	require.Empty(t, CheckDependencies(load(t, files), list))

	files["go.mod"] = gomod + "require example.com/d v1.0.0\n"
	files["waba/x.go"] = "package waba\n\nimport (\n\t\"example.com/a\"\n\t\"example.com/heavy\"\n)\n\n" +
		"// T is exported.\ntype T struct {\n\tShown a.Token\n\tWrong a.Client\n\thidden a.Client\n}\n\nvar _ heavy.X\n"
	files["credit/x.go"] = "package credit\n\nimport _ \"example.com/b/v2/require\"\n"
	requireProblems(t, CheckDependencies(load(t, files), list),
		"the direct dependencies are", "only [internal/transport] may import", "example.com/heavy, which is not a direct dependency",
		"a.Client stands in an exported signature", "credit/x.go: imports example.com/b/v2/require, which only tests may import")
}
