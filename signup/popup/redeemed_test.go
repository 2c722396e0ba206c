package popup_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func TestMemoryRedeemed_Limit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := popup.NewMemoryRedeemed(3)
		for i := range 3 {
			require.NoError(t, memory.Redeem(t.Context(), fmt.Sprint(i), time.Now().Add(time.Duration(3-i)*time.Minute)))
		}
		err := memory.Redeem(t.Context(), "4", time.Now().Add(time.Minute))
		require.ErrorIs(t, err, popup.ErrSessionsFull, "no session is forgotten before it expires")
		require.ErrorIs(t, memory.Redeem(t.Context(), "0", time.Now().Add(time.Minute)), popup.ErrSessionUsed)

		time.Sleep(time.Minute) // the third of them expires
		require.NoError(t, memory.Redeem(t.Context(), "4", time.Now().Add(time.Minute)))
		require.ErrorIs(t, memory.Redeem(t.Context(), "1", time.Now().Add(time.Minute)), popup.ErrSessionUsed)
		require.ErrorIs(t, memory.Redeem(t.Context(), "2", time.Now()), popup.ErrSessionExpired,
			"a session that expired after Verify is not redeemed a second time")

		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, memory.Redeem(canceled, "5", time.Now().Add(time.Minute)), context.Canceled)
	})
}

func TestMemoryRedeemed_ZeroValue(t *testing.T) {
	var memory popup.MemoryRedeemed
	expires := time.Now().Add(time.Hour)
	require.NoError(t, memory.Redeem(t.Context(), "1", expires))
	require.ErrorIs(t, memory.Redeem(t.Context(), "1", expires), popup.ErrSessionUsed)
}

func TestMemoryRedeemed_Nil(t *testing.T) {
	var (
		memory *popup.MemoryRedeemed
		none   context.Context
	)
	require.Equal(t, "redeemed", inputFieldOf(t, memory.Redeem(t.Context(), "1", time.Now())))
	require.Equal(t, "context", inputFieldOf(t, popup.NewMemoryRedeemed(0).Redeem(none, "1", time.Now())))
}
