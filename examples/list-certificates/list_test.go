package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	return exampletest.Play(t, "list-certificates", run, vars, args...)
}

// The time is synthetic, because a certificate holds the time of its issue.
func TestRun_Goldens(t *testing.T) {
	runs := map[string][]string{"table": nil, "json": {"-json"}, "first-page": {"-page-size", "2", "-pages", "1"}}
	exampletest.Goldens(t, "list-certificates", run, runs, exampletest.WorldSecrets(graphtest.New(t))...)
}

func TestRun_PrintsWhatReadmeShows(t *testing.T) {
	_, stdout, _ := play(t, nil)
	exampletest.Readme(t, "list-certificates", stdout)
}

// accounts reads the lines of -json.
func accounts(t *testing.T, text string) []lineDoc {
	t.Helper()
	var all []lineDoc
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	for {
		var doc lineDoc
		err := decoder.Decode(&doc)
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all = append(all, doc)
	}
}

// A hundred accounts with their numbers are one call; numbers that
// do not fit are read on, and none is lost.
func TestList_FewCalls(t *testing.T) {
	exit, stdout, stderr := play(t, nil, "-json", "-wabas", "496", "-numbers", "3")
	require.Equal(t, cli.ExitDone, exit)
	stderr = exampletest.Flat(stderr)
	require.Contains(t, stderr, "500 accounts, 1494 numbers")
	require.Contains(t, stderr, "5 calls in 5 round trips")
	require.Len(t, accounts(t, stdout), 500)

	exit, stdout, stderr = play(t, nil, "-json", "-wabas", "20", "-numbers", "60")
	require.Equal(t, cli.ExitDone, exit)
	stderr = exampletest.Flat(stderr)
	require.Contains(t, stderr, "24 accounts, 1206 numbers")
	require.Contains(t, stderr, "21 calls in 21 round trips", "one for the accounts, one for the rest of each's numbers")
	numbers := map[graph.PhoneNumberID]bool{}
	for _, account := range accounts(t, stdout) {
		for _, n := range account.Numbers {
			numbers[n.ID] = true
		}
	}
	require.Len(t, numbers, 1206)
}

// A run that was stopped is continued after its cursor, by another
// process; together they have every account once.
func TestList_GoesOnAfterACursor(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(5, 1))
	vars := exampletest.Serve(t, server)
	exit, first, progress := play(t, vars, "-json", "-page-size", "4", "-pages", "1")
	require.Equal(t, cli.ExitDone, exit)
	_, after, found := strings.Cut(exampletest.Flat(progress), "go on with -after ")
	require.True(t, found)
	after, _, _ = strings.Cut(after, " ")

	exit, rest, _ := play(t, vars, "-json", "-page-size", "4", "-after", after)
	require.Equal(t, cli.ExitDone, exit)
	seen := map[graph.WABAID]int{}
	for _, account := range accounts(t, first+rest) {
		seen[account.ID]++
	}
	require.Len(t, seen, 9)
	for id, times := range seen {
		require.Equal(t, 1, times, id)
	}
}

// After an error in the middle the program says how to go on. After an expired cursor
// it says that it must start again.
func TestRun_StoppedSaysHowToGoOn(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	exit, _, stderr := play(t, vars, "-after", "QVFIdead")
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, exampletest.Flat(stderr), "from the start")

	calls := 0
	server.Control("GET /{business-id}/client_whatsapp_business_accounts", func(graphtest.Call) *graphtest.Fault {
		if calls++; calls == 2 {
			return &graphtest.Fault{Code: 200, Message: "Permissions error"}
		}
		return nil
	})
	exit, stdout, stderr := play(t, vars, "-page-size", "2")
	require.Equal(t, cli.ExitFailed, exit)
	require.Contains(t, stdout, "Tamarind Foods")
	require.Contains(t, exampletest.Flat(stderr), "run again with -after ")
}

func TestRun_WrongInputExits2(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	for want, args := range map[string][]string{
		"no arguments":    {"now"},
		"cannot be":       {"-wabas", "-1"},
		"-pages, ":        {"-pages", "-1"},
		"flag provided":   {"-all"},
		"invalid value":   {"-page-size", "many"},
		"WAGRAPH_":        nil,
		"-page-size must": {"-page-size", "101"},
		"-after is blank": {"-after", " "},
		"flag -page-size": {"-page-size", ""},
		"give -wabas too": {"-numbers", "3"},
		"-wabas is for":   {"-wabas", "3"},
	} {
		env := vars
		if args == nil {
			env = map[string]string{target.BaseURL: vars[target.BaseURL]}
		}
		exit, stdout, stderr := play(t, env, args...)
		require.Equal(t, cli.ExitUsage, exit, want)
		require.Empty(t, stdout, want)
		require.Contains(t, exampletest.Flat(stderr), want)
	}
	vars[target.Token] = " "
	exit, _, stderr := play(t, vars)
	require.Equal(t, cli.ExitUsage, exit)
	require.Contains(t, stderr, target.Token+" is set and blank")
	require.Empty(t, server.Calls())
	exit, stdout, _ := play(t, nil, "-h")
	require.Equal(t, cli.ExitDone, exit)
	exampletest.Fits(t, stdout)
	require.Contains(t, stdout, target.BusinessID)
}
