package onboard_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// hungStore's Extend does not answer, whatever its context says.
type hungStore struct {
	onboard.Store
	long time.Duration
}

func (s hungStore) Extend(context.Context, onboard.Lease, time.Duration) error {
	time.Sleep(s.long)
	return context.DeadlineExceeded
}

// The wrong claim is replaced while the token of the wrong business is fetched.
func TestFlow_AddClaim_WhileTheTokenIsFetched(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		right := start.Claim
		other, _ := b.client(t, graphtest.SignupOptions{})
		start.Claim = signup.Claim{Business: other.Business}
		stop := b.server.Control(routeExchange, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{LoseReply: true} })
		record := begin(t, flow, start)
		stop()
		require.Equal(t, onboard.StateExchanging, record.State)
		b.server.Control(routeFetch, func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: 5 * time.Second} })
		ended := make(chan onboard.Record, 1)
		go func() { r, _ := flow.Run(t.Context(), record.ID); ended <- r }()
		time.Sleep(2 * time.Second)
		got, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Record: record.ID, Claim: right, Replace: true})
		require.NoError(t, err)
		require.Equal(t, right.Business, got.Claim.Business)
		record = runToEnd(t, flow, <-ended)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

// The same while the accounts are read.
func TestFlow_AddClaim_ReplacesWhileTheAccountsAreRead(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		right := start.Claim
		start.Claim.Business = "999999999"
		record := begin(t, flow, start)
		b.server.Delay("GET /{waba-id}", 5*time.Second)
		ended := make(chan onboard.Record, 1)
		go func() { r, _ := flow.Run(t.Context(), record.ID); ended <- r }()
		time.Sleep(2 * time.Second)
		got, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Record: record.ID, Claim: right, Replace: true})
		require.NoError(t, err)
		require.Equal(t, onboard.StateRunning, got.State)
		record = runToEnd(t, flow, <-ended)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

// A claim that comes while the accounts are read is compared with them.
func TestFlow_AddClaim_WhileTheAccountsAreRead(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Claim = signup.Claim{}
		record := begin(t, flow, start)
		b.server.Delay("GET /{waba-id}", 5*time.Second)
		ended := make(chan onboard.Record, 1)
		go func() { r, _ := flow.Run(t.Context(), record.ID); ended <- r }()
		time.Sleep(2 * time.Second)
		_, err := flow.AddClaim(t.Context(), onboard.ClaimRequest{Tenant: "acme", Record: record.ID, Claim: signup.Claim{Business: "999999999", WABAs: done.WABAs, Numbers: []graph.PhoneNumberID{"4711"}}})
		require.NoError(t, err)
		record = runToEnd(t, flow, <-ended)
		require.NotEqual(t, onboard.StateDone, record.State, "the claim was taken and never compared")
	})
}

// Meta answers once that a new WABA has no numbers.
func TestFlow_Confirm_AnEmptyListOfNumbers(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Claim = signup.Claim{}
		record := begin(t, flow, start)
		b.server.Times("GET /{waba-id}/phone_numbers", 1, graphtest.Fault{Status: 200, Body: []byte(`{"data":[]}`)})
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		n, _ := b.server.Number(done.Numbers[0])
		require.False(t, record.State == onboard.StateDone && n.Status != "CONNECTED", "done, and no number was registered: an answer without data was an empty list")
	})
}

// The same as an array without anything around it.
func TestFlow_Confirm_ABareArray(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Claim = signup.Claim{}
		record := begin(t, flow, start)
		b.server.Times("GET /{waba-id}/phone_numbers", 1, graphtest.Fault{Status: 200, Body: []byte("[]")})
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		n, _ := b.server.Number(done.Numbers[0])
		require.False(t, record.State == onboard.StateDone && n.Status != "CONNECTED", "done, and no number was registered: an answer without data was an empty list")
	})
}

// The configuration left out the registration and the line by mistake.
func TestFlow_Resume_DoesWhatWasSkipped(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		wrong := b.flow(t, func(c *onboard.Config) { c.NoRegister = true; c.Line, c.Currency = "", "" })
		record := runToEnd(t, wrong, begin(t, wrong, start))
		record, err := b.flow(t).Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, runToEnd(t, b.flow(t), record).State)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
		b.requireLive(t, done)
	})
}

