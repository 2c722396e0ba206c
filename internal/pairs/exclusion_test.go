package pairs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

const unrelatedWorkers = 8

// unrelatedClients returns how many clients are onboarded: 1,000 in a proof.
func unrelatedClients(t testing.TB) int { return max(160, min(1000, perKind(t))) }

// onboardAll onboards different clients with several workers, and returns how long the
// workers needed from the first run to the end of the last record.
func onboardAll(t *testing.T, clients int, seed uint64, change func(*onboard.Config)) (took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, err := newWorld(seed, graphtest.WithoutLog())
		require.NoError(t, err)
		flows := make([]*onboard.Flow, unrelatedWorkers)
		for i := range flows {
			flows[i], err = w.process(fmt.Sprintf("process %d", i+1), &Outage{}, change)
			require.NoError(t, err)
		}
		var begun sync.WaitGroup
		for i := range clients {
			pair, _, err := newClient(w.server, w.random, graphtest.Hosted)
			require.NoError(t, err)
			begun.Go(func() {
				if _, err := pair.webhook(time.Time{}).Call(t.Context(), flows[i%len(flows)]); err != nil {
					t.Error(err)
				}
			})
		}
		begun.Wait()
		began := time.Now()
		working, stop := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		for _, flow := range flows {
			workers.Go(func() {
				if err := work(working, flow); err != nil {
					t.Error(err)
				}
			})
		}
		err = w.ended(t.Context())
		stop()
		workers.Wait()
		require.NoError(t, err)
		records, err := w.records(t.Context(), "")
		require.NoError(t, err)
		require.Len(t, records, clients)
		for _, record := range records {
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			took = max(took, record.Updated.Sub(began))
		}
	})
	return took
}

// Clients that have nothing to do with each other do not wait for each other.
func TestUnrelatedClients(t *testing.T) {
	clients, seed := unrelatedClients(t), rand.Uint64()
	var busy atomic.Int64
	with := onboardAll(t, clients, seed, func(cfg *onboard.Config) { cfg.Store = CountBusy(cfg.Store, &busy) })
	without := onboardAll(t, clients, seed, func(cfg *onboard.Config) { cfg.Store = WithoutExclusion(cfg.Store) })
	require.Zero(t, busy.Load(), "a worker found a client busy that no other record is about")
	loss := 100 * (with.Seconds() - without.Seconds()) / with.Seconds()
	t.Logf("%d clients, %d workers, seed %d: %.2f clients/s with exclusion, %.2f without: %.1f %% lost", clients, unrelatedWorkers, seed,
		float64(clients)/with.Seconds(), float64(clients)/without.Seconds(), loss)
	require.LessOrEqual(t, loss, 5.0)
}
