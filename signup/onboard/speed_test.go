package onboard_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// TestAThousandSignups takes 64 at once through an onboarding, at a round trip of
// 50 ms: nothing may hold one up but its own calls.
func TestAThousandSignups(t *testing.T) {
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
