package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// play runs the program without a terminal.
func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	return exampletest.Play(t, "onboard", run, vars, args...)
}

// embeddedSecrets returns those of the simulator inside the program: the same in
// every run, so that a twin has them too.
func embeddedSecrets(t *testing.T) []wagraph.Secret {
	t.Helper()
	twin := graphtest.New(t)
	client, err := twin.Signup(graphtest.Signup{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	token, err := twin.BusinessToken(client.Business)
	require.NoError(t, err)
	return append(exampletest.WorldSecrets(twin), client.Code, client.AccessToken, token, wagraph.NewSecret("730461"))
}

// The test compares every way through the program with its golden file. The hours
// of a long wait pass in synthetic time.
func TestRun_Goldens(t *testing.T) {
	runs := map[string][]string{"onboard": nil, "dry-run": {"-dry-run"}, "verbose": {"-v"}, "json": {"-json"}, "json-stopped": {"-json", "-fault", "wrong-pin"},
		"throttle-waited":          {"-fault", "throttle", "-wait", "1h"},
		"throttle-long-waited":     {"-fault", "throttle-long", "-wait", "1h"},
		"registration-lock-waited": {"-fault", "registration-lock", "-wait", "100h"},
	}
	for _, f := range faults() {
		runs[f.name] = []string{"-fault", f.name}
	}
	secrets := embeddedSecrets(t)
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := play(t, nil, runs[name]...)
				exampletest.NoSecrets(t, stdout+stderr, secrets...)
				if !strings.HasPrefix(name, "json") {
					exampletest.Fits(t, stdout)
				}
				exampletest.Fits(t, stderr)
				exampletest.Golden(t, name, exampletest.Transcript(strconv.Itoa(exit), stdout, stderr))
			})
		})
	}
}

// Each fault ends as -fault list says.
func TestFaults_EndAsListed(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := play(t, nil, "-fault", f.name)
				require.Contains(t, exampletest.Flat(stdout), f.what)
				switch f.ends {
				case recovers:
					require.Equal(t, cli.ExitDone, exit, stderr)
					require.Contains(t, stdout, "can send     yes")
				case waits:
					require.Equal(t, cli.ExitLater, exit, stderr)
					require.Contains(t, stdout, "later: ")
					require.Contains(t, exampletest.Flat(stdout), "the next step is due in ")
					require.Contains(t, stderr, "Next: ")
				case stops:
					require.Equal(t, cli.ExitFailed, exit)
					require.Contains(t, stdout, "stopped: ")
					require.Contains(t, stderr, "Next: ")
				}
			})
		})
	}
	exit, listed, _ := play(t, nil, "-fault", "list")
	require.Equal(t, cli.ExitDone, exit)
	_, help, _ := play(t, nil, "-h")
	require.Contains(t, help, listed)
	exampletest.Fits(t, help)
}

// A step that was postponed is taken up when it is due, if the program waits.
func TestWork_WaitsForWhatIsDue(t *testing.T) {
	for _, name := range []string{"throttle", "throttle-long", "registration-lock"} {
		synctest.Test(t, func(t *testing.T) {
			exit, stdout, stderr := play(t, nil, "-fault", name, "-wait", "100h")
			require.Equal(t, cli.ExitDone, exit, stderr)
			require.Contains(t, stdout, "can send     yes")
		})
	}
}

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

func TestRun_JSONIsOneDocument(t *testing.T) {
	exit, stdout, stderr := play(t, nil, "-json")
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, stderr, "9 check")
	doc := decode(t, stdout)
	require.True(t, doc.Done)
	require.Len(t, doc.Records, 1)
	require.Equal(t, signup.StateDone, doc.Records[0].State)
	require.Len(t, doc.Records[0].Steps, 9)
	require.Len(t, doc.Records[0].Accounts, 1)
	waba := doc.Records[0].Accounts[0]
	require.True(t, waba.Attached)
	require.NotEmpty(t, waba.Allocation)
	require.True(t, waba.Numbers[0].CanSend)
	require.Nil(t, doc.Error)

	exit, stdout, _ = play(t, nil, "-json", "-fault", "expired-code")
	require.Equal(t, cli.ExitFailed, exit)
	doc = decode(t, stdout)
	require.False(t, doc.Done)
	require.Equal(t, wagraph.ErrInvalid, doc.Error.Kind)
	require.Equal(t, signup.StateNeedsNewSignup, doc.Records[0].State)
	require.Equal(t, 36007, doc.Records[0].Steps[0].Calls[0].Subcode)
	require.NotEmpty(t, doc.Error.Next)

	synctest.Test(t, func(t *testing.T) {
		exit, stdout, _ = play(t, nil, "-json", "-fault", "throttle-long")
		require.Equal(t, cli.ExitLater, exit)
		doc = decode(t, stdout)
		require.True(t, doc.Error.Later)
		require.Equal(t, 25*time.Minute, time.Until(doc.Records[0].Due).Round(time.Minute))
	})
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