// Config.Approve returns the error of a context of its own that has ended.
func TestFlow_Run_AForeignContextEnds(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		calls := 0
		flow := b.flow(t, func(c *onboard.Config) {
			c.Approve = func(context.Context, onboard.Record) error {
				if calls++; calls > 1000 {
					return onboard.ErrRefused
				}
				return context.Canceled
			}
		})
		_, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		_, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Less(t, calls, 10, "Approve was called without a pause")
	})
}

// The oldest record cannot be read. The others are run nevertheless.
func TestFlow_RunDue_ARecordThatCannotBeRead(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, s1 := b.client(t, graphtest.SignupOptions{})
		bad := begin(t, flow, s1)
		time.Sleep(time.Minute)
		_, s2 := b.client(t, graphtest.SignupOptions{})
		good := begin(t, flow, s2)
		store := &flakyStore{Store: b.store}
		gets := 0
		store.get = func(id string) error {
			if id == bad.ID {
				gets++
				return errors.New("the row holds no record")
			}
			return nil
		}
		worker := b.flow(t, func(c *onboard.Config) { c.Store = store })
		for range 100 {
			_, _ = worker.RunDue(t.Context(), 1)
		}
		good, err := b.store.Get(t.Context(), good.ID)
		require.NoError(t, err)
		require.NotEqual(t, onboard.StateRunning, good.State, "after 100 RunDue; the bad one was tried %d times", gets)
	})
}

// A store does not answer Extend, whatever the context says.
func TestFlow_Run_ExtendHangs(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.Lease = onboard.MinLease; c.Store = hungStore{b.store, 10 * time.Minute} })
		_, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		b.server.Delay(routeRegister, 50*time.Second)
		began := time.Now()
		_, err := flow.Run(t.Context(), record.ID)
		require.ErrorIs(t, err, onboard.ErrLeaseLost)
		require.Less(t, time.Since(began), onboard.MinLease)
		time.Sleep(10 * time.Minute) // the store answers at last
	})
}

// A worker is stopped between its lease and its first write, for longer than the lease.
func TestFlow_Run_ALateWorkerDoesNotTakeTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		_, start := b.client(t, graphtest.SignupOptions{})
		stuck := &slowStore{Store: b.store}
		hold := make(chan struct{})
		quick := b.flow(t, func(c *onboard.Config) { c.Worker = "quick" })
		record := begin(t, quick, start)
		get := &flakyStore{Store: stuck}
		var n atomic.Int32
		get.get = func(string) error {
			if n.Add(1) == 2 { // the Get of take
				stuck.pause(hold)
				time.Sleep(3 * time.Minute)
				stuck.pause(nil)
			}
			return nil
		}
		slow := b.flow(t, func(c *onboard.Config) { c.Store, c.Worker = get, "slow" })
		b.server.Delay(routeRegister, 80*time.Second)
		ended := make(chan error, 1)
		go func() { _, err := slow.Run(t.Context(), record.ID); ended <- err }()
		time.Sleep(2*time.Minute + 30*time.Second)
		_, err := quick.Run(t.Context(), record.ID)
		require.ErrorIs(t, <-ended, onboard.ErrLeaseLost)
		require.NoError(t, err, "the holder of the lease lost the record to a worker without one")
	})
}

// The process dies between the vault and the record. The next Refresh writes the record.
func TestFlow_Refresh_RepairsTheDeadline(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var down atomic.Bool
		store := &flakyStore{Store: b.store}
		store.update = func(context.Context, onboard.Record) (bool, error) { return down.Load(), errAway }
		flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
		_, record := b.onboarded(t, flow, graphtest.SignupOptions{TokenLifetime: 60 * day})
		time.Sleep(time.Until(record.TokenExpires) - 10*24*time.Hour)
		down.Store(true)
		for result, err := range flow.Refresh(t.Context(), onboard.RefreshOptions{}) {
			require.NoError(t, err)
			require.Equal(t, onboard.RenewalDone, result.Result)
			require.ErrorIs(t, result.Err, errAway, "the record could not be written")
		}
		down.Store(false)
		for result, err := range flow.Refresh(t.Context(), onboard.RefreshOptions{}) {
			require.NoError(t, err)
			stored, err := b.store.Get(t.Context(), record.ID)
			require.NoError(t, err)
			require.WithinDuration(t, result.Expires, stored.TokenExpires, time.Second, "the record's deadline is that of the old token")
		}
	})
}
