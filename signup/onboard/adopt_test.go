package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func (b *bench) adoption(t testing.TB, done graphtest.SignupResult) onboard.AdoptRequest {
	t.Helper()
	return onboard.AdoptRequest{Tenant: "acme", Token: mustToken(t, b, done.Business), WABAs: done.WABAs, Business: done.Business}
}

func TestFlow_Adopt(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{WABAs: 2})
		require.NoError(t, b.server.SetNumberStatus(done.Numbers[0], "CONNECTED"))
		record, err := flow.Adopt(t.Context(), b.adoption(t, done))
		require.NoError(t, err)
		require.Equal(t, onboard.StateRunning, record.State)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, signup.VariantAdopted, record.Variant)
		require.Len(t, record.Accounts, 2)
		require.Equal(t, onboard.StepDone, record.Step(onboard.StepRegister, string(done.Numbers[0])).State)
		require.Equal(t, onboard.StepSkipped, record.Step(onboard.StepRegister, string(done.Numbers[1])).State)
		for _, id := range done.Numbers {
			require.Zero(t, b.server.Registrations(id), "numbers are not registered again")
		}

		again, err := flow.Adopt(t.Context(), b.adoption(t, done))
		require.NoError(t, err)
		require.Equal(t, record, again)

		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		adoption := b.adoption(t, done)
		adoption.Reinstate = true
		back, err := flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.NotEqual(t, record.ID, back.ID, "a client who was let go can be adopted again")
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, back).State)
		again, err = flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.Equal(t, back.ID, again.ID)
	})
}

func TestFlow_Adopt_RefusesTheTokenOfAnotherClient(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, _ := b.client(t, graphtest.SignupOptions{})
		other, _ := b.client(t, graphtest.SignupOptions{})
		adoption := b.adoption(t, done)
		adoption.Token = mustToken(t, b, other.Business)
		record, err := flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateFailed, record.State)
		require.Contains(t, record.Step(onboard.StepConfirm, "").Reason, "was not granted")
		require.Empty(t, record.Accounts)
	})
}

// The vault fails while the client is adopted, and a worker runs the record meanwhile.
// The caller adopts the client again.
func TestFlow_Adopt_AgainAfterTheVaultWasDown(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		broken := &brokenVault{Vault: b.vault, broken: true}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = broken })
		done, _ := b.client(t, graphtest.SignupOptions{})
		adoption := b.adoption(t, done)
		record, err := flow.Adopt(t.Context(), adoption)
		require.ErrorIs(t, err, errVault)
		broken.broken = false
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateFailed, record.State, "no worker has the token")
		again, err := flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.Equal(t, record.ID, again.ID)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, again).State, "%+v", again.Steps)
	})
}

// While a worker has the record, the token cannot be taken, and the caller learns that.
func TestFlow_Adopt_WhileAWorkerHasTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		broken := &brokenVault{Vault: b.vault, broken: true}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = broken })
		done, _ := b.client(t, graphtest.SignupOptions{})
		adoption := b.adoption(t, done)
		record, err := flow.Adopt(t.Context(), adoption)
		require.ErrorIs(t, err, errVault)
		broken.broken = false
		lease, err := b.store.Acquire(t.Context(), "worker", time.Minute, onboard.RecordObject(record.ID))
		require.NoError(t, err)
		_, err = flow.Adopt(t.Context(), adoption)
		require.ErrorIs(t, err, onboard.ErrBusy)
		require.NoError(t, b.store.Release(t.Context(), lease))
		record, err = flow.Adopt(t.Context(), adoption)
		require.NoError(t, err)
		require.True(t, record.TokenKept)
	})
}
