package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Each variable that is needed and not set is named, and no value of another shows.
func TestRun_MissingVariables(t *testing.T) {
	server := graphtest.New(t)
	for _, name := range needs() {
		vars := exampletest.Serve(t, server)
		delete(vars, name)
		exit, stdout, stderr := play(t, vars, "-code", "AQB-canary", "-currency", "EUR")
		require.Equal(t, cli.ExitUsage, exit)
		require.Contains(t, exampletest.Flat(stderr), "not set in the environment: "+name)
		exampletest.NoSecrets(t, stdout+stderr, append(exampletest.WorldSecrets(server), graph.NewSecret("AQB-canary"))...)
	}
	require.Empty(t, server.Calls())
}

// Wrong input is refused before any call, so that no code is used up.
func TestRun_WrongInputExits2(t *testing.T) {
	server, client, vars := signedUp(t)
	good := codeFlags(client)
	remote := exampletest.Vars(server, "https://graph.example.invalid")
	for name, test := range map[string]struct {
		vars map[string]string
		args []string
		want string
	}{
		"no currency":      {vars, []string{"-code", "c"}, "onboard: -currency must be given"},
		"lower case":       {vars, []string{"-code", "c", "-currency", "eur"}, "onboard: -currency must look like EUR"},
		"short pin":        {vars, append(good, "-pin", "12345"), "onboard: -pin (or WAGRAPH_PIN) must be 6 digits, got 5 characters"},
		"lettered pin":     {with(vars, pinVariable, "12345x"), good, "onboard: -pin (or WAGRAPH_PIN) must be 6 digits, got another character"},
		"nothing":          {vars, []string{"-currency", "EUR"}, "nothing to onboard"},
		"waba":             {vars, append(good, "-waba", "12x"), "onboard: -waba must be digits"},
		"business":         {vars, append(good, "-business", "12x"), "onboard: -business must be digits"},
		"phone":            {vars, append(good, "-phone", "../me"), "onboard: -phone must be digits"},
		"argument":         {vars, append(good, "now"), "no arguments"},
		"unknown flag":     {vars, append(good, "-now"), "-now"},
		"blind dry run":    {vars, []string{"-dry-run", "-code", "c"}, "-waba"},
		"fault elsewhere":  {vars, append(good, "-fault", "throttle"), "-fault needs the embedded simulator"},
		"unknown fault":    {nil, []string{"-fault", "rain"}, "no fault"},
		"code nowhere":     {nil, good, "makes a signup of its own"},
		"state nowhere":    {nil, []string{"-state", "x"}, "-state and -resume need a server that outlives this process"},
		"malformed id":     {with(vars, target.CreditLine, "line-1"), good, target.CreditLine + " must be the digits"},
		"plain http":       {with(vars, target.BaseURL, "http://graph.example.com"), good, "must be https"},
		"versioned base":   {with(vars, target.BaseURL, "https://graph.example.com/v25.0"), good, "must not carry a version"},
		"blank code":       {vars, []string{"-code", "", "-currency", "EUR"}, "-code is blank"},
		"blank variable":   {with(vars, codeVariable, " "), []string{"-currency", "EUR"}, codeVariable + " is set and blank"},
		"blank token":      {with(vars, target.Token, ""), good, target.Token + " is set and blank"},
		"code and token":   {with(vars, tokenVariable, "EAAx"), good, "-code and -access-token are both given"},
		"secret in a flag": {remote, append(good, "-state", "x"), "no secret comes from one: -code (use " + codeVariable + ")"},
		"real and memory":  {with(remote, codeVariable, "c"), []string{"-currency", "EUR"}, "-state must be given on a real server"},
		"negative wait":    {vars, append(good, "-wait", "-1s"), "-wait cannot be negative"},
		"wrong key":        {with(vars, vaultKey, "0123"), append(good, "-state", filepath.Join(t.TempDir(), "s")), vaultKey + " must be 64 hexadecimal digits"},
		"no directory":     {vars, append(good, "-state", filepath.Join(t.TempDir(), "missing", "s")), "onboard: -state: "},
	} {
		t.Run(name, func(t *testing.T) {
			exit, stdout, stderr := play(t, test.vars, test.args...)
			require.Equal(t, cli.ExitUsage, exit)
			require.Empty(t, stdout)
			require.Contains(t, exampletest.Flat(stderr), test.want)
			exampletest.Fits(t, stderr)
			exampletest.NoSecrets(t, stderr, append(exampletest.WorldSecrets(server), client.Code)...)
		})
	}
	require.Empty(t, server.Calls())
}

