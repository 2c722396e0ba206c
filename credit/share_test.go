package credit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// harbour is the world's client without credit, and its account.
func harbour(w graphtest.World) credit.ShareRequest {
	return credit.ShareRequest{Line: w.CreditLine, WABA: w.ClientWABAs[1], Business: w.WithoutCredit, Currency: "GBP"}
}

// Sharing makes one allocation, attaches the account, and changes nothing when
// it is called again.
func TestShare(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t, opts...)
			share, err := lines.Share(t.Context(), harbour(w))
			require.NoError(t, err)
			require.Equal(t, credit.ActionShared, share.Action)
			require.True(t, share.Attached)
			require.True(t, share.HistoryUnknown)
			require.Equal(t, w.WithoutCredit, share.Business)
			truth := live(server, w.WithoutCredit)
			require.Len(t, truth, 1)
			require.Equal(t, truth[0].ID, share.Allocation.ID)
			require.Equal(t, []wagraph.WABAID{w.ClientWABAs[1]}, truth[0].WABAs)
			funding, currency := server.Funding(w.ClientWABAs[1])
			require.Equal(t, share.Allocation.Credential.ID, funding)
			require.Equal(t, "GBP", currency)

			again, err := lines.Share(t.Context(), harbour(w))
			require.NoError(t, err)
			require.Equal(t, credit.ActionNone, again.Action)
			require.Equal(t, share.Allocation, again.Allocation)
			require.Equal(t, 1, posts(server))

			// The next account of the same client is attached to what there is.
			next, err := server.AddWABA(w.WithoutCredit, "Harbour Events")
			require.NoError(t, err)
			request := harbour(w)
			request.WABA, request.Business = next, "" // the owner is read
			second, err := lines.Share(t.Context(), request)
			require.NoError(t, err)
			require.Equal(t, credit.ActionAttached, second.Action)
			require.Equal(t, share.Allocation.ID, second.Allocation.ID)
			require.Equal(t, w.WithoutCredit, second.Business)
			require.Equal(t, []wagraph.WABAID{w.ClientWABAs[1], next}, live(server, w.WithoutCredit)[0].WABAs)
		})
	}
}

// Whatever happens on the way, there is at most one allocation, each account is
// attached once, and nothing is sent again that may have been processed.
func TestShareThroughFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		posts int
		want  credit.Action
	}{
		"the answer is lost":       {postShare, graphtest.Fault{LoseReply: true}, 1, credit.ActionRecovered},
		"the answer is cut off":    {postShare, graphtest.Fault{CutBody: 9}, 1, credit.ActionRecovered},
		"a gateway's 502":          {postShare, graphtest.Fault{After: true, Status: 502, Body: []byte("<html>")}, 1, credit.ActionRecovered},
		"Meta's code 1":            {postShare, graphtest.Fault{After: true, Code: 1}, 1, credit.ActionRecovered},
		"Meta's code 2":            {postShare, graphtest.Fault{After: true, Code: 2, Transient: true}, 1, credit.ActionRecovered},
		"no JSON":                  {postShare, graphtest.Fault{After: true, Body: []byte("OK")}, 1, credit.ActionRecovered},
		"nothing":                  {postShare, graphtest.Fault{After: true, Body: []byte(" ")}, 1, credit.ActionRecovered},
		"a throttle":               {postShare, graphtest.Fault{Code: 80008}, 2, credit.ActionShared},
		"a look that is lost":      {getAllocations, graphtest.Fault{LoseReply: true}, 1, credit.ActionShared},
		"a look that is cut off":   {getAccount, graphtest.Fault{CutBody: 4}, 1, credit.ActionShared},
		"a look that is refused":   {getAccount, graphtest.Fault{Code: 2}, 1, credit.ActionShared},
		"a look that is HTML":      {getAllocations, graphtest.Fault{Status: 503, Body: []byte("<html>")}, 1, credit.ActionShared},
		"a look that is throttled": {getAllocations, graphtest.Fault{Code: 4}, 1, credit.ActionShared},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := start(t)
				server.Once(tt.route, tt.fault)
				share, err := lines.Share(t.Context(), harbour(w))
				require.NoError(t, err)
				require.Equal(t, tt.want, share.Action)
				require.Equal(t, tt.posts, posts(server))
				require.Len(t, live(server, w.WithoutCredit), 1)
				require.Equal(t, []wagraph.WABAID{w.ClientWABAs[1]}, live(server, w.WithoutCredit)[0].WABAs)
			})
		})
	}
}

