package onboard_test

import (
	"context"
	"sync"
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
		require.Equal(t, "slow", held.Lease.Owner)
		time.Sleep(time.Until(held.Lease.Until))
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

// A worker that takes a record over never meets a call of the earlier worker.
func TestFlow_Run_CallsEndBeforeTheLease(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.Lease = onboard.MinLease })
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay(routeRegister, time.Hour)
		record := begin(t, flow, start)
		began := time.Now()
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Less(t, time.Since(began), onboard.MinLease)
		require.Zero(t, record.Lease)
		step := registration(record, done.Numbers[0])
		require.Equal(t, onboard.StepOpen, step.State)
		require.Equal(t, graph.ErrOutcomeUnknown, step.Kind)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
	})
}