func with(vars map[string]string, name, value string) map[string]string {
	vars = maps.Clone(vars)
	vars[name] = value
	return vars
}

// The secrets of a signup come from variables or from files that these name.
func TestRun_SecretsFromTheEnvironment(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{PIN: graph.NewSecret("730461")})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "code")
	require.NoError(t, os.WriteFile(file, []byte(client.Code.Reveal()+"\n"), 0o600))
	exit, stdout, stderr := play(t, with(with(vars, codeVariable+"_FILE", file), pinVariable, "730461"), "-currency", "EUR")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
	exampletest.NoSecrets(t, stdout+stderr, server.Secrets()...)
}

// On a server that is not on this machine a person has to be there to ask, and
// that is known before the code is used up.
func TestRun_RefusesWithoutATerminal(t *testing.T) {
	vars := with(exampletest.Vars(graphtest.New(t), "https://graph.example.invalid"), codeVariable, "c")
	exit, stdout, stderr := play(t, vars, "-currency", "EUR", "-state", filepath.Join(t.TempDir(), "state"))
	require.Equal(t, cli.ExitUsage, exit)
	require.Empty(t, stdout)
	require.Contains(t, exampletest.Flat(stderr), cli.ErrNoTerminal.Error())
}

// asked runs the onboarding as if the simulator were real.
func asked(t *testing.T, typed string) (*graphtest.Server, graphtest.SignupResult, string, error) {
	t.Helper()
	var prompts strings.Builder
	p := cli.Process{Env: exampletest.Env(nil), In: exampletest.Terminal(typed), Out: io.Discard, Err: &prompts}
	b, err := newBackend(t.Context(), p, options{tenant: "acme", currency: "USD", wait: time.Minute})
	require.NoError(t, err)
	client, err := b.to.Simulator.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	b.opts.callback.Code = client.Code
	b.ask.Needed = true
	records, err := b.callback(t.Context())
	require.NoError(t, err)
	err = b.work(t.Context(), records[0])
	return b.to.Simulator, client, prompts.String(), err
}

// A yes is needed before the first write. Everything else stops.
func TestRun_AsksBeforeItBills(t *testing.T) {
	server, client, _, err := asked(t, "no\n")
	require.ErrorIs(t, err, cli.ErrDeclined)
	funding, _ := server.Funding(client.WABAs[0])
	require.Empty(t, funding)
	require.Empty(t, server.Subscribers(client.WABAs[0]))

	server, client, prompts, err := asked(t, "YES\n")
	require.NoError(t, err)
	require.Contains(t, exampletest.Flat(prompts), "Share credit line "+string(server.World().CreditLine))
	require.Contains(t, exampletest.Flat(prompts), "in USD")
	require.Contains(t, exampletest.Flat(prompts), "Register +1 555")
	funding, _ = server.Funding(client.WABAs[0])
	require.NotEmpty(t, funding)
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
}

// The run ends with the context, and says so.
func TestRun_Interrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("ctrl-c"))
	var out, progress strings.Builder
	p := cli.Process{Env: exampletest.Env(nil), In: strings.NewReader(""), Out: &out, Err: &progress}
	exit := cli.Run(ctx, "onboard", p, run)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(progress.String()), "this run was interrupted")
}
