package onboard_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// A number that is registered again shows its approved new name. The PIN and the
// budget of registrations stay the same.
func TestFlow_Reregister(t *testing.T) {
	rename := func(t *testing.T, b *bench, id graph.PhoneNumberID) {
		t.Helper()
		require.NoError(t, b.server.RequestRename(id, "Another name"))
		require.NoError(t, b.server.ApproveName(id))
	}
	t.Run("when a new name is approved", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, record := b.onboarded(t, flow, graphtest.SignupOptions{Numbers: 2})
			calm, err := flow.Reregister(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, record, calm, "nothing is due")

			rename(t, b, done.Numbers[1])
			time.Sleep(time.Hour)
			record, err = flow.Reregister(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateDone, record.State)
			require.Nil(t, record.Step(onboard.StepReregister, string(done.Numbers[0])))
			require.Equal(t, onboard.StepDone, record.Step(onboard.StepReregister, string(done.Numbers[1])).State)
			require.Len(t, record.Number(done.Numbers[1]).Registrations, 2)
			require.Equal(t, 2, b.server.Registrations(done.Numbers[1]))
			require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
			number, _ := b.server.Number(done.Numbers[1])
			require.Equal(t, "Another name", number.VerifiedName)
			require.Empty(t, number.NewNameStatus)
			require.Empty(t, record.Number(done.Numbers[1]).Notes)
		})
	})
	t.Run("again for the next name", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
			for n := range 3 {
				rename(t, b, done.Numbers[0])
				var err error
				record, err = flow.Reregister(t.Context(), record.ID)
				require.NoError(t, err)
				require.Equal(t, 2+n, b.server.Registrations(done.Numbers[0]))
			}
		})
	})
	t.Run("when the answer is lost", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
			rename(t, b, done.Numbers[0])
			b.server.LoseReply(routeRegister)
			record, err := flow.Reregister(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateRunning, record.State)
			record = runToEnd(t, flow, record)
			require.Equal(t, onboard.StateDone, record.State)
			require.Equal(t, 2, b.server.Registrations(done.Numbers[0]), "looked before acting again")
		})
	})
	t.Run("without the PIN", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			done, _ := b.client(t, graphtest.SignupOptions{})
			require.NoError(t, b.server.SetNumberStatus(done.Numbers[0], "CONNECTED"))
			require.NoError(t, b.server.SetPIN(done.Numbers[0], graph.NewSecret("112233")))
			record, err := flow.Adopt(t.Context(), b.adoption(t, done))
			require.NoError(t, err)
			record = runToEnd(t, flow, record)
			require.Equal(t, onboard.StateDone, record.State)
			rename(t, b, done.Numbers[0])
			record, err = flow.Reregister(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateDone, record.State, "the number goes on under its old name")
			step := record.Step(onboard.StepReregister, string(done.Numbers[0]))
			require.Equal(t, onboard.StepFailed, step.State)
			require.Contains(t, step.Reason, "SetPIN")
			require.Zero(t, b.server.Registrations(done.Numbers[0]), "no PIN was made up for it")

			require.NoError(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret("112233")))
			record, err = flow.Reregister(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StepDone, record.Step(onboard.StepReregister, string(done.Numbers[0])).State)
		})
	})
	t.Run("not for who is not there", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t)
			_, start := b.client(t, graphtest.SignupOptions{})
			record := begin(t, flow, start)
			_, err := flow.Reregister(t.Context(), record.ID)
			requireField(t, err, "record")
			_, err = flow.Reregister(t.Context(), "none")
			require.ErrorIs(t, err, onboard.ErrNoRecord)
		})
	})
}

// Only one worker at a time may register the numbers again.
func TestFlow_Reregister_IsForOneWorker(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		require.NoError(t, b.server.RequestRename(done.Numbers[0], "Another name"))
		require.NoError(t, b.server.ApproveName(done.Numbers[0]))
		b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
		errs := make(chan error, 5)
		for range cap(errs) {
			worker := b.flow(t)
			go func() { _, err := worker.Reregister(t.Context(), record.ID); errs <- err }()
		}
		synctest.Wait()
		won := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				won++
			} else {
				require.ErrorIs(t, err, onboard.ErrBusy)
			}
		}
		require.Equal(t, 1, won)
		require.Equal(t, 2, b.server.Registrations(done.Numbers[0]))
	})
}

// Meta counts the registrations of the number, whichever record they are in. A PIN that an
// earlier version stored with another record is found.
func TestFlow_Reregister_LooksAtTheOtherRecords(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, first := b.onboarded(t, flow, graphtest.SignupOptions{})
		id := done.Numbers[0]
		second, err := flow.BeginShared(t.Context(), onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0]})
		require.NoError(t, err)
		second = runToEnd(t, flow, second)
		require.Equal(t, onboard.StateDone, second.State)
		now := vault.Ref{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(id)}
		old := vault.Ref{Tenant: "acme", Record: first.ID, Kind: vault.SecretPIN, Subject: string(id)}
		require.NoError(t, b.vault.Put(t.Context(), old, b.pin(t, id), time.Time{}))
		require.NoError(t, b.vault.Delete(t.Context(), now))

		sent := 1 // by the signup
		b.server.Control(routeRegister, func(graphtest.Call) *graphtest.Fault { sent++; return nil })
		for i := range 14 {
			time.Sleep(time.Minute)
			// Meta takes no further name while the number waits for its new one.
			if sent == i+1 {
				require.NoError(t, b.server.RequestRename(id, "Name "+string(rune('A'+i))))
				require.NoError(t, b.server.ApproveName(id))
			}
			_, err = flow.Reregister(t.Context(), []string{second.ID, first.ID}[i%2])
			require.NoError(t, err)
		}
		require.Equal(t, 9, sent)
		require.Equal(t, []vault.Ref{now}, b.secrets(t, vault.SecretPIN))
	})
}