// signedUp returns a server with a client that went through Embedded Signup.
func signedUp(t *testing.T, options ...graphtest.Option) (*graphtest.Server, graphtest.Finished, map[string]string) {
	t.Helper()
	server := graphtest.New(t, options...)
	client, err := server.Signup(graphtest.Signup{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
	require.NoError(t, err)
	return server, client, exampletest.Serve(t, server)
}

func codeFlags(client graphtest.Finished) []string {
	return []string{"-code", client.Code.Reveal(), "-currency", simulatedCurrency}
}

// Against a server that the environment names the program tells the same account,
// except for the server's name.
func TestRun_OnAServer(t *testing.T) {
	server, client, vars := signedUp(t, graphtest.RequireProof())
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
	_, client, vars := signedUp(t, graphtest.BareAllocation())
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

// The second run goes on where the first one stopped, and nothing is done twice.
func TestRun_GoesOnWithItsState(t *testing.T) {
	server, client, vars := signedUp(t)
	flags := append(codeFlags(client), "-state", filepath.Join(t.TempDir(), "state"), "-wait", "0s")
	server.Throttle(numbersRoute, 1, 25*time.Minute)
	exit, stdout, stderr := play(t, vars, flags...)
	require.Equal(t, cli.ExitLater, exit)
	require.Contains(t, exampletest.Flat(stderr), "confirm is tried again in 25m")
	require.Contains(t, exampletest.Flat(stderr), "run again with -state "+flags[len(flags)-3])
	exampletest.NoSecrets(t, stdout+stderr, server.Secrets()...)

	// The same command before it is due: nothing is called.
	calls := len(server.Calls())
	exit, stdout, _ = play(t, vars, flags...)
	require.Equal(t, cli.ExitLater, exit)
	require.Contains(t, exampletest.Flat(stdout), "This signup was taken in before, and is not exchanged again")
	require.Contains(t, exampletest.Flat(stdout), "Done: token, inspect")
	require.Len(t, server.Calls(), calls)
	require.Equal(t, 1, server.Exchanges(client.Code))
}

// A step that failed is tried again on request, once the reason is gone.
func TestRun_ResumesAFailedStep(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.Signup{PIN: wagraph.NewSecret("730461")})
	require.NoError(t, err)
	state := filepath.Join(t.TempDir(), "state")
	exit, _, stderr := play(t, vars, append(codeFlags(client), "-state", state)...)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(stderr), "Put it into WAGRAPH_PIN. Then run again with -state "+state+" -resume")

	exit, _, stderr = play(t, vars, "-state", state, "-currency", "EUR")
	require.Equal(t, cli.ExitFailed, exit, "without -resume it stays failed")
	require.Contains(t, exampletest.Flat(stderr), "133005")
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))

	exit, stdout, stderr := play(t, with(vars, pinVariable, "730461"), "-state", state, "-currency", "EUR", "-resume")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "can send     yes")
	require.Equal(t, 1, server.Exchanges(client.Code))
	exampletest.NoSecrets(t, stdout+stderr, server.Secrets()...)

	exit, stdout, _ = play(t, vars, "-state", state, "-currency", "EUR")
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, exampletest.Flat(stdout), "is done: nothing to do")
}

// A dry run only reads, and does not use the code up.
func TestDryRun_OnlyReads(t *testing.T) {
	server, client, vars := signedUp(t)
	exit, stdout, stderr := play(t, vars, "-dry-run", "-code", client.Code.Reveal(), "-waba", string(client.WABAs[0]))
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "would share line")
	for _, call := range server.Calls() {
		require.Equal(t, http.MethodGet, call.Method, call.Route)
	}
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, cli.ExitDone, exit, stderr)
}

// Another client's WABA, posted by a browser, is refused.
func TestRun_AClaimIsNotAGrant(t *testing.T) {
	server, client, vars := signedUp(t)
	other := server.World().ClientWABAs[0]
	exit, _, stderr := play(t, vars, append(codeFlags(client), "-waba", string(other))...)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(stderr), "the token was not granted it")
	require.Empty(t, server.Subscribers(other))
}

// Grants that name no WABA need a claim, which reading confirms.
func TestRun_UnrestrictedToken(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.Signup{Drift: graphtest.NoTargets, WABAs: 2})
	require.NoError(t, err)
	exit, stdout, stderr := play(t, vars, append(codeFlags(client), "-waba", string(client.WABAs[1]))...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, exampletest.Flat(stdout), "grants every WABA of the client")
	require.NotContains(t, stdout, client.WABAs[0])

	client, err = server.Signup(graphtest.Signup{Drift: graphtest.EmptyTargets})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(stderr), "the token names no WABA, and none was claimed")
}

// A client that shares several WABAs means all of them; -phone keeps one number.
func TestRun_SeveralAssets(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.Signup{WABAs: 2, Numbers: 2})
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

	client, err = server.Signup(graphtest.Signup{Numbers: 2})
	require.NoError(t, err)
	exit, _, stderr = play(t, vars, append(codeFlags(client), "-phone", string(client.Numbers[1]))...)
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Zero(t, server.Registrations(client.Numbers[0]))
	require.Equal(t, 1, server.Registrations(client.Numbers[1]))
}

// A number of the Business app came registered. An account without a number is not
// an error.
func TestRun_NumbersThatAreNotRegistered(t *testing.T) {
	for variant, want := range map[graphtest.Variant]string{
		graphtest.Coexistence: "came registered",
		graphtest.OnlyWABA:    "the account has no phone number",
	} {
		server := graphtest.New(t)
		vars := exampletest.Serve(t, server)
		client, err := server.Signup(graphtest.Signup{Variant: variant})
		require.NoError(t, err)
		exit, stdout, stderr := play(t, vars, codeFlags(client)...)
		require.Equal(t, cli.ExitDone, exit, stderr)
		require.Contains(t, exampletest.Flat(stdout), want)
		for _, call := range server.Calls() {
			require.NotContains(t, call.Route, "register")
		}
	}
}
