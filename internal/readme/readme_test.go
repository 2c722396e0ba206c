// Package readme holds the programs that README shows, and the test that README
// shows them as they are.
package readme

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../../"

// fence returns the fenced block that follows a marker in README.
func fence(t *testing.T, marker string) string {
	t.Helper()
	text, err := os.ReadFile(root + "README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- "+marker+" -->\n")
	require.True(t, found, "README has no fence after the marker %q", marker)
	opening, rest, _ := strings.Cut(rest, "\n")
	require.Contains(t, opening, "```")
	block, _, closed := strings.Cut(rest, "```\n")
	require.True(t, closed)
	return block
}

func TestREADMEShowsTheQuickStart(t *testing.T) {
	program, err := os.ReadFile("quickstart/main.go")
	require.NoError(t, err)
	_, code, found := strings.Cut(string(program), "\n") // its doc comment is for the tree
	require.True(t, found)
	require.Equal(t, code, fence(t, "quick-start"))
}

func TestQuickStartRuns(t *testing.T) {
	command := exec.CommandContext(t.Context(), "go", "run", "./quickstart")
	command.Stderr = os.Stderr
	output, err := command.Output()
	require.NoError(t, err)
	require.Equal(t, fence(t, "quick-start-output"), string(output))
}
