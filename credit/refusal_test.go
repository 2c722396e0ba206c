package credit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// An account that does not show its owner may be anybody's: nothing is posted,
// whomever the request names.
func TestShareWithoutAnOwner(t *testing.T) {
	for name, business := range map[string]wagraph.BusinessID{"named": "102290129340398", "to be read": ""} {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t)
			server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
				return &graphtest.Fault{Body: []byte(`{"id":"` + string(w.ClientWABAs[1]) + `"}`)}
			})
			request := harbour(w)
			request.Business = business
			_, err := lines.Share(t.Context(), request)
			require.ErrorIs(t, err, credit.ErrOwnerUnknown)
			require.Empty(t, wagraph.KindOf(err))
			require.ErrorContains(t, err, string(w.ClientWABAs[1]))
			require.Zero(t, posts(server))
		})
	}
}

// The answer to the post names the allocation, as a text or as a number. It is
// kept where reading does not confirm it, and missed by nobody where it is not
// there.
func TestShareKeepsTheHandle(t *testing.T) {
	for body, want := range map[string]wagraph.AllocationID{
		`{"allocation_config_id":"58501441721238","waba_id":"1"}`: "58501441721238",
		`{"allocation_config_id":58501441721238,"success":true}`:  "58501441721238",
		`{"success":true}`:             "",
		`true`:                         "",
		`{"allocation_config_id":[1]}`: "",
	} {
		t.Run(body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := start(t)
				server.Once(postShare, graphtest.Fault{Body: []byte(body)})
				share, err := lines.Share(t.Context(), harbour(w))
				require.ErrorIs(t, err, credit.ErrNotAttached)
				require.Equal(t, want, share.Allocation.ID)

				server.Once(postShare, graphtest.Fault{Body: []byte(body)})
				server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
					if posts(server) < 2 {
						return nil
					}
					return &graphtest.Fault{Code: 200}
				})
				share, err = lines.Share(t.Context(), harbour(w))
				require.ErrorIs(t, err, wagraph.ErrPermission)
				require.Equal(t, want, share.Allocation.ID, "the confirmation failed")
			})
		})
	}
}

// What an account is invoiced in stays. Asking for another currency is an error
// that says so, before a share and after one.
func TestShareInAnotherCurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		request := harbour(w)
		share, err := lines.Share(t.Context(), request)
		require.NoError(t, err, "the default currency of a new account is no obstacle")
		require.Equal(t, "GBP", share.Currency)

		request.Currency = "USD"
		share, err = lines.Share(t.Context(), request)
		require.ErrorIs(t, err, credit.ErrOtherCurrency)
		require.ErrorContains(t, err, "is invoiced in GBP, not in USD")
		require.Empty(t, wagraph.KindOf(err))
		require.Equal(t, "GBP", share.Currency)
		require.True(t, share.Attached)
		require.NotEmpty(t, share.Allocation.ID)
		require.Equal(t, 1, posts(server))

		// It shows after the post: the other one was made by somebody else.
		next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
		require.NoError(t, err)
		funding := live(server, w.WithCredit)[0].Funding
		server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
			if posts(server) < 2 {
				return nil
			}
			return &graphtest.Fault{Body: []byte(`{"id":"` + string(next) + `","currency":"INR","primary_funding_id":"` + string(funding) + `"}`)}
		})
		share, err = lines.Share(t.Context(), credit.ShareRequest{Line: w.CreditLine, WABA: next, Business: w.WithCredit, Currency: "EUR"})
		require.ErrorIs(t, err, credit.ErrOtherCurrency)
		require.NotErrorIs(t, err, credit.ErrNotAttached)
		require.Equal(t, "INR", share.Currency)
		require.True(t, share.Attached)
	})
}

// What Meta refused is not on its way: one look, no wait.
func TestShareAlreadySharedIsLookedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
		require.NoError(t, err)
		server.Fail(postShare, 4000, 0)
		begin := time.Now()
		share, err := lines.Share(t.Context(), credit.ShareRequest{Line: w.CreditLine, WABA: next, Business: w.WithCredit, Currency: "EUR"})
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.ErrorIs(t, err, wagraph.Code(4000))
		require.Equal(t, w.Allocation, share.Allocation.ID)
		require.Less(t, time.Since(begin), time.Second)
		looks := 0
		for _, call := range server.Calls() {
			if call.Method+" "+call.Route == getAccount {
				looks++
			}
		}
		require.Equal(t, 2, looks, "before and after")
	})
}

// One mistake is told at a time.
func TestShareTellsOneMistake(t *testing.T) {
	server, _, lines := start(t)
	_, err := lines.Share(t.Context(), credit.ShareRequest{})
	refused(t, server, err, "extended-credit-id")
	require.NotContains(t, err.Error(), "\n")
}
