package cli_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
)

// Yes is yes. Everything else, also the end of the input, is no.
func TestAsker_OnlyYesIsYes(t *testing.T) {
	for typed, want := range map[string]error{
		"yes\n": nil, " YES \r\n": nil, "yes": nil,
		"y\n": cli.ErrDeclined, "\n": cli.ErrDeclined, "": cli.ErrDeclined, "yes please\n": cli.ErrDeclined,
	} {
		var shown strings.Builder
		asker := cli.Asker{Needed: true, In: exampletest.Terminal(typed), Out: &shown}
		require.NoError(t, asker.Check())
		require.ErrorIs(t, asker.Confirm(t.Context(), "Bill?"), want, typed)
		require.Contains(t, shown.String(), "Bill?")
	}
}

// Pipes and files do not answer.
func TestAsker_NeedsATerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer file.Close()
	regular, err := os.Create(t.TempDir() + "/answers")
	require.NoError(t, err)
	defer regular.Close()
	for _, in := range []io.Reader{strings.NewReader("yes\n"), regular} {
		asker := cli.Asker{Needed: true, In: in, Out: io.Discard}
		require.ErrorIs(t, asker.Check(), cli.ErrNoTerminal)
		require.ErrorIs(t, asker.Confirm(t.Context(), "Bill?"), cli.ErrNoTerminal)
		asker.Yes = true
		require.NoError(t, asker.Check())
		require.NoError(t, asker.Confirm(t.Context(), "Bill?"))
	}
	// A device that never answers did not say yes.
	require.ErrorIs(t, cli.Asker{Needed: true, In: file, Out: io.Discard}.Confirm(t.Context(), "Bill?"), cli.ErrDeclined)
	require.NoError(t, cli.Asker{In: file, Out: io.Discard}.Confirm(t.Context(), "Bill?"), "nothing is at stake")
}

// Ctrl-C works without a return key.
func TestAsker_Interrupted(t *testing.T) {
	in, typing := io.Pipe()
	t.Cleanup(func() { require.NoError(t, typing.Close()) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asker := cli.Asker{Needed: true, In: silent{exampletest.Terminal(""), in}, Out: io.Discard}
	require.ErrorIs(t, asker.Confirm(ctx, "Bill?"), context.Canceled)
}

// silent is a terminal without input.
type silent struct {
	io.Reader
	blocked io.Reader
}

func (s silent) Read(p []byte) (int, error) { return s.blocked.Read(p) }

func (s silent) Stat() (os.FileInfo, error) {
	return s.Reader.(interface{ Stat() (os.FileInfo, error) }).Stat()
}
