package pairs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// machines is how many pairs run with each disturbance.
func machines(t testing.TB) int { return int(number(t, envMachines, 8)) }

// small reports whether this is a sample: then each disturbance happens once, after the
// codes were exchanged, and the run waits for no lost code.
func small(t testing.TB) bool { return machines(t) <= inFlight }

// fleetSize is how many processes a disturbed run has.
const fleetSize = 4

// disturbed runs pairs while disturb is called again and again, a while after the run
// began. It returns how often it was called.
func disturbed(t *testing.T, r *run, what string, every time.Duration, disturb func(*rand.Rand) error) {
	t.Helper()
	n, seed := machines(t), firstSeed(t)
	random := rand.New(rand.NewPCG(seed, 7))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var disturbing sync.WaitGroup
	times := 0
	disturbing.Go(func() {
		pause(ctx, 2500*time.Millisecond)
		for ctx.Err() == nil {
			if err := disturb(random); err != nil {
				t.Error(err)
				return
			}
			if times++; small(t) {
				return
			}
			pause(ctx, every/2+time.Duration(random.Int64N(int64(every))))
		}
	})
	all := r.pairs(t.Context(), n, seed)
	stop()
	disturbing.Wait()
	require.NotZero(t, times)
	v := r.judge(t, all)
	v.require(t, r, fmt.Sprintf("%s (%d times)", what, times))
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, lasts time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(lasts):
	}
}

// newDisturbed prepares a run with four processes and short leases.
func newDisturbed(t *testing.T, open func(*testing.T) database) *run {
	t.Helper()
	together(t, machines(t))
	r := newRun(t, open(t))
	r.order.Lease, r.rules = onboard.MinLease, pair.Rules{Lost: true}
	return r
}

// Processes are killed while they have leases, and others go on.
func TestMachines_Kills(t *testing.T) {
	together(t, machines(t))
	for name, open := range map[string]func(*testing.T) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			r := newDisturbed(t, open)
			r.fleet = newFleet(t, fleetSize, r.order, nil)
			disturbed(t, r, name+", a process killed", 4*time.Second, r.fleet.kill)
		})
	}
}

// Processes are stopped for longer than their leases, and go on. This runs on PostgreSQL:
// a process that is stopped while it writes to a SQLite file stops the other writers too.
func TestMachines_Stopped(t *testing.T) {
	r := newDisturbed(t, postgres)
	r.fleet = newFleet(t, fleetSize, r.order, nil)
	disturbed(t, r, "a process stopped for longer than its lease", 6*time.Second, func(random *rand.Rand) error {
		longer := time.Second
		if !small(t) {
			longer += time.Duration(random.Int64N(int64(5 * time.Second)))
		}
		return r.fleet.pause(random.IntN(fleetSize), onboard.MinLease+longer)
	})
}

// The clocks of two processes are wrong by 5 minutes, in both directions.
func TestMachines_Clocks(t *testing.T) {
	if small(t) {
		t.Logf("the clocks are part of make proof-machines: to build a program with another clock compiles everything again")
		return
	}
	program := shifted(t)
	for name, open := range map[string]func(*testing.T) database{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			r := newDisturbed(t, open)
			r.rules = pair.Rules{}
			r.fleet = newFleetOf(t, program, fleetSize, r.order, func(slot int, _ *order) []string {
				return []string{clockShift + "=" + [...]string{"0", "300", "-300", "0"}[slot%4]}
			})
			seed := firstSeed(t)
			v := r.judge(t, r.pairs(t.Context(), machines(t), seed))
			require.InDelta(t, 300, r.fleet.process(1).clock().Seconds(), 30)
			require.InDelta(t, -300, r.fleet.process(2).clock().Seconds(), 30)
			v.require(t, r, name+", clocks off by +300 s and -300 s")
		})
	}
}

// The vault and the records cannot be written for 20 s after the exchange of a code.
func TestMachines_StoreFailsAfterTheExchange(t *testing.T) {
	r := newDisturbed(t, postgres)
	outage := 20 * time.Second
	if small(t) {
		outage = 6 * time.Second
	}
	r.fleet = newFleet(t, fleetSize, r.order, func(slot int, o *order) []string {
		if slot%2 == 0 {
			o.ExchangeOutage = outage
		}
		return nil
	})
	disturbed(t, r, fmt.Sprintf("no writes for %v after exchanges", outage), time.Hour, func(*rand.Rand) error { return nil })
}

// The disks of all processes are full for some seconds, again and again.
func TestMachines_DiskFull(t *testing.T) {
	r := newDisturbed(t, sqlite)
	r.order.DiskOutage, r.order.DiskOutages = 5*time.Second, 12*time.Second
	if small(t) {
		r.order.DiskOutage, r.order.DiskOutages = 2*time.Second, time.Hour
	}
	r.fleet = newFleet(t, fleetSize, r.order, nil)
	disturbed(t, r, "full disks", time.Hour, func(*rand.Rand) error { return nil })
}

// The database restarts in the middle of the work.
func TestMachines_DatabaseRestarts(t *testing.T) {
	r := newDisturbed(t, postgres)
	r.fleet = newFleet(t, fleetSize, r.order, nil)
	disturbed(t, r, "PostgreSQL restarted", 8*time.Second, func(*rand.Rand) error {
		return r.database.server.Restart(context.WithoutCancel(t.Context())) // also at the end of the test
	})
}
