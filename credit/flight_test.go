package credit_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Two shares of the same account at once are one post: the second waits, and
// sees what the first has done, whether or not it was told whose account it is.
func TestShareWaitsForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
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

// Whoever waits may stop waiting; another client's share does not wait at all;
// and one that failed lets the next go on.
func TestShareThatStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
		require.NoError(t, err)
		server.Once(postShare, graphtest.Fault{Delay: 5 * time.Second, Code: 200})
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := lines.Share(t.Context(), harbour(w))
			require.Error(t, err)
		})
		synctest.Wait() // it posts

		begin := time.Now()
		_, err = lines.Share(t.Context(), credit.ShareRequest{Line: w.CreditLine, WABA: next, Business: w.WithCredit, Currency: "EUR"})
		require.NoError(t, err)
		require.Less(t, time.Since(begin), time.Second)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = lines.Share(ctx, harbour(w))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "waiting for another share of line "+string(w.CreditLine))
		require.Equal(t, 2, posts(server), "the two that did not wait")
		wg.Wait()

		share, err := lines.Share(t.Context(), harbour(w))
		require.NoError(t, err)
		require.Equal(t, credit.ActionShared, share.Action)
	})
}
