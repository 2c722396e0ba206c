package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// The records that wait longest come first; one that a worker has is passed over.
func TestFlow_RunDue(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		var ids []string
		for range 5 {
			_, start := b.client(t, graphtest.SignupOptions{})
			ids = append(ids, begin(t, flow, start).ID)
			time.Sleep(time.Second)
		}
		backlog, err := b.store.Backlog(t.Context())
		require.NoError(t, err)
		require.Equal(t, onboard.Backlog{Due: 5, Oldest: 5 * time.Second}, backlog)

		_, err = b.store.Acquire(t.Context(), "another", time.Minute, onboard.RecordObject(ids[0]))
		require.NoError(t, err)
		records, err := flow.RunDue(t.Context(), 3)
		require.NoError(t, err)
		var ran []string
		for _, record := range records {
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			require.Zero(t, record.Holder)
			ran = append(ran, record.ID)
		}
		require.Equal(t, ids[1:4], ran)
		records, err = flow.RunDue(t.Context(), 3)
		require.NoError(t, err)
		require.Len(t, records, 1)
		require.Equal(t, ids[4], records[0].ID)
		time.Sleep(time.Minute) // the other worker died
		records, err = flow.RunDue(t.Context(), 3)
		require.NoError(t, err)
		require.Len(t, records, 1)
		require.Equal(t, ids[0], records[0].ID)
		records, err = flow.RunDue(t.Context(), 3)
		require.NoError(t, err)
		require.Empty(t, records)
		_, err = flow.RunDue(t.Context(), 0)
		requireField(t, err, "limit")
	})
}
