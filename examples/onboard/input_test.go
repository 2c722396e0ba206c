package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestMissingVariables: each one that is needed and not set is named, and no
// value of another shows.
func TestMissingVariables(t *testing.T) {
	server := graphtest.New(t)
	for _, name := range needs() {
		vars := exampletest.Serve(t, server)
		delete(vars, name)
		exit, stdout, stderr := play(t, vars, "-code", "AQB-canary", "-currency", "EUR", "-pin", simulatedPIN)
		require.Equal(t, exitUsage, exit)
		require.Contains(t, stderr, "not set in the environment: "+name)
		exampletest.NoSecrets(t, stdout+stderr, append(exampletest.WorldSecrets(server), wagraph.NewSecret("AQB-canary"))...)
	}
	require.Empty(t, server.Calls())
}

// TestBadInput: it is refused before any call, so that no code is used up.
func TestBadInput(t *testing.T) {
	server, client, vars := signedUp(t)
	good := codeFlags(client)
	for name, test := range map[string]struct {
		vars map[string]string
		args []string
		want string
	}{
		"no currency":     {vars, []string{"-code", "c", "-pin", "123456"}, "onboard: -currency must be given"},
		"lower case":      {vars, []string{"-code", "c", "-pin", "123456", "-currency", "eur"}, `onboard: -currency must look like EUR, got "eur"`},
		"no pin":          {vars, []string{"-code", "c", "-currency", "EUR"}, "onboard: -pin must be given"},
		"short pin":       {vars, []string{"-code", "c", "-currency", "EUR", "-pin", "12345"}, "onboard: -pin must be 6 digits, got 5 characters"},
		"lettered pin":    {vars, []string{"-code", "c", "-currency", "EUR", "-pin", "12345x"}, "onboard: -pin must be 6 digits, got something else"},
		"nothing":         {vars, []string{"-currency", "EUR", "-pin", "123456"}, "nothing to onboard"},
		"waba":            {vars, append(good, "-waba", "12x"), "onboard: -waba must be digits"},
		"phone":           {vars, append(good, "-phone", "../me"), "onboard: -phone must be digits"},
		"argument":        {vars, append(good, "now"), "no arguments"},
		"unknown flag":    {vars, append(good, "-now"), "-now"},
		"blind dry run":   {vars, []string{"-dry-run", "-code", "c"}, "-waba"},
		"fault elsewhere": {vars, append(good, "-fault", "throttle"), "-fault needs the embedded simulator"},
		"unknown fault":   {nil, []string{"-fault", "rain"}, "no fault"},
		"code nowhere":    {nil, good, "plays a signup of its own"},
		"malformed id":    {with(vars, target.CreditLine, "line-1"), good, target.CreditLine + " must be the digits"},
		"plain http":      {with(vars, target.BaseURL, "http://graph.example.com"), good, "must be https"},
		"versioned base":  {with(vars, target.BaseURL, "https://graph.example.com/v25.0"), good, "must not carry a version"},
	} {
		t.Run(name, func(t *testing.T) {
			exit, stdout, stderr := play(t, test.vars, test.args...)
			require.Equal(t, exitUsage, exit)
			require.Empty(t, stdout)
			require.Contains(t, stderr, test.want)
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

// TestRefusesWithoutTerminal: on a server that is not on this machine somebody
// has to be there to ask, and that is known before the code is used up.
func TestRefusesWithoutTerminal(t *testing.T) {
	vars := exampletest.Vars(graphtest.New(t), "https://graph.example.invalid")
	exit, stdout, stderr := play(t, vars, "-code", "c", "-currency", "EUR", "-pin", "123456")
	require.Equal(t, exitUsage, exit)
	require.Empty(t, stdout)
	require.Contains(t, stderr, target.ErrNoTerminal.Error())
}

// asked runs the onboarding as if the simulator were real.
func asked(t *testing.T, typed string) (*graphtest.Server, graphtest.SignupResult, string, error) {
	t.Helper()
	var prompts strings.Builder
	calls := meter.New(io.Discard)
	to, err := target.Open(exampletest.Env(nil), nil, nil, wagraph.WithTracer(calls))
	require.NoError(t, err)
	client, err := to.Simulator.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	opts := options{code: client.Code, currency: "USD", pin: wagraph.NewSecret(simulatedPIN)}
	ask := target.Asker{Needed: true, In: exampletest.Terminal(typed), Out: &prompts}
	err = newOnboarding(to, opts, ask, calls, &story{w: io.Discard}).run(t.Context())
	return to.Simulator, client, prompts.String(), err
}

// TestAsks: a yes each for billing and for registering; anything else stops.
func TestAsks(t *testing.T) {
	server, client, prompts, err := asked(t, "no\n")
	require.ErrorIs(t, err, target.ErrDeclined)
	require.Contains(t, prompts, "Share credit line "+string(server.World().CreditLine))
	require.Contains(t, prompts, "in USD")
	funding, _ := server.Funding(client.WABAs[0])
	require.Empty(t, funding)

	server, client, prompts, err = asked(t, "yes\n")
	require.ErrorIs(t, err, target.ErrDeclined, "the input ends before the second answer")
	require.Contains(t, prompts, "Register ")
	funding, _ = server.Funding(client.WABAs[0])
	require.NotEmpty(t, funding)
	require.Zero(t, server.Registrations(client.Numbers[0]))

	server, client, _, err = asked(t, "yes\nYES\n")
	require.NoError(t, err)
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
}

// TestInterrupted: the run ends with the context, and says so.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("ctrl-c"))
	var out, progress strings.Builder
	exit := run(ctx, nil, exampletest.Env(nil), strings.NewReader(""), &out, &progress)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, out.String(), "stopped: interrupted")
}
