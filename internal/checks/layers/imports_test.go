package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckImports_FindsEachMistake(t *testing.T) {
	plan := []Layer{
		{"top", []Package{{Path: "waba", Imports: []string{"graph"}}, {Path: "credit", Imports: []string{"graph"}}}},
		{"bottom", []Package{{Path: "graph"}, {Path: "internal/graphsim", Standard: true}}},
	}
	files := map[string]string{
		"go.mod":                   "module " + Module + "\n",
		"graph/graph.go":           "package graph\n\nimport _ \"fmt\"\n",
		"waba/waba.go":             "package waba\n\nimport _ \"" + Module + "/graph\"\n",
		"waba/waba_test.go":        "package waba\n\nimport _ \"" + Module + "/credit\"\n", // tests are free
		"credit/credit.go":         "package credit\n",
		"internal/graphsim/sim.go": "package graphsim\n\nimport _ \"net/http\"\n",
		"examples/run/main.go":     "package main\n\nimport _ \"" + Module + "/credit\"\n",
		"nested/go.mod":            "module " + Module + "/nested\n",
		"nested/nested.go":         "package nested\n\nimport _ \"example.com/heavy\"\n",
	}
	require.Empty(t, CheckImports(load(t, files), plan))

	files["credit/credit.go"] = "package credit\n\nimport _ \"" + Module + "/waba\"\n"
	files["internal/graphsim/sim.go"] = "package graphsim\n\nimport (\n\t_ \"" + Module + "/graph\"\n\t_ \"example.com/x\"\n)\n"
	files["mystery/x.go"] = "package mystery\n"
	requireProblems(t, CheckImports(load(t, files), plan),
		"credit must not import waba", "internal/graphsim must not import graph", "imports example.com/x", "mystery is not in the plan")

	plan[1].Packages[0].Imports = []string{"waba"}
	requireProblems(t, checkPlan(plan), "graph import waba, which is not in a lower layer")
	require.Contains(t, Picture(plan), "internal/graphsim        -> the standard library only")
}
