package cli_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
)

func TestProgress_OneLineOnATerminal(t *testing.T) {
	var out fakeTerminal
	p := cli.NewProgress(&out, exampletest.Env(map[string]string{"TERM": "xterm"}))
	p.Set("page %d", 1)
	p.Set("page %d, %s", 2, strings.Repeat("x", 100))
	p.Clear()
	p.Clear()
	require.NotContains(t, out.String(), "\n")
	const erase = "\x1b[K"
	require.Equal(t, "\r... page 1"+erase+"\r... page 2, "+strings.Repeat("x", 67)+erase+"\r"+erase, out.String())
}

// A log has a line from time to time.
func TestProgress_FewLinesInALog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := cli.NewProgress(&out, exampletest.Env(nil))
		for page := range 12 {
			p.Set("page %d", page)
			time.Sleep(time.Second)
		}
		p.Note("stopped")
		p.Clear()
		require.Equal(t, "... page 5\n... page 10\n... stopped\n", out.String())
	})
}

func TestProgress_Wait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		start := time.Now()
		p := cli.NewProgress(&log, exampletest.Env(nil))
		require.NoError(t, p.Wait(t.Context(), start.Add(90*time.Second), "the quota"))
		require.Equal(t, 90*time.Second, time.Since(start))
		require.Equal(t, "... waiting 1m30s: the quota\n", log.String())

		var terminal fakeTerminal
		p = cli.NewProgress(&terminal, exampletest.Env(map[string]string{"TERM": "xterm"}))
		require.NoError(t, p.Wait(t.Context(), time.Now().Add(2*time.Second), "the quota"))
		require.Equal(t, "\r... waiting 2s: the quota\x1b[K\r... waiting 1s: the quota\x1b[K\r\x1b[K", terminal.String())

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, p.Wait(ctx, time.Now().Add(time.Hour), "the quota"), context.DeadlineExceeded)
	})
}

func TestDuration_HasNoZeroUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", -time.Second: "0s", 1500 * time.Millisecond: "2s", 25 * time.Minute: "25m", 72 * time.Hour: "72h",
		90 * time.Minute: "1h30m", 61 * time.Second: "1m1s", 10 * time.Second: "10s",
	} {
		require.Equal(t, want, cli.Duration(d))
	}
}
