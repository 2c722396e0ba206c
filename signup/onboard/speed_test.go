package onboard_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// 64 signups run at the same time, and each round trip takes 50 ms. A signup waits for
// its own calls only.
func TestFlow_AThousandSignups(t *testing.T) {
	const (
		signups   = 1000
		width     = 64
		roundTrip = 50 * time.Millisecond
	)
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		remove := b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: roundTrip} })
		take := func() onboard.Record {
			done, err := b.server.Signup(graphtest.SignupOptions{})
			if err != nil {
				t.Error(err)
			}
			record, err := flow.Begin(t.Context(), onboard.BeginRequest{
				Tenant: "acme", Callback: signup.Callback{Code: done.Code},
				Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
			})
			if err == nil {
				record, err = flow.Run(t.Context(), record.ID)
			}
			if err != nil {
				t.Error(err)
			}
			return record
		}
		// What one of them needs by itself.
		began := time.Now()
		require.Equal(t, onboard.StateDone, take().State)
		alone, calls := time.Since(began), len(b.server.Calls())

		began = time.Now()
		var wg sync.WaitGroup
		todo := make(chan struct{})
		for range width {
			wg.Go(func() {
				for range todo {
					if record := take(); record.State != onboard.StateDone {
						t.Errorf("%s: %+v", record.State, record.Steps)
					}
				}
			})
		}
		for range signups {
			todo <- struct{}{}
		}
		close(todo)
		wg.Wait()
		took := time.Since(began)
		remove()
		needed := alone * signups / width
		all := len(b.server.Calls()) - calls
		t.Logf("one signup: %d calls, %v; %d signups, %d at once: %v, %d calls, %.2f times what they need",
			calls, alone, signups, width, took, all, float64(took)/float64(needed))
		require.LessOrEqual(t, float64(took), 1.2*float64(needed))
		require.Equal(t, signups*calls, all, "no call more than one signup makes by itself")

		live := 0
		for _, a := range b.server.Allocations() {
			if !a.Deleted {
				live++
				require.LessOrEqual(t, len(a.WABAs), 2)
			}
		}
		require.Equal(t, signups+1+2, live, "one for each client, and those that the world began with")
	})
}

// Counts the round trips of 50 ms that one onboarding takes in sequence, and its calls.
func TestFlow_SevenRoundTripsInSequence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const roundTrip = 50 * time.Millisecond
		b := newBench(t)
		b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: roundTrip} })
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		began := time.Now()
		record, err := flow.Begin(t.Context(), start)
		require.NoError(t, err)
		record, err = flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.EqualValues(t, "done", record.State, "%+v", record.Steps)
		depth := int(time.Since(began) / roundTrip)
		for _, c := range b.server.Calls() {
			t.Log(c.Time.Sub(began)/roundTrip, c.Method, c.Route)
		}
		t.Logf("%d round trips in sequence, %d calls", depth, len(b.server.Calls()))
		require.LessOrEqual(t, depth, 7)
	})
}
