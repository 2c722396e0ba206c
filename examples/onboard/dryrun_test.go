package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
)

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
