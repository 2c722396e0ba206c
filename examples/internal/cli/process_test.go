package cli_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
)

func TestRun_ExitCodes(t *testing.T) {
	failure := errors.New("the line is not shared")
	for want, test := range map[string]struct {
		err  error
		exit int
	}{
		"": {nil, cli.ExitDone},
		"demo: -code is blank\ndemo -h explains.\n":               {cli.Usagef("-code is blank"), cli.ExitUsage},
		"\nthe line is not shared\n":                              {failure, cli.ExitFailed},
		"\nthe line is not shared\n\nNext: share it.\n":           {&cli.StopError{Err: failure, Next: "share it."}, cli.ExitFailed},
		"\nthe line is not shared\n\nNext: come back tomorrow.\n": {&cli.StopError{Err: failure, Next: "come back tomorrow.", Exit: cli.ExitLater}, cli.ExitLater},
	} {
		exit, stdout, stderr := exampletest.Play(t, "demo", func(context.Context, cli.Process) error { return test.err }, nil)
		require.Equal(t, test.exit, exit)
		require.Empty(t, stdout)
		require.Equal(t, want, stderr)
	}
	exit, _, stderr := exampletest.Play(t, "demo", func(context.Context, cli.Process) error { return flag.ErrHelp }, nil)
	require.Equal(t, cli.ExitDone, exit)
	require.Empty(t, stderr)
}

func TestFlags_Read(t *testing.T) {
	read := func(args ...string) (*cli.Flags, string, error) {
		f := cli.NewFlags("demo", "demo shows flags.\n", "\nThat is all.\n")
		f.String("code", "", "`text` of the callback: "+strings.Repeat("it lives 30 seconds and works once, ", 4))
		f.Int("pages", 3, "stop after this `number` of pages")
		var help strings.Builder
		err := f.Read(args, &help)
		return f, help.String(), err
	}
	f, _, err := read("-pages", "3")
	require.NoError(t, err)
	require.True(t, f.Given("pages"))
	require.False(t, f.Given("code"))
	for want, args := range map[string][]string{
		"-code is blank": {"-code", " "}, "argument 3": {"-pages", "1", "EAAsecret"}, "not defined: -all": {"-all"}, "flag -pages": {"-pages", "many"},
	} {
		_, help, err := read(args...)
		var usage *cli.UsageError
		require.ErrorAs(t, err, &usage)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "EAAsecret", "an argument may be a secret")
		require.Empty(t, help)
	}
	_, help, err := read("-h")
	require.ErrorIs(t, err, flag.ErrHelp)
	exampletest.Fits(t, help)
	require.Contains(t, help, "demo shows flags.\n\nFlags:\n  -code text\n")
	require.Contains(t, help, "\n      text of the callback: it lives")
	require.Contains(t, help, "  -pages number\n      stop after this number of pages (default 3)\n\nThat is all.\n")
}

func TestEnv_Secret(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	secret, err := exampletest.Env(map[string]string{"TOKEN": " EAAx\n"}).Secret("TOKEN")
	require.NoError(t, err)
	require.Equal(t, "EAAx", secret.Reveal())
	secret, err = exampletest.Env(map[string]string{"TOKEN_FILE": file("token", "EAAy\n")}).Secret("TOKEN")
	require.NoError(t, err)
	require.Equal(t, "EAAy", secret.Reveal())
	secret, err = exampletest.Env(nil).Secret("TOKEN")
	require.NoError(t, err)
	require.True(t, secret.IsZero())
	for want, vars := range map[string]map[string]string{
		"TOKEN is set and blank":      {"TOKEN": ""},
		"TOKEN_FILE is set and blank": {"TOKEN_FILE": " "},
		"both set":                    {"TOKEN": "EAAz", "TOKEN_FILE": file("other", "EAAz")},
		"cannot be read":              {"TOKEN_FILE": "EAAz"},
		"a file that is blank":        {"TOKEN_FILE": file("blank", "\n")},
	} {
		_, err := exampletest.Env(vars).Secret("TOKEN")
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "EAAz")
	}
}
