package exampletest

import (
	"context"
	"encoding/base64"
	"io"
	"io/fs"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Program is a program's run function.
type Program func(context.Context, cli.Process) error

// Play runs a program that is not at a terminal.
func Play(t *testing.T, name string, run Program, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	var out, progress strings.Builder
	p := cli.Process{Args: args, Env: Env(vars), In: strings.NewReader(""), Out: &out, Err: &progress}
	exit = cli.Run(t.Context(), name, p, run)
	return exit, out.String(), progress.String()
}

// Flat puts a text that was broken into lines on one line again.
func Flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// Fits checks that a text stays within 80 columns. A line may be longer if it has
// a word that is, such as a token.
func Fits(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		long := slices.ContainsFunc(strings.Fields(line), func(word string) bool { return len(word) > cli.Columns })
		if !long {
			require.LessOrEqual(t, utf8.RuneCountInString(line), cli.Columns, line)
		}
		require.Equal(t, strings.TrimRight(line, " "), line, "no line ends with blanks")
	}
}

// Serve serves a simulator on a socket, and returns the environment that names it.
func Serve(t *testing.T, server *graphtest.Server) map[string]string {
	t.Helper()
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	return Vars(server, listening.URL)
}

// Vars returns the variables that name a server at base.
func Vars(server *graphtest.Server, base string) map[string]string {
	world := server.World()
	return map[string]string{
		target.BaseURL: base, target.Token: world.Admin.Token.Reveal(),
		target.AppID: string(world.App), target.AppSecret: world.AppSecret.Reveal(),
		target.BusinessID: string(world.Business), target.SystemUser: string(world.Admin.ID), target.CreditLine: string(world.CreditLine),
	}
}

// Env is an environment made of variables; without any, programs use the
// simulator inside them.
func Env(vars map[string]string) cli.Env {
	vars = maps.Clone(vars)
	return func(name string) (string, bool) {
		value, set := vars[name]
		return value, set
	}
}

// NoSecrets searches a text for secrets: plain, as in a URL, and in Base64.
func NoSecrets(t *testing.T, text string, secrets ...graph.Secret) {
	t.Helper()
	for i, secret := range secrets {
		plain := secret.Reveal()
		require.NotEmpty(t, plain, "secret %d", i)
		for _, form := range []string{plain, url.QueryEscape(plain), base64.StdEncoding.EncodeToString([]byte(plain))} {
			require.NotContains(t, text, form, "secret %d", i)
		}
	}
}

// WorldSecrets returns the secrets that a simulator has from the start.
func WorldSecrets(server *graphtest.Server) []graph.Secret {
	world := server.World()
	return []graph.Secret{world.AppSecret, world.Admin.Token, world.Employee.Token}
}

// Terminal returns a terminal with a person who types. Programs know a terminal by
// its mode.
func Terminal(typed string) io.Reader { return terminal{strings.NewReader(typed)} }

type terminal struct{ io.Reader }

func (terminal) Stat() (fs.FileInfo, error) { return characterDevice{}, nil }

type characterDevice struct{ fs.FileInfo }

func (characterDevice) Mode() fs.FileMode { return fs.ModeDevice | fs.ModeCharDevice }
