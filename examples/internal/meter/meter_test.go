package meter_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const accountRoute = "GET /{waba-id}"

// A repeated call is one call and two round trips, a batch of three
// ops three calls in one.
func TestMeter_Count(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		var progress strings.Builder
		m := meter.New(cli.NewProgress(&progress, exampletest.Env(nil)))
		seen := 0
		m.Seen = func(graph.TraceEnd) { seen++ }
		client := server.Client(graph.WithTracer(m))
		id := server.World().ClientWABAs[0]

		server.Throttle(accountRoute, 1, 0)
		_, err := waba.New(client).Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "1 call in 2 round trips", m.Count().String())
		require.Contains(t, progress.String(), "before GET /{waba-id} is sent again")
		require.Equal(t, 2, seen)

		before := m.Count()
		batch := graph.NewBatch(client)
		for range 3 {
			graph.Add(batch, waba.GetOp(id))
		}
		require.NoError(t, batch.Send(t.Context()))
		require.Equal(t, "3 calls in 1 round trip", m.Count().Since(before).String())
	})
}

// A call that takes long is reported while it runs; a quick one is not.
func TestMeter_ReportsSlowCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.New(t)
		var progress strings.Builder
		client := server.Client(graph.WithTracer(meter.New(cli.NewProgress(&progress, exampletest.Env(nil)))))
		for delay, want := range map[time.Duration]string{time.Second: "", 5 * time.Second: "... still waiting for the answer to GET /{waba-id}\n"} {
			progress.Reset()
			server.Delay(accountRoute, delay)
			_, err := waba.New(client).Get(t.Context(), server.World().ClientWABAs[0])
			require.NoError(t, err)
			synctest.Wait() // the note comes from the goroutine of a timer
			require.Equal(t, want, progress.String())
		}
	})
}
