package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckNames_FindsEachKindOfVariable(t *testing.T) {
	good := map[string]string{
		"graph/graph.go": "package graph\n\n// New is a function.\nfunc New() int { return 1 }\n",
		"waba/waba.go":   "package waba\n\n// Get is a function.\nfunc Get() {}\n",
		"a/a.go": "package a\n\nimport (\n\t\"" + Module + "/graph\"\n\t\"" + Module + "/waba\"\n)\n\n" +
			"type T struct{ waba int; f func(waba int) }\n\nfunc graph2() { client := graph.New(); _ = client; waba.Get() }\n",
		"README.md": "```go\nclient := graph.New()\n```\n",
	}
	require.Empty(t, CheckNames(load(t, good)))

	requireProblems(t, CheckNames(load(t, map[string]string{
		"graph/graph.go": "package graph\n",
		"waba/waba.go":   "package waba\n",
		"a/a.go": "package a\n\ntype T struct{ graph int }\n\nfunc (graph T) M() {}\n\nfunc F(graph int) (a, b int) {\n" +
			"\tfor graph := range 3 {\n\t\t_ = graph\n\t}\n\treturn 0, 0\n}\n\ntype G interface{ M(graph int) }\n\n" +
			"func H() (graph int) { return func(graph int) int { return graph }(1) }\n",
		"a/a_test.go": "package a\n\n// New is used as\n//\n//\tgraph, err := graph.New()\nvar graph = 1\n\nfunc f() {\n\tgraph, err := 1, 2\n\t_, _ = graph, err\n}\n",
		"b/b.go":      "package b\n\nimport \"" + Module + "/waba\"\n\nvar _ = waba.X\n\nfunc F(waba int) {}\n",
		"README.md": "```go\npackage main\n\nfunc f(graph int) {}\n```\n\n- item\n\n  ```go\n  graph, err := New()\n  ```\n\n```go\n" +
			"if this is not Go {\n\tuse(graph)\n```\n\n```sh\ngraph := 1\n```\n",
	})),
		"a field is called graph", "a receiver is called graph", "a/a.go:7: a parameter", "a/a.go:8: a variable", "a/a.go:14: a parameter",
		"a result is called graph", "a/a.go:16: a parameter", "a comment has a variable", "a/a_test.go:6: a variable", "a/a_test.go:9: a variable",
		"b/b.go:7: the parameter waba hides", "README.md:3: a parameter", "README.md:3: a variable", "README.md: a block of code")
}
