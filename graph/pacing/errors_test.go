package pacing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// TestWaitError_Error compares the texts.
func TestWaitError_Error(t *testing.T) {
	for want, err := range map[string]pacing.WaitError{
		"pacing: the quota of 102290129340398 is used (196 of 200 calls): a call can be sent in 31m0s, which is longer than this one may wait": {
			Asset: "102290129340398", Reason: pacing.LimitReached, Wait: 31 * time.Minute, Used: 196, Limit: 200},
		"pacing: the quota of 7 is nearly used (150 of 200 calls), so calls are spaced: this call could be sent in 17.5s, which is longer than it may wait": {
			Asset: "7", Reason: pacing.Spacing, Wait: 17500 * time.Millisecond, Used: 150, Limit: 200},
		"pacing: Meta blocks the app's quota for another 4m0s, which is longer than the call may wait": {
			Reason: pacing.Block, Wait: 4 * time.Minute},
	} {
		require.EqualError(t, &err, want)
		require.Equal(t, graph.ErrThrottled, graph.KindOf(&err))
		require.Equal(t, err.Wait, err.RetryAfter())
	}
	require.Zero(t, (*pacing.WaitError)(nil).RetryAfter())
}
