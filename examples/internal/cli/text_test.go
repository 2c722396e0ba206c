package cli_test

import (
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
)

func TestWrap_BreaksBetweenWords(t *testing.T) {
	words := strings.Repeat("Nordwind Fähren registered ", 20)
	text := cli.Wrap("12 step ", "        ", words)
	require.Greater(t, strings.Count(text, "\n"), 5)
	for line := range strings.Lines(text) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), cli.Columns)
	}
	require.Equal(t, "12 step "+strings.TrimSpace(words), exampletest.Flat(text), "no word is lost or cut")

	token := strings.Repeat("x", 200)
	require.Equal(t, "a\n  "+token+"\n  b\n", cli.Wrap("", "  ", "a "+token+" b"))
	require.Equal(t, "\n", cli.Wrap("", "", ""))
}

// fakeTerminal is a terminal that keeps what is printed.
type fakeTerminal struct{ strings.Builder }

func (*fakeTerminal) Stat() (os.FileInfo, error) {
	return exampletest.Terminal("").(interface{ Stat() (os.FileInfo, error) }).Stat()
}

// Only a terminal gets colours, and only if the environment allows them.
func TestPrinter_Colours(t *testing.T) {
	show := func(w io.Writer, vars map[string]string) {
		p := cli.NewPrinter(w, exampletest.Env(vars))
		p.Labelled("  ", cli.Bad, "stopped:", "the quota is used up")
		p.Heading("Summary")
	}
	var coloured fakeTerminal
	show(&coloured, map[string]string{"TERM": "xterm"})
	require.Equal(t, "  \x1b[31mstopped:\x1b[0m the quota is used up\n\x1b[1mSummary\x1b[0m\n", coloured.String())

	const plain = "  stopped: the quota is used up\nSummary\n"
	for name, vars := range map[string]map[string]string{
		"NO_COLOR": {"TERM": "xterm", "NO_COLOR": "1"}, "dumb": {"TERM": "dumb"}, "no TERM": {},
	} {
		var out fakeTerminal
		show(&out, vars)
		require.Equal(t, plain, out.String(), name)
	}
	var file strings.Builder
	show(&file, map[string]string{"TERM": "xterm"})
	require.Equal(t, plain, file.String(), "not a terminal")
}
