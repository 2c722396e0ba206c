package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// The vault fails during the exchange. The token is fetched when it works again.
func TestFetchToken_AfterTheVaultWasDown(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		broken := &brokenVault{Vault: b.vault, broken: true}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = broken })
		done, start := b.client(t, graphtest.SignupOptions{})
		record, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, errVault)
		broken.broken = false
		time.Sleep(time.Hour)
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.True(t, record.TokenFetched)
		require.Equal(t, 1, b.server.Exchanges(done.Code))
	})
}

// The step fails after a day, and Resume continues it.
func TestFetchToken_AsksAPersonAfterADay(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.LoseReply("POST /oauth/access_token")
		remove := b.server.Control("POST /{business-id}/system_user_access_tokens", func(graphtest.Call) *graphtest.Fault {
			return &graphtest.Fault{Code: 2, Message: "Service temporarily unavailable"}
		})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.Equal(t, 30, record.Step(onboard.StepToken, "").Attempts)
		require.Greater(t, time.Since(record.Created), 12*time.Hour)
		remove()
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}
