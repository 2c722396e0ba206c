package onboard_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// slowStore holds the writes of one worker back.
type slowStore struct {
	onboard.Store
	mu   sync.Mutex
	hold chan struct{}
}

func (s *slowStore) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	s.mu.Lock()
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	// The database executes the statement, even if the caller no longer waits.
	return s.Store.Update(context.WithoutCancel(ctx), record)
}

// Extend fails while the worker is stopped: a stopped process asks for nothing.
func (s *slowStore) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	s.mu.Lock()
	stopped := s.hold != nil
	s.mu.Unlock()
	if stopped {
		return context.DeadlineExceeded
	}
	return s.Store.Extend(ctx, lease, ttl)
}

func (s *slowStore) pause(hold chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold = hold
}

// A worker that was stopped for longer than its lease gets an error: it lost the
// record. Its calls are not undone, and not made again.
func TestFlow_Run_LeaseIsTakenOver(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		stuck := &slowStore{Store: b.store}
		slow := b.flow(t, func(c *onboard.Config) { c.Store, c.Worker = stuck, "slow" })
		quick := b.flow(t, func(c *onboard.Config) { c.Worker = "quick" })
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, slow, start)

		hold := make(chan struct{})
		b.server.Control("GET /{waba-id}", func(graphtest.Call) *graphtest.Fault {
			stuck.pause(hold) // from the confirmation on it cannot write
			return nil
		})
		lost := make(chan error)
		go func() { _, err := slow.Run(t.Context(), record.ID); lost <- err }()
		synctest.Wait()
		_, err := quick.Run(t.Context(), record.ID)
		require.ErrorIs(t, err, onboard.ErrBusy)
		held, err := b.store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, "slow", held.Holder.Worker)
		time.Sleep(time.Minute)
		record = runToEnd(t, quick, held)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		stuck.pause(nil)
		close(hold)
		require.ErrorIs(t, <-lost, onboard.ErrConflict)
		after, err := b.store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, record, after)
		b.requireLive(t, done)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
	})
}

// A worker that cannot extend its lease ends its calls before the lease ends, and says
// so. What the calls did is stored if no other worker took the record meanwhile.
func TestFlow_Run_CallsEndBeforeTheLease(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		away := &awayStore{Store: b.store}
		flow := b.flow(t, func(c *onboard.Config) { c.Lease, c.Store = onboard.MinLease, away })
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay(routeRegister, time.Hour)
		record := begin(t, flow, start)
		away.away.Store(true)
		began := time.Now()
		record, err := flow.Run(t.Context(), record.ID)
		require.ErrorIs(t, err, onboard.ErrLeaseLost)
		require.Less(t, time.Since(began), onboard.MinLease)
		require.Zero(t, record.Holder)
		step := registration(record, done.Numbers[0])
		require.Equal(t, onboard.StepOpen, step.State)
		require.Equal(t, graph.ErrOutcomeUnknown, step.Kind)
		away.away.Store(false)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
	})
}

// awayStore cannot extend leases for a while.
type awayStore struct {
	onboard.Store
	away atomic.Bool
}

func (s *awayStore) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	if s.away.Load() {
		return errors.New("the database is away")
	}
	return s.Store.Extend(ctx, lease, ttl)
}

// A worker extends its lease as long as a call takes, and no other worker gets the record.
func TestFlow_Run_ExtendsItsLease(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.Lease = onboard.MinLease })
		other := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay("POST /{waba-id}/subscribed_apps", 28*time.Second)
		record := begin(t, flow, start)
		ended := runMeanwhile(t, flow, record)
		for range 25 {
			time.Sleep(time.Second)
			_, err := other.Run(t.Context(), record.ID)
			require.ErrorIs(t, err, onboard.ErrBusy)
		}
		record = ended()
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}

// A run ends while a call is on its way. Meta may carry the call out later, so the assets
// rest until the lease ends, and another worker registers the number only then.
func TestFlow_Run_AssetsRestAfterACallThatWasCutShort(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay(routeRegister, time.Hour)
		record := begin(t, flow, start)
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		_, err := flow.Run(ctx, record.ID)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = b.store.Acquire(t.Context(), "other", time.Minute, onboard.NumberObject(done.Numbers[0]))
		require.ErrorIs(t, err, onboard.ErrBusy)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Greater(t, time.Since(record.Created), time.Minute)
	})
}
