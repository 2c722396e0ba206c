package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// play runs the program without a terminal.
func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	var out, progress strings.Builder
	exit = run(t.Context(), args, exampletest.Env(vars), strings.NewReader(""), &out, &progress)
	return exit, out.String(), progress.String()
}

// embeddedSecrets are those of the simulator inside the program: the same in
// every run, so that a twin has them too.
func embeddedSecrets(t *testing.T) []wagraph.Secret {
	t.Helper()
	twin := graphtest.New(t)
	client, err := twin.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	token, err := twin.BusinessToken(client.Business)
	require.NoError(t, err)
	return append(exampletest.WorldSecrets(twin), client.Code, client.AccessToken, token, wagraph.NewSecret(simulatedPIN), wagraph.NewSecret("730461"))
}

// TestAccount compares every way through the program with its golden file. The
// hours that Meta has it wait pass in synthetic time.
func TestAccount(t *testing.T) {
	runs := map[string][]string{"onboard": nil, "dry-run": {"-dry-run"}, "verbose": {"-v"}, "json": {"-json"}, "json-stopped": {"-json", "-fault", "wrong-pin"}}
	for _, f := range faults() {
		runs[f.name] = []string{"-fault", f.name}
	}
	secrets := embeddedSecrets(t)
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := play(t, nil, runs[name]...)
				exampletest.NoSecrets(t, stdout+stderr, secrets...)
				exampletest.Golden(t, name, exampletest.Transcript(strconv.Itoa(exit), stdout, stderr))
			})
		})
	}
}

// TestFaultsEndAsListed: what -fault list says about each is what happens.
func TestFaultsEndAsListed(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := play(t, nil, "-fault", f.name)
				require.Contains(t, stdout, f.what)
				if !f.stops {
					require.Equal(t, exitDone, exit, stderr)
					require.Contains(t, stdout, "can send")
					return
				}
				require.Equal(t, exitFailed, exit)
				require.Contains(t, stdout, "stopped: ")
				require.Contains(t, stderr, "wagraph: ")
				require.Contains(t, stderr, "Next: ")
			})
		})
	}
	exit, listed, _ := play(t, nil, "-fault", "list")
	require.Equal(t, exitDone, exit)
	_, help, _ := play(t, nil, "-h")
	require.Contains(t, help, listed)
}

// TestReadme: what README.md shows is what is printed.
func TestReadme(t *testing.T) {
	_, stdout, _ := play(t, nil)
	exampletest.Readme(t, "onboard", stdout)
	_, stdout, _ = play(t, nil, "-fault", "lost-share")
	exampletest.Readme(t, "lost-share", stdout)
	_, _, stderr := play(t, nil, "-fault", "expired-code")
	exampletest.Readme(t, "expired-code", stderr)
}

// TestRunsReadTheSame: two runs in real time, at different times, say the same.
func TestRunsReadTheSame(t *testing.T) {
	_, first, progress := play(t, nil)
	require.Empty(t, progress)
	_, second, _ := play(t, nil)
	require.Equal(t, first, second)
}

func TestJSONIsOneDocument(t *testing.T) {
	exit, stdout, stderr := play(t, nil, "-json")
	require.Equal(t, exitDone, exit)
	require.Contains(t, stderr, "8 check")
	doc := decode(t, stdout)
	require.True(t, doc.Done)
	require.Len(t, doc.Steps, 8)
	require.Len(t, doc.Accounts, 1)
	require.True(t, doc.Accounts[0].Attached)
	require.NotEmpty(t, doc.Accounts[0].Allocation)
	require.True(t, doc.Accounts[0].Numbers[0].CanSend)
	require.Nil(t, doc.Error)

	exit, stdout, _ = play(t, nil, "-json", "-fault", "used-code")
	require.Equal(t, exitFailed, exit)
	doc = decode(t, stdout)
	require.False(t, doc.Done)
	require.Equal(t, wagraph.ErrInvalid, doc.Error.Kind)
	require.Equal(t, 36009, doc.Error.Subcode)
	require.NotEmpty(t, doc.Error.Next)
}

func decode(t *testing.T, text string) document {
	t.Helper()
	var doc document
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&doc))
	require.False(t, decoder.More())
	return doc
}

// signedUp is a server with a client that went through Embedded Signup.
func signedUp(t *testing.T, options ...graphtest.Option) (*graphtest.Server, graphtest.SignupResult, map[string]string) {
	t.Helper()
	server := graphtest.New(t, options...)
	client, err := server.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	return server, client, exampletest.Serve(t, server)
}

func codeFlags(client graphtest.SignupResult) []string {
	return []string{"-code", client.Code.Reveal(), "-currency", simulatedCurrency, "-pin", simulatedPIN}
}

// TestOverHTTP: the same program, against whatever the environment names. It
// tells the same story there as in the process, but for the server's name.
func TestOverHTTP(t *testing.T) {
	server, client, vars := signedUp(t, graphtest.WithProofRequired())
	exit, stdout, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, exitDone, exit, stderr)
	_, embedded, _ := play(t, nil)
	require.Equal(t, strings.Replace(embedded, "the embedded simulator", vars[target.BaseURL], 1), stdout)

	require.Equal(t, 1, server.Exchanges(client.Code))
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
	require.Contains(t, server.Subscribers(client.WABAs[0]), server.World().App)
	require.Contains(t, server.Assigned(client.WABAs[0]), server.World().Admin.ID)
	funding, _ := server.Funding(client.WABAs[0])
	require.NotEmpty(t, funding)
}

