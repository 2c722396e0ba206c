package target_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestReal: only the simulator and this machine are no cause to ask.
func TestReal(t *testing.T) {
	embedded, err := target.Open(exampletest.Env(nil), nil, nil)
	require.NoError(t, err)
	require.NotNil(t, embedded.Simulator)
	require.False(t, embedded.Real())
	for base, want := range map[string]bool{
		"": true, "https://graph.facebook.com": true, "https://gateway.example/graph": true, "https://10.0.0.8": true,
		"http://127.0.0.1:8025": false, "http://localhost:8025": false, "http://[::1]:8025": false,
	} {
		to, err := target.Open(exampletest.Env(map[string]string{target.BaseURL: base, target.Token: "t"}), []string{target.Token}, nil)
		require.NoError(t, err)
		require.Nil(t, to.Simulator)
		require.Equal(t, want, to.Real(), base)
	}
}

// TestUnsetBaseURL: a token alone means Meta.
func TestUnsetBaseURL(t *testing.T) {
	to, err := target.Open(exampletest.Env(map[string]string{target.Token: "t"}), []string{target.Token}, nil)
	require.NoError(t, err)
	require.Equal(t, wagraph.DefaultBaseURL, to.String())
}

// TestErrorsNameAndHide: an error names the variable and shows no value.
func TestErrorsNameAndHide(t *testing.T) {
	vars := exampletest.Vars(graphtest.New(t), "https://graph.example")
	vars[target.AppID] = "canary-in-the-wrong-line"
	_, err := target.Open(exampletest.Env(vars), nil, nil)
	require.ErrorContains(t, err, target.AppID)
	require.NotContains(t, err.Error(), "canary")
	var input *wagraph.InputError
	require.ErrorAs(t, err, &input)

	delete(vars, target.Token)
	delete(vars, target.CreditLine)
	_, err = target.Open(exampletest.Env(vars), []string{target.Token, target.CreditLine}, nil)
	require.ErrorContains(t, err, target.Token+", "+target.CreditLine)
	require.NotContains(t, err.Error(), "canary")
}

// TestHelp names every variable.
func TestHelp(t *testing.T) {
	help := target.Help(target.Token)
	for name := range exampletest.Vars(graphtest.New(t), "") {
		require.Contains(t, help, name)
	}
}

// TestAsker: yes is yes; anything else, the end of the input too, is no.
func TestAsker(t *testing.T) {
	for typed, want := range map[string]error{
		"yes\n": nil, " YES \r\n": nil, "yes": nil,
		"y\n": target.ErrDeclined, "\n": target.ErrDeclined, "": target.ErrDeclined, "yes please\n": target.ErrDeclined,
	} {
		var shown strings.Builder
		asker := target.Asker{Needed: true, In: exampletest.Terminal(typed), Out: &shown}
		require.NoError(t, asker.Check())
		require.ErrorIs(t, asker.Confirm(t.Context(), "Bill?"), want, typed)
		require.Contains(t, shown.String(), "Bill?")
	}
}

// TestAskerWithoutTerminal: pipes and files answer nothing.
func TestAskerWithoutTerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer file.Close()
	regular, err := os.Create(t.TempDir() + "/answers")
	require.NoError(t, err)
	defer regular.Close()
	for _, in := range []io.Reader{strings.NewReader("yes\n"), regular} {
		asker := target.Asker{Needed: true, In: in, Out: io.Discard}
		require.ErrorIs(t, asker.Check(), target.ErrNoTerminal)
		require.ErrorIs(t, asker.Confirm(t.Context(), "Bill?"), target.ErrNoTerminal)
		asker.Yes = true
		require.NoError(t, asker.Check())
		require.NoError(t, asker.Confirm(t.Context(), "Bill?"))
	}
	// A device that never answers is no yes either.
	require.ErrorIs(t, target.Asker{Needed: true, In: file, Out: io.Discard}.Confirm(t.Context(), "Bill?"), target.ErrDeclined)
	require.NoError(t, target.Asker{In: file, Out: io.Discard}.Confirm(t.Context(), "Bill?"), "nothing is at stake")
}

// TestAskerInterrupted: nobody has to press return for Ctrl-C to work.
func TestAskerInterrupted(t *testing.T) {
	in, typing := io.Pipe()
	t.Cleanup(func() { require.NoError(t, typing.Close()) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asker := target.Asker{Needed: true, In: silent{exampletest.Terminal(""), in}, Out: io.Discard}
	require.ErrorIs(t, asker.Confirm(ctx, "Bill?"), context.Canceled)
}

// silent is a terminal at which nobody types.
type silent struct {
	io.Reader
	blocked io.Reader
}

func (s silent) Read(p []byte) (int, error) { return s.blocked.Read(p) }

func (s silent) Stat() (os.FileInfo, error) {
	return s.Reader.(interface{ Stat() (os.FileInfo, error) }).Stat()
}
