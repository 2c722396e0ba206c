package credit_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// Two shares of the same account at the same time are one post: the second waits,
// and reads what the first has done, with and without the business in its request.
func TestClient_ShareWaitsForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		server.Once(postShare, graphtest.Fault{Delay: 3 * time.Second})
		actions := make([]credit.Action, 6)
		var wg sync.WaitGroup
		for i := range actions {
			wg.Go(func() {
				request := harbour(w)
				if i%2 == 1 {
					request.Business = ""
				}
				share, err := lines.Share(t.Context(), request)
				require.NoError(t, err)
				actions[i] = share.Action
			})
		}
		wg.Wait()
		require.Equal(t, 1, posts(server))
		count := map[credit.Action]int{}
		for _, action := range actions {
			count[action]++
		}
		require.Equal(t, map[credit.Action]int{credit.ActionShared: 1, credit.ActionNone: 5}, count)
	})
}

// A share that waits for another one ends with its context. A share for another
// client does not wait. After a share that failed, the next one goes on.
func TestClient_ShareThatStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		next := nextOfNordwind(t, server, w)
		server.Once(postShare, graphtest.Fault{Delay: 5 * time.Second, Code: 200})
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := lines.Share(t.Context(), harbour(w))
			require.Error(t, err)
		})
		synctest.Wait() // it posts

		begin := time.Now()
		_, err := lines.Share(t.Context(), next)
		require.NoError(t, err)
		require.Less(t, time.Since(begin), time.Second)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = lines.Share(ctx, harbour(w))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
		require.ErrorContains(t, err, "waiting for another share of line "+string(w.CreditLine))
		require.Equal(t, 2, posts(server), "the two that did not wait")
		wg.Wait()

		share, err := lines.Share(t.Context(), harbour(w))
		require.NoError(t, err)
		require.Equal(t, credit.ActionShared, share.Action)
	})
}

// Many calls may share the same account at the same time: one of them posts.
func TestClient_ShareConcurrently(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = lines.Share(t.Context(), harbour(w)) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Equal(t, 1, posts(server))
	require.Len(t, live(server, w.WithoutCredit), 1)
}
