package layers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckDrawing_FindsEachMistake(t *testing.T) {
	top := []string{"examples", "internal/bench"}
	plan := []Layer{
		{"objects", []Package{{Path: "waba"}, {Path: "credit"}, {Path: "internal/sdktest"}}},
		{"core", []Package{{Path: "graph"}}},
	}
	const drawing = "# Design\n\n## The layers\n\nA drawing:\n\n```\n" +
		"examples, internal/bench  programs, and waba in a text\n" +
		"credit, waba              objects\n" +
		"  internal/sdktest\n" +
		"                          what tests share\n" +
		"graph                     the core\n" +
		"```\n\n```\nanother block\n```\n"
	check := func(old, changed string) []string {
		require.Contains(t, drawing, old)
		return CheckDrawing(load(t, map[string]string{"DESIGN.md": strings.Replace(drawing, old, changed, 1)}), top, plan)
	}
	require.Empty(t, check("", ""))
	for _, mistake := range []struct{ old, changed, problem string }{
		{"credit, waba ", "credit ", "layer 2 of the drawing has [credit internal/sdktest], and the plan has [credit internal/sdktest waba]"},
		{"graph  ", "graph, mystery  ", "layer 3 of the drawing has [graph mystery], and the plan has [graph]"},
		{"graph                     the core\n", "graph\nmystery\n", "layer 4 of the drawing has [mystery], and the plan has []"},
		{"graph                     the core\n", "", "layer 3 of the drawing has [], and the plan has [graph]"},
		{"internal/bench  ", "internal/test  ", "layer 1 of the drawing has [examples internal/test]"},
		{"examples, ", "  examples, ", "begins with blanks"},
		{"## The layers\n", "## Layers\n", "no fenced block below the heading"},
	} {
		requireProblems(t, check(mistake.old, mistake.changed), mistake.problem)
	}
	require.Len(t, check("  internal/sdktest", "internal/sdktest"), 3, "a layer of its own moves those below it")
	requireProblems(t, CheckDrawing(load(t, map[string]string{"README.md": drawing}), top, plan), "DESIGN.md is missing")
}
