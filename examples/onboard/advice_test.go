package main

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// A client is sent through the signup again only if its own token is refused.
func TestStepAdvice_WhoseToken(t *testing.T) {
	const ours, again = "refuses our own token", "have the client go through the signup again"
	fails := func(vars map[string]string, args ...string) string {
		t.Helper()
		exit, _, stderr := play(t, vars, args...)
		require.Equal(t, cli.ExitFailed, exit, stderr)
		return exampletest.Flat(stderr)
	}

	// The partner's token is dead: the client's token still reads everything.
	_, client, vars := signedUp(t)
	stderr := fails(with(vars, target.Token, "EAAdead"), codeFlags(client)...)
	require.Contains(t, stderr, ours)
	require.NotContains(t, stderr, again)

	// A wrong secret is found by the exchange, or by the look at a token.
	_, client, vars = signedUp(t)
	vars = with(vars, target.AppSecret, "0123456789abcdef0123456789abcdef")
	stderr = fails(vars, "-currency", "EUR", "-access-token", client.AccessToken.Reveal())
	require.Contains(t, stderr, target.AppSecret)
	require.NotContains(t, stderr, again)

	// The client's own token dies on the way.
	for _, route := range []string{accountRoute, subscribeRoute, registerRoute} {
		server, client, vars := signedUp(t)
		server.Fail(route, 190, 460)
		require.Contains(t, fails(vars, codeFlags(client)...), again, route)
	}
}

// An exchange that did not reach the server: the record keeps the claim, and the
// token is fetched once the server can be reached.
func TestRun_ServerOutOfReach(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	_, client, vars := signedUp(t)
	exit, stdout, stderr := play(t, with(vars, target.BaseURL, closed.URL), append(codeFlags(client), "-waba", string(client.WABAs[0]), "-business", string(client.Business), "-wait", "0s")...)
	require.Equal(t, cli.ExitLater, exit, stderr)
	require.Contains(t, stdout, "later: ")
	require.Contains(t, exampletest.Flat(stderr), "token is tried again")
}

// A throttle of the exchange is kept with the wait that was named: the code does
// not outlive it, and the token is fetched after it.
func TestRun_ThrottledExchange(t *testing.T) {
	server, client, vars := signedUp(t)
	server.Once(exchangeRoute, graphtest.Fault{Code: 4, RegainAfter: 25 * time.Minute})
	exit, _, stderr := play(t, vars, append(codeFlags(client), "-wait", "1s", "-business", string(client.Business))...)
	require.Equal(t, cli.ExitLater, exit)
	require.Contains(t, exampletest.Flat(stderr), "token is tried again in 2", "once more, while the code lives")
	require.Zero(t, server.Exchanges(client.Code))
	require.Len(t, server.Calls(), 1, "the pacer holds the next call back")
}