// TestBareAllocation: Meta's guide shows one allocation as a bare object.
func TestBareAllocation(t *testing.T) {
	_, client, vars := signedUp(t, graphtest.WithBareAllocation())
	exit, stdout, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, exitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
}

// TestOlderCallback: an access token of a person, instead of a code.
func TestOlderCallback(t *testing.T) {
	server, client, vars := signedUp(t)
	exit, stdout, stderr := play(t, vars, "-access-token", client.AccessToken.Reveal(), "-currency", "EUR", "-pin", simulatedPIN)
	require.Equal(t, exitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
	require.Zero(t, server.Exchanges(client.Code))
	exampletest.NoSecrets(t, stdout+stderr, client.AccessToken)
}

// TestRunAgain: what an earlier run did is seen, and nothing is done twice.
func TestRunAgain(t *testing.T) {
	server, client, vars := signedUp(t)
	server.Throttle(registerRoute, 1, 0)
	exit, _, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	again := "-waba " + string(client.WABAs[0])
	require.Contains(t, stderr, again)

	flags := append(strings.Fields(again), "-currency", "EUR", "-pin", simulatedPIN)
	exit, stdout, stderr := play(t, vars, flags...)
	require.Equal(t, exitDone, exit, stderr)
	require.Contains(t, stdout, "was subscribed before: nothing to do")
	require.Contains(t, stdout, "paid for it before: nothing to do")

	before := len(server.Calls())
	exit, _, stderr = play(t, vars, flags...)
	require.Equal(t, exitDone, exit, stderr)
	for _, call := range server.Calls()[before:] {
		require.Equal(t, http.MethodGet, call.Method, call.Route)
	}
	require.Equal(t, 1, server.Exchanges(client.Code))
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
}

// TestDryRun reads, and does nothing else; it does not use the code up.
func TestDryRun(t *testing.T) {
	server, client, vars := signedUp(t)
	exit, stdout, stderr := play(t, vars, "-dry-run", "-code", client.Code.Reveal(), "-waba", string(client.WABAs[0]))
	require.Equal(t, exitDone, exit, stderr)
	require.Contains(t, stdout, "would share it")
	for _, call := range server.Calls() {
		require.Equal(t, http.MethodGet, call.Method, call.Route)
	}
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, exitDone, exit, stderr)
}

// TestClaimIsNoGrant: another client's WABA, posted by a browser, is refused.
func TestClaimIsNoGrant(t *testing.T) {
	server, client, vars := signedUp(t)
	other := server.World().ClientWABAs[0]
	exit, _, stderr := play(t, vars, append(codeFlags(client), "-waba", string(other))...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, errNotGranted.Error())
	require.Empty(t, server.Subscribers(other))
}

// TestUnrestrictedToken: grants that name no WABA do with a claim that reading
// confirms, and with nothing less.
func TestUnrestrictedToken(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{Drift: graphtest.NoTargets, WABAs: 2})
	require.NoError(t, err)
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-waba", string(client.WABAs[1]))...)
	require.Equal(t, exitDone, exit, stderr)
	require.Contains(t, stdout, "on every WABA of the client")
	require.NotContains(t, stdout, client.WABAs[0])

	client, err = server.Signup(graphtest.SignupOptions{Drift: graphtest.EmptyTargets})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, errNoWABA.Error())
}

// TestSeveralAssets: a client that shares several WABAs means all of them; -phone
// keeps one number.
func TestSeveralAssets(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{WABAs: 2, Numbers: 2})
	require.NoError(t, err)
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-json")...)
	require.Equal(t, exitDone, exit, stderr)
	doc := decode(t, stdout)
	require.Len(t, doc.Accounts, 2)
	require.Equal(t, doc.Accounts[0].Allocation, doc.Accounts[1].Allocation)
	for _, acc := range doc.Accounts {
		require.True(t, acc.Attached)
		require.Len(t, acc.Numbers, 2)
	}

	client, err = server.Signup(graphtest.SignupOptions{Numbers: 2})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, append(codeFlags(client), "-phone", string(client.Numbers[1]))...)
	require.Equal(t, exitDone, exit, stderr)
	require.Zero(t, server.Registrations(client.Numbers[0]))
	require.Equal(t, 1, server.Registrations(client.Numbers[1]))
}

// TestNumbersThatAreNotRegistered: one of the Business app came registered, and
// an account without any is no error.
func TestNumbersThatAreNotRegistered(t *testing.T) {
	for variant, want := range map[graphtest.Variant]string{
		graphtest.Coexistence: "came registered",
		graphtest.OnlyWABA:    "the account has no phone number",
	} {
		server := graphtest.New(t)
		vars := exampletest.Serve(t, server)
		client, err := server.Signup(graphtest.SignupOptions{Variant: variant})
		require.NoError(t, err)
		exit, stdout, stderr := play(t, vars, codeFlags(client)...)
		require.Equal(t, exitDone, exit, stderr)
		require.Contains(t, stdout, want)
		for _, call := range server.Calls() {
			require.NotContains(t, call.Route, "register")
		}
	}
}
