package main

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestWhoseToken: a client is sent through the signup again over its own token
// only.
func TestWhoseToken(t *testing.T) {
	const ours, signup = "our own token that is refused", "Have the client go through the signup again"
	flags := []string{"-currency", "EUR", "-pin", simulatedPIN}

	_, client, vars := signedUp(t)
	vars = with(vars, target.Token, "EAAdead")
	waba := string(client.WABAs[0])
	exit, _, stderr := play(t, vars, append(flags, "-waba", waba)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, ours)
	require.Contains(t, stderr, "-waba "+waba)
	require.NotContains(t, stderr, signup)

	// The client's token reads the account; ours, which reads its numbers, is dead.
	exit, stdout, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stdout, "Meta: WABA "+waba)
	require.Contains(t, stderr, ours)
	require.NotContains(t, stderr, signup)

	// A wrong secret is found by the exchange, or by the look at a token.
	_, client, vars = signedUp(t)
	vars = with(vars, target.AppSecret, "0123456789abcdef0123456789abcdef")
	for _, given := range [][]string{codeFlags(client), append(flags, "-access-token", client.AccessToken.Reveal())} {
		exit, _, stderr = play(t, vars, given...)
		require.Equal(t, exitFailed, exit)
		require.Contains(t, stderr, target.AppSecret)
		require.Contains(t, stderr, "run the same command again")
	}

	// The client's own token dies on the way.
	for _, route := range []string{accountRoute, subscribeRoute, registerRoute} {
		server, client, vars := signedUp(t)
		server.Fail(route, 190, 460)
		exit, _, stderr = play(t, vars, codeFlags(client)...)
		require.Equal(t, exitFailed, exit)
		require.Contains(t, stderr, signup, route)
	}
}

// TestUnusedCode: an exchange that was not processed leaves the code as it was,
// and the same command does it.
func TestUnusedCode(t *testing.T) {
	const again = "the code was not used: run the same command again within 30 seconds"
	server, client, vars := signedUp(t)
	nobody := httptest.NewServer(nil)
	nobody.Close()
	exit, _, stderr := play(t, with(vars, target.BaseURL, nobody.URL), codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, again)

	server.Throttle(exchangeRoute, 1, 0)
	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, again)
	require.NotContains(t, stderr, "-waba")

	exit, _, stderr = play(t, vars, codeFlags(client)...)
	require.Equal(t, exitDone, exit, stderr)
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
}

// TestCodeDoesNotOutliveTheWait that Meta names.
func TestCodeDoesNotOutliveTheWait(t *testing.T) {
	server, client, vars := signedUp(t)
	server.Once(exchangeRoute, graphtest.Fault{Code: 4, RegainAfter: 25 * time.Minute})
	exit, _, stderr := play(t, vars, codeFlags(client)...)
	require.Equal(t, exitFailed, exit)
	require.Contains(t, stderr, "In 25m, have the client go through the signup again")
	require.NotContains(t, unused(&wagraph.Error{Kind: wagraph.ErrThrottled, RetryAfter: 10 * time.Second}), "outlive")
}