// A call that was cut off and took no effect is an unknown outcome, never a
// second bill; the next run finds out and goes on.
func TestShareThatDidNotHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		server.Once(postShare, graphtest.Fault{ResetBefore: true})
		start := time.Now()
		_, err := lines.Share(t.Context(), harbour(w))
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.ErrorIs(t, err, wagraph.ErrOutcomeUnknown)
		require.Equal(t, 7*time.Second, time.Since(start), "it looked for a while")
		require.Equal(t, 1, posts(server))
		require.Empty(t, live(server, w.WithoutCredit))

		share, err := lines.Share(t.Context(), harbour(w))
		require.NoError(t, err)
		require.Equal(t, credit.ActionShared, share.Action)
		require.Len(t, live(server, w.WithoutCredit), 1)
	})
}

// Meta may take a moment to show a share.
func TestShareThatShowsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for looks, attached := range map[int]bool{2: true, 4: true, 6: false} {
			server, w, lines := start(t)
			n := 0
			server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
				if n++; n > looks {
					return nil
				}
				return &graphtest.Fault{Body: []byte(`{"id":"` + string(w.ClientWABAs[1]) + `","primary_funding_id":"0","owner_business_info":{"id":"` + string(w.WithoutCredit) + `"}}`)}
			})
			share, err := lines.Share(t.Context(), harbour(w))
			require.Equal(t, attached, err == nil, "%d: %v", looks, err)
			require.Equal(t, attached, share.Attached)
			require.Equal(t, 1, posts(server))
			if err != nil {
				require.ErrorIs(t, err, credit.ErrNotAttached)
				require.NotEmpty(t, share.Allocation.ID, "the handle is there to verify it later")
			}
		}
	})
}

// Meta's 4000 says that the line is shared already. With the client's own token
// the account is then attached by itself.
func TestShareAlreadyShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
		require.NoError(t, err)
		another, err := server.AddWABA(w.WithCredit, "Nordwind Bahnen")
		require.NoError(t, err)
		request := credit.ShareRequest{Line: w.CreditLine, WABA: next, Business: w.WithCredit, Currency: "EUR"}
		server.Fail(postShare, 4000, 0)
		_, err = lines.Share(t.Context(), request)
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.ErrorIs(t, err, wagraph.Code(4000))

		server.Fail(postShare, 4000, 0)
		request.ClientToken = wagraph.SecretToken(tokenOf(t, server, w.WithCredit))
		share, err := lines.Share(t.Context(), request)
		require.NoError(t, err)
		require.Equal(t, credit.ActionAttached, share.Action)
		require.Equal(t, w.Allocation, share.Allocation.ID)
		require.Len(t, live(server, w.WithCredit), 1)

		// Its answer may be lost as well.
		request.WABA = another
		server.Fail(postShare, 4000, 0)
		server.LoseReply(postAttach)
		share, err = lines.Share(t.Context(), request)
		require.NoError(t, err)
		require.True(t, share.Attached)
		require.Equal(t, another, live(server, w.WithCredit)[0].WABAs[3])
		require.Len(t, live(server, w.WithCredit)[0].WABAs, 4, "each once")
	})
}

// What Meta refuses is the caller's to see, and nothing is billed.
func TestShareErrors(t *testing.T) {
	server, w, lines := start(t)
	request := harbour(w)
	request.Business = w.WithCredit
	_, err := lines.Share(t.Context(), request)
	require.ErrorIs(t, err, credit.ErrOtherOwner)

	request = harbour(w)
	request.Currency = "XXX"
	_, err = lines.Share(t.Context(), request)
	require.ErrorIs(t, err, wagraph.ErrInvalid)
	server.Fail(postShare, 200, 0)
	_, err = lines.Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, wagraph.ErrPermission)

	_, err = as(server, w.Employee.Token).Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, wagraph.ErrNotFound, "the employee does not see the account")
	require.NoError(t, server.Unshare(w.ClientWABAs[1]))
	_, err = lines.Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, wagraph.ErrNotFound)
	require.Equal(t, 2, posts(server))
	require.Empty(t, live(server, w.WithoutCredit))
}

// books are a caller's record of what was revoked.
type books struct {
	revoked bool
	err     error
	asked   int
}

func (b *books) Revoked(context.Context, wagraph.CreditLineID, wagraph.BusinessID) (bool, error) {
	b.asked++
	return b.revoked, b.err
}

