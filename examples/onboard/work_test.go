package main

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

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
	require.Contains(t, exampletest.Flat(stdout), "This signup has a record already, and is not exchanged again")
	require.Contains(t, exampletest.Flat(stdout), "Done: token, inspect")
	require.Len(t, server.Calls(), calls)
	require.Equal(t, 1, server.Exchanges(client.Code))
}

// A step that failed is tried again on request, once the reason is gone.
func TestRun_ResumesAFailedStep(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{PIN: graph.NewSecret("730461")})
	require.NoError(t, err)
	state := filepath.Join(t.TempDir(), "state")
	exit, _, stderr := play(t, vars, append(codeFlags(client), "-state", state)...)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(stderr), "Put it into WAGRAPH_PIN. Then run again with -state "+state+" -resume")

	exit, _, stderr = play(t, vars, "-state", state)
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

// A record keeps its currency. A run that goes on with it needs no -currency, and
// refuses another one before it calls anything.
func TestRun_GoesOnInTheCurrencyOfTheRecord(t *testing.T) {
	server, client, vars := signedUp(t)
	state := filepath.Join(t.TempDir(), "state")
	server.Once(numbersRoute, graphtest.Fault{Code: 200, Message: "Permissions error"})
	exit, _, _ := play(t, vars, append(codeFlags(client), "-state", state)...)
	require.Equal(t, cli.ExitFailed, exit)
	calls := len(server.Calls())
	refuses := func(advice string, args ...string) {
		t.Helper()
		exit, _, stderr := play(t, vars, append(args, "-state", state, "-currency", "USD")...)
		require.Equal(t, cli.ExitUsage, exit)
		require.Regexp(t, "-currency is USD, but record [A-Z2-7]{26} has EUR: .*"+advice, exampletest.Flat(stderr))
		require.Len(t, server.Calls(), calls)
	}
	refuses("leave -currency out")
	refuses("leave -currency out", "-resume")
	refuses("give the currency of the record", "-code", client.Code.Reveal())

	exit, stdout, stderr := play(t, vars, "-state", state, "-resume")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, exampletest.Flat(stdout), "attached, in EUR")
	calls = len(server.Calls())
	refuses("leave -currency out")
	refuses("give the currency of the record", "-code", client.Code.Reveal())
	exit, stdout, _ = play(t, vars, "-state", state)
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, exampletest.Flat(stdout), "is done: nothing to do")
}

// A state without a record is a mistake in -state, and a mistyped name makes no
// files.
func TestRun_NothingToGoOnWith(t *testing.T) {
	server, _, vars := signedUp(t)
	missing, empty := filepath.Join(t.TempDir(), "state"), filepath.Join(t.TempDir(), "state")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for _, state := range []string{missing, empty} {
		for _, args := range [][]string{nil, {"-currency", "EUR"}, {"-resume"}, {"-json"}} {
			exit, stdout, stderr := play(t, vars, append(args, "-state", state)...)
			require.Equal(t, cli.ExitUsage, exit)
			require.Empty(t, stdout)
			require.Contains(t, exampletest.Flat(stderr), "there is no unfinished onboarding in "+state+": give the -code")
		}
	}
	require.NoFileExists(t, missing)
	require.NoFileExists(t, missing+".lock")
	require.Empty(t, server.Calls())
}
