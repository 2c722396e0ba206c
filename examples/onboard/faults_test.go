package main

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
)

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
