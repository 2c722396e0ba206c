package main

import (
	"encoding/json"
	"io"
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

func play(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	var out, progress strings.Builder
	exit = run(t.Context(), args, exampletest.Env(vars), &out, &progress)
	return exit, out.String(), progress.String()
}

// TestTable runs in synthetic time: the certificates hold the time of their issue.
func TestTable(t *testing.T) {
	secrets := exampletest.WorldSecrets(graphtest.New(t))
	for name, args := range map[string][]string{"table": nil, "json": {"-json"}, "first-page": {"-page-size", "2", "-pages", "1"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exit, stdout, stderr := play(t, nil, args...)
				exampletest.NoSecrets(t, stdout+stderr, secrets...)
				exampletest.Golden(t, name, exampletest.Transcript(strconv.Itoa(exit), stdout, stderr))
			})
		})
	}
}

// TestReadme: what README.md shows is what is printed.
func TestReadme(t *testing.T) {
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

// TestFewCalls: a hundred accounts with their numbers are one call; numbers that
// do not fit are read on, and none is lost.
func TestFewCalls(t *testing.T) {
	exit, stdout, stderr := play(t, nil, "-json", "-wabas", "496", "-numbers", "3")
	require.Equal(t, exitDone, exit)
	require.Contains(t, stderr, "500 accounts, 1494 numbers")
	require.Contains(t, stderr, "5 calls in 5 round trips")
	require.Len(t, accounts(t, stdout), 500)

	exit, stdout, stderr = play(t, nil, "-json", "-wabas", "20", "-numbers", "60")
	require.Equal(t, exitDone, exit)
	require.Contains(t, stderr, "24 accounts, 1206 numbers")
	require.Contains(t, stderr, "21 calls in 21 round trips", "one for the accounts, one for the rest of each's numbers")
	numbers := map[wagraph.PhoneNumberID]bool{}
	for _, account := range accounts(t, stdout) {
		for _, n := range account.Numbers {
			numbers[n.ID] = true
		}
	}
	require.Len(t, numbers, 1206)
}

// TestResume: a run that was stopped is continued behind its cursor, by another
// process; together they have every account once.
func TestResume(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(5, 1))
	vars := exampletest.Serve(t, server)
	exit, first, progress := play(t, vars, "-json", "-page-size", "4", "-pages", "1")
	require.Equal(t, exitDone, exit)
	_, after, found := strings.Cut(progress, "go on with -after ")
	require.True(t, found)
	after, _, _ = strings.Cut(after, "\n")

	exit, rest, _ := play(t, vars, "-json", "-page-size", "4", "-after", after)
	require.Equal(t, exitDone, exit)
	seen := map[wagraph.WABAID]int{}
	for _, account := range accounts(t, first+rest) {
		seen[account.ID]++
	}
	require.Len(t, seen, 9)
	for id, times := range seen {
		require.Equal(t, 1, times, id)
	}
}

// TestStopped: an error in the middle says how to go on, and a dead cursor that
// one cannot.
func TestStopped(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	exit, _, stderr := play(t, vars, "-after", "QVFIdead")
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, "from the start")

	calls := 0
	server.Control("GET /{business-id}/client_whatsapp_business_accounts", func(graphtest.Call) *graphtest.Fault {
		if calls++; calls == 2 {
			return &graphtest.Fault{Code: 200, Message: "Permissions error"}
		}
		return nil
	})
	exit, stdout, stderr := play(t, vars, "-page-size", "2")
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stdout, "Tamarind Foods")
	require.Contains(t, stderr, "run again with -after ")
}

func TestBadInput(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	for want, args := range map[string][]string{
		"no arguments":    {"now"},
		"cannot be":       {"-wabas", "-1"},
		"-pages, ":        {"-pages", "-1"},
		"flag provided":   {"-all"},
		"invalid value":   {"-page-size", "many"},
		"WAGRAPH_":        nil,
		"page size must ": {"-page-size", "101"},
	} {
		env := vars
		if args == nil {
			env = map[string]string{target.BaseURL: vars[target.BaseURL]}
		}
		exit, stdout, stderr := play(t, env, args...)
		require.NotEqual(t, exitDone, exit, want)
		require.Empty(t, stdout, want)
		require.Contains(t, stderr, want)
	}
	require.Empty(t, server.Calls())
	exit, stdout, _ := play(t, nil, "-h")
	require.Equal(t, exitDone, exit)
	require.Contains(t, stdout, target.BusinessID)
}