// A line that was taken from a client is not given back by accident.
func TestShareAsksTheHistory(t *testing.T) {
	server, w, lines := start(t)
	request := harbour(w)
	request.History = &books{revoked: true}
	_, err := lines.Share(t.Context(), request)
	require.ErrorIs(t, err, credit.ErrRevoked)
	broken := errors.New("the database is down")
	request.History = &books{err: broken}
	_, err = lines.Share(t.Context(), request)
	require.ErrorIs(t, err, broken)
	require.Zero(t, posts(server))

	reinstated := &books{revoked: true}
	request.History, request.Reinstate = reinstated, true
	share, err := lines.Share(t.Context(), request)
	require.NoError(t, err)
	require.False(t, share.HistoryUnknown)
	require.Zero(t, reinstated.asked)

	// An allocation that exists is not made by this call.
	asked := &books{revoked: true}
	_, err = lines.Share(t.Context(), credit.ShareRequest{Line: w.CreditLine, WABA: w.ClientWABAs[3], Currency: "EUR", History: asked})
	require.NoError(t, err)
	require.Zero(t, asked.asked)
}

// Many calls may share the same account at once: one posts.
func TestShareConcurrently(t *testing.T) {
	server, w, lines := start(t)
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

// The context's end is an error at every place, and never a share without an
// allocation noted.
func TestShareWhenTheContextEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		kind  wagraph.Kind
	}{
		"while looking":    {getAccount, graphtest.Fault{Delay: time.Minute}, wagraph.ErrInterrupted},
		"while sharing":    {postShare, graphtest.Fault{Delay: time.Minute, After: true}, wagraph.ErrOutcomeUnknown},
		"while confirming": {postShare, graphtest.Fault{LoseReply: true, Delay: 4 * time.Second, After: true}, wagraph.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := start(t)
				server.Once(tt.route, tt.fault)
				if name == "while confirming" {
					server.Control(getAllocations, func(graphtest.Call) *graphtest.Fault {
						if posts(server) == 0 {
							return nil
						}
						return &graphtest.Fault{Body: []byte(`{"data":[]}`)}
					})
				}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				_, err := lines.Share(ctx, harbour(w))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.ErrorIs(t, err, tt.kind)
				require.LessOrEqual(t, posts(server), 1)
			})
		})
	}
}

// Attaching alone is a call of the client's, for a line that it shares.
func TestAttach(t *testing.T) {
	server, w, admin := start(t)
	next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
	require.NoError(t, err)
	another, err := server.AddWABA(w.WithCredit, "Nordwind Bahnen")
	require.NoError(t, err)
	client := clientOf(t, server, w.WithCredit)
	require.ErrorIs(t, admin.Attach(t.Context(), w.CreditLine, next, "EUR"), wagraph.ErrPermission)
	require.NoError(t, client.Attach(t.Context(), w.CreditLine, next, "EUR"))
	require.Contains(t, live(server, w.WithCredit)[0].WABAs, next)

	stranger := clientOf(t, server, w.WithoutCredit)
	require.ErrorIs(t, stranger.Attach(t.Context(), w.CreditLine, w.ClientWABAs[1], "GBP"), wagraph.ErrInvalid, "the line is not shared with it")

	server.LoseReply(postAttach)
	require.ErrorIs(t, client.Attach(t.Context(), w.CreditLine, another, "EUR"), wagraph.ErrOutcomeUnknown)
	require.Len(t, live(server, w.WithCredit)[0].WABAs, 4, "attached once")
}

func TestShareBadInput(t *testing.T) {
	server, w, lines := start(t)
	for field, change := range map[string]func(*credit.ShareRequest){
		"extended-credit-id": func(r *credit.ShareRequest) { r.Line = "" },
		"waba-id":            func(r *credit.ShareRequest) { r.WABA = "12x" },
		"business-id":        func(r *credit.ShareRequest) { r.Business = "Harbour" },
		"currency":           func(r *credit.ShareRequest) { r.Currency = "" },
	} {
		request := harbour(w)
		change(&request)
		_, err := lines.Share(t.Context(), request)
		refused(t, server, err, field)
	}
	for _, currency := range []string{"eur", "EURO", "E", "€€€", "EU1", strings.Repeat("E", 99)} {
		request := harbour(w)
		request.Currency = currency
		_, err := lines.Share(t.Context(), request)
		refused(t, server, err, "currency")
		refused(t, server, lines.Attach(t.Context(), w.CreditLine, w.ClientWABAs[0], currency), "currency")
	}
	refused(t, server, lines.Attach(t.Context(), w.CreditLine, "", "EUR"), "waba-id")
	refused(t, server, lines.Attach(t.Context(), "", w.ClientWABAs[0], "EUR"), "extended-credit-id")
}
