package main

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	return exampletest.Play(t, "share-credit", run, vars, args...)
}

func TestRun_Goldens(t *testing.T) {
	runs := map[string][]string{"all": nil, "dry-run": {"share", "-dry-run"}}
	for _, v := range verbs() {
		runs[v.name] = []string{v.name}
	}
	exampletest.Goldens(t, "share-credit", run, runs, exampletest.WorldSecrets(graphtest.New(t))...)
}

func TestRun_PrintsWhatReadmeShows(t *testing.T) {
	_, stdout, _ := play(t, nil)
	exampletest.Readme(t, "share-credit", stdout)
}

// The test shares, loses the answer, verifies and revokes on a server that
// the environment names.
func TestRun_OnAServer(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	client, err := server.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	waba := string(client.WABAs[0])

	exit, stdout, stderr := play(t, vars, "share", "-waba", waba, "-currency", "USD", "-dry-run")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "would share")
	for _, call := range server.Calls() {
		require.Equal(t, http.MethodGet, call.Method)
	}

	server.LoseReply("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach")
	exit, stdout, stderr = play(t, vars, "share", "-waba", waba, "-currency", "USD")
	require.Equal(t, cli.ExitDone, exit, stderr)
	require.Contains(t, stdout, "action recovered, attached true")

	live := slices.DeleteFunc(server.Allocations(), func(a graphtest.Allocation) bool { return a.Business != client.Business })
	require.Len(t, live, 1)
	require.Len(t, live[0].WABAs, 1)
	allocation := string(live[0].ID)
	exit, stdout, _ = play(t, vars, "verify", "-waba", waba, "-allocation", allocation)
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, stdout, "attached     true")

	exit, _, stderr = play(t, vars, "revoke", "-allocation", allocation, "-every-waba")
	require.Equal(t, cli.ExitDone, exit, stderr)
	exit, _, stderr = play(t, vars, "verify", "-waba", waba, "-allocation", allocation)
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, stderr, errNotAttached.Error())
	exit, stdout, _ = play(t, vars, "revoke", "-allocation", allocation, "-every-waba")
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, stdout, "before: nothing to do")
}

func TestRun_WrongInputExits2(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	waba, allocation := string(server.World().ClientWABAs[0]), string(server.World().Allocation)
	for want, args := range map[string][]string{
		"no verb":                     {"borrow"},
		"a verb is needed":            nil,
		"-dry-run needs a verb":       {"-dry-run"},
		"share-credit: -waba must be": {"check"},
		"-currency must be given":     {"share", "-waba", waba},
		"-allocation must be given":   {"verify", "-waba", waba},
		"-every-waba must be given":   {"revoke", "-allocation", allocation},
		"argument 4 is not a flag":    {"check", "-waba", waba, "now"},
		"argument 3 is not a flag":    {"-waba", waba, "check"},
		"the verb comes first":        {"-yes", "share"},
		"share-credit [verb] [flags]": {"-waba", waba, "-yes", "share"},
		"-waba must be digits only":   {"check", "-waba", "12x"},
		"-currency must look like":    {"share", "-waba", waba, "-currency", "euro"},
		"flag provided":               {"check", "-wabas", waba},
		"-allocation must be digits":  {"verify", "-waba", waba, "-allocation", "a1"},
		"-waba is blank":              {"check", "-waba", ""},
	} {
		exit, _, stderr := play(t, vars, args...)
		require.Equal(t, cli.ExitUsage, exit, want)
		require.Contains(t, exampletest.Flat(stderr), want)
	}
	require.Empty(t, server.Calls())

	delete(vars, target.CreditLine)
	exit, _, stderr := play(t, vars, "check", "-waba", waba)
	require.Equal(t, cli.ExitUsage, exit)
	require.Contains(t, stderr, target.CreditLine)
	exit, stdout, _ := play(t, vars, "lines")
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, stdout, server.World().CreditLine)
	exit, stdout, _ = play(t, nil, "-h")
	require.Equal(t, cli.ExitDone, exit)
	exampletest.Fits(t, stdout)
	require.Contains(t, stdout, "-every-waba")
}

// Nothing is billed or revoked without a yes, and nothing begins where no person
// can be asked.
func TestRun_AsksBeforeItActs(t *testing.T) {
	for _, verb := range []func(*actions) error{
		func(a *actions) error { return a.share(t.Context()) },
		func(a *actions) error { return a.revoke(t.Context()) },
	} {
		for typed, want := range map[string]error{"no\n": cli.ErrDeclined, "": cli.ErrDeclined, "yes\n": nil} {
			to, err := target.Open(exampletest.Env(nil), nil, nil)
			require.NoError(t, err)
			opts := options{currency: "GBP"}
			require.NoError(t, opts.fromSimulator(t.Context(), to))
			opts.allocation, opts.everyWABA = to.Simulator.World().Allocation, true
			a := &actions{to: to, opts: opts, out: cli.NewPrinter(io.Discard, exampletest.Env(nil)), ask: cli.Asker{Needed: true, In: exampletest.Terminal(typed), Out: io.Discard}}
			require.ErrorIs(t, verb(a), want)
			require.Equal(t, want == nil, writes(to.Simulator) > 0)
		}
	}

	vars := exampletest.Vars(graphtest.New(t), "https://graph.example.invalid")
	exit, stdout, stderr := play(t, vars, "share", "-waba", "123", "-currency", "EUR")
	require.Equal(t, cli.ExitUsage, exit)
	require.Empty(t, stdout)
	require.Contains(t, exampletest.Flat(stderr), cli.ErrNoTerminal.Error())
}

func writes(server *graphtest.Server) int {
	n := 0
	for _, call := range server.Calls() {
		if call.Method != http.MethodGet {
			n++
		}
	}
	return n
}
