package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// play runs the program without a terminal.
func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	return exampletest.Play(t, "onboard", run, vars, args...)
}

// embeddedSecrets returns those of the simulator inside the program: the same in
// every run, so that a twin has them too.
func embeddedSecrets(t *testing.T) []graph.Secret {
	t.Helper()
	twin := graphtest.New(t)
	client, err := twin.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	token, err := twin.BusinessToken(client.Business)
	require.NoError(t, err)
	return append(exampletest.WorldSecrets(twin), client.Code, client.AccessToken, token, graph.NewSecret("730461"))
}

// Each way through the program prints what its golden file has.
func TestRun_Goldens(t *testing.T) {
	runs := map[string][]string{"onboard": nil, "dry-run": {"-dry-run"}, "verbose": {"-v"}, "json": {"-json"}, "json-stopped": {"-json", "-fault", "wrong-pin"},
		"throttle-waited":          {"-fault", "throttle", "-wait", "1h"},
		"throttle-long-waited":     {"-fault", "throttle-long", "-wait", "1h"},
		"registration-lock-waited": {"-fault", "registration-lock", "-wait", "100h"},
	}
	for _, f := range faults() {
		runs[f.name] = []string{"-fault", f.name}
	}
	exampletest.Goldens(t, "onboard", run, runs, embeddedSecrets(t)...)
}

// examples/README.md shows what the program prints.
func TestRun_PrintsWhatReadmeShows(t *testing.T) {
	_, stdout, _ := play(t, nil)
	exampletest.Readme(t, "onboard", stdout)
	_, stdout, _ = play(t, nil, "-fault", "lost-share")
	exampletest.Readme(t, "lost-share", stdout)
	_, stdout, _ = play(t, nil, "-fault", "lost-exchange")
	exampletest.Readme(t, "lost-exchange", stdout)
	_, _, stderr := play(t, nil, "-fault", "expired-code")
	exampletest.Readme(t, "expired-code", stderr)
}

// Two runs in real time, at different times, say the same.
func TestRun_ReadsTheSameEachTime(t *testing.T) {
	_, first, progress := play(t, nil)
	require.Empty(t, progress)
	_, second, _ := play(t, nil)
	require.Equal(t, first, second)
}

// signedUp returns a server with a client that went through Embedded Signup.
func signedUp(t *testing.T, options ...graphtest.Option) (*graphtest.Server, graphtest.SignupResult, map[string]string) {
	t.Helper()
	server := graphtest.New(t, options...)
	client, err := server.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	return server, client, exampletest.Serve(t, server)
}

func codeFlags(client graphtest.SignupResult) []string {
	return []string{"-code", client.Code.Reveal(), "-currency", simulatedCurrency}
}

// Against a server that the environment names the program prints the same,
// except for the server's name.
func TestRun_OnAServer(t *testing.T) {
	server, client, vars := signedUp(t, graphtest.WithProofRequired())
	exit, stdout, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	_, embedded, _ := play(t, nil)
	require.Equal(t, strings.Replace(embedded, "the embedded simulator", "the simulator at "+vars[target.BaseURL], 1), stdout)

	require.Equal(t, 1, server.Exchanges(client.Code))
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
	require.Contains(t, server.Subscribers(client.WABAs[0]), server.World().App)
	require.Contains(t, server.Assigned(client.WABAs[0]), server.World().Admin.ID)
	funding, _ := server.Funding(client.WABAs[0])
	require.NotEmpty(t, funding)
}

// Meta's guide shows one allocation as a bare object.
func TestRun_BareAllocation(t *testing.T) {
	_, client, vars := signedUp(t, graphtest.WithBareAllocation())
	exit, stdout, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
}

// The older callback has an access token of a person instead of a code.
func TestRun_OlderCallback(t *testing.T) {
	server, client, vars := signedUp(t)
	exit, stdout, stderr := play(t, vars, "-access-token", client.AccessToken.Reveal(), "-currency", "EUR")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
	require.Zero(t, server.Exchanges(client.Code))
	exampletest.NoSecrets(t, stdout+stderr, client.AccessToken)
}

// Another client's WABA, posted by a browser, is left alone: what the token was granted
// is onboarded.
func TestRun_AClaimIsNotAGrant(t *testing.T) {
	server, client, vars := signedUp(t)
	other := server.World().ClientWABAs[0]
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-waba", string(other))...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, client.WABAs[0])
	require.NotContains(t, stdout, other)
	require.Empty(t, server.Subscribers(other))
}

// Grants that name no WABA need a claim, which reading confirms.
func TestRun_UnrestrictedToken(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{Drift: graphtest.NoTargets, WABAs: 2})
	require.NoError(t, err)
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-waba", string(client.WABAs[1]))...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, exampletest.Flat(stdout), "grants every WABA of the client")
	require.NotContains(t, stdout, client.WABAs[0])

	client, err = server.Signup(graphtest.SignupOptions{Drift: graphtest.EmptyTargets})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, cli.ExitLater, exit, "the page's event may still come")
	require.Contains(t, exampletest.Flat(stderr), "the token names no WABA, and no claim says yet which one it is about")
}

// A client that shares several WABAs means all of them; -phone keeps one number.
func TestRun_SeveralAssets(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{WABAs: 2, Numbers: 2})
	require.NoError(t, err)
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-json")...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	doc := decode(t, stdout)
	accounts := doc.Records[0].Accounts
	require.Len(t, accounts, 2)
	require.Equal(t, accounts[0].Allocation, accounts[1].Allocation)
	for _, acc := range accounts {
		require.True(t, acc.Attached)
		require.Len(t, acc.Numbers, 2)
	}

	client, err = server.Signup(graphtest.SignupOptions{Numbers: 2})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, append(codeFlags(client), "-phone", string(client.Numbers[1]))...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Zero(t, server.Registrations(client.Numbers[0]))
	require.Equal(t, 1, server.Registrations(client.Numbers[1]))
}

// A number of the Business app came registered. An account without a number is not
// an error.
func TestRun_NumbersThatAreNotRegistered(t *testing.T) {
	for variant, want := range map[graphtest.Variant]struct {
		exit int
		says string
	}{
		graphtest.Coexistence: {cli.ExitDone, "came registered"},
		graphtest.OnlyWABA:    {cli.ExitLater, "the WABAs have no number yet"}, // the page's event would say that there is none
	} {
		server := graphtest.New(t)
		vars := exampletest.Serve(t, server)
		client, err := server.Signup(graphtest.SignupOptions{Variant: variant})
		require.NoError(t, err)
		exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-wait", "0s")...)
		require.Equal(t, want.exit, exit, stderr)
		require.Contains(t, exampletest.Flat(stdout+stderr), want.says)
		for _, call := range server.Calls() {
			require.NotContains(t, call.Route, "register")
		}
	}
}
