package onboard_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func TestFlow_EraseTenant(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		_, other := b.client(t, graphtest.SignupOptions{})
		other.Tenant = "globex"
		kept := runToEnd(t, flow, begin(t, flow, other))

		_, err := flow.EraseTenant(t.Context(), "acme")
		requireField(t, err, "tenant")
		require.ErrorContains(t, err, record.ID)
		_, err = flow.EraseTenant(t.Context(), "")
		requireField(t, err, "tenant")
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		erased, err := flow.EraseTenant(t.Context(), "acme")
		require.NoError(t, err)
		require.Equal(t, onboard.EraseResult{Records: 1, Secrets: 1}, erased, "the PIN of the number")
		erased, err = flow.EraseTenant(t.Context(), "acme")
		require.NoError(t, err)
		require.Zero(t, erased)

		_, err = b.store.Get(t.Context(), record.ID)
		require.ErrorIs(t, err, onboard.ErrNoRecord)
		_, err = b.store.Get(t.Context(), kept.ID)
		require.NoError(t, err)
		for _, kind := range []vault.SecretKind{vault.SecretToken, vault.SecretPIN} {
			require.Len(t, b.secrets(t, kind), 1, "the other tenant's")
		}
	})
}

// With the records the revocation of the line is forgotten, as the doc comment says.
func TestFlow_EraseTenant_ForgetsTheRevocation(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		token := mustToken(t, b, done.Business)
		_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		_, err = flow.EraseTenant(t.Context(), "acme")
		require.NoError(t, err)
		back, err := flow.Adopt(t.Context(), onboard.AdoptRequest{Tenant: "acme", Token: token, WABAs: done.WABAs})
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, back).State)
		require.Len(t, b.living(done.Business), 1)
	})
}
