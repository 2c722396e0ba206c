package credit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// harbour is a share for the client without credit, Harbour Books.
func harbour(w graphtest.World) credit.ShareRequest {
	return credit.ShareRequest{Line: w.CreditLine, WABA: w.ClientWABAs[1], Business: w.WithoutCredit, Currency: "GBP"}
}

// nextOfNordwind is a share for a further account of Nordwind Reisen, the client that
// the line is shared with.
func nextOfNordwind(t *testing.T, server *graphtest.Server, w graphtest.World) credit.ShareRequest {
	t.Helper()
	next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
	require.NoError(t, err)
	return credit.ShareRequest{Line: w.CreditLine, WABA: next, Business: w.WithCredit, Currency: "EUR"}
}

// Sharing makes one allocation and attaches the account. A second call changes
// nothing.
func TestClient_Share(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New, opts...)
			share, err := lines.Share(t.Context(), harbour(w))
			require.NoError(t, err)
			require.Equal(t, credit.ActionShared, share.Action)
			require.True(t, share.Attached)
			require.True(t, share.HistoryUnknown)
			require.Equal(t, w.WithoutCredit, share.Business)
			truth := live(server, w.WithoutCredit)
			require.Len(t, truth, 1)
			require.Equal(t, truth[0].ID, share.Allocation.ID)
			require.Equal(t, []graph.WABAID{w.ClientWABAs[1]}, truth[0].WABAs)
			funding, currency := server.Funding(w.ClientWABAs[1])
			require.Equal(t, share.Allocation.Credential.ID, funding)
			require.Equal(t, "GBP", currency)

			again, err := lines.Share(t.Context(), harbour(w))
			require.NoError(t, err)
			require.Equal(t, credit.ActionNone, again.Action)
			require.Equal(t, share.Allocation, again.Allocation)
			require.Equal(t, 1, posts(server))

			// The next account of the same client is attached to the same allocation.
			next, err := server.AddWABA(w.WithoutCredit, "Harbour Events")
			require.NoError(t, err)
			request := harbour(w)
			request.WABA, request.Business = next, "" // the owner is read
			second, err := lines.Share(t.Context(), request)
			require.NoError(t, err)
			require.Equal(t, credit.ActionAttached, second.Action)
			require.Equal(t, share.Allocation.ID, second.Allocation.ID)
			require.Equal(t, w.WithoutCredit, second.Business)
			require.Equal(t, []graph.WABAID{w.ClientWABAs[1], next}, live(server, w.WithoutCredit)[0].WABAs)
		})
	}
}

// Code 4000 says that the line is shared already. With the client's own token the
// account is then attached alone.
func TestClient_ShareAlreadyShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		request := nextOfNordwind(t, server, w)
		another, err := server.AddWABA(w.WithCredit, "Nordwind Bahnen")
		require.NoError(t, err)
		server.Fail(postShare, 4000, 0)
		_, err = lines.Share(t.Context(), request)
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.ErrorIs(t, err, graph.Code(4000))

		server.Fail(postShare, 4000, 0)
		request.ClientToken = graph.SecretToken(sdktest.BusinessToken(t, server, w.WithCredit))
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

// The client's token is needed only after a code 4000. A wrong one is refused
// at the start of the call, before anything is billed.
func TestClient_ShareWrongClientToken(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	request := harbour(w)
	for says, source := range map[string]graph.TokenSource{
		"client token: the token contains a line break": graph.StaticToken("canary\n"),
		"client token: the token is empty":              graph.SecretToken(graph.Secret{}),
		"client token: the token source is nil":         graph.FromOAuth2(nil),
	} {
		request.ClientToken = source
		_, err := lines.Share(t.Context(), request)
		require.ErrorIs(t, err, graph.ErrInput)
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), "canary")
	}
	require.Empty(t, server.Calls())
}

// The caller sees the errors of Meta, and nothing is billed.
func TestClient_ShareErrors(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	request := harbour(w)
	request.Business = w.WithCredit
	_, err := lines.Share(t.Context(), request)
	require.ErrorIs(t, err, credit.ErrOtherOwner)

	request = harbour(w)
	request.Currency = "XXX"
	_, err = lines.Share(t.Context(), request)
	require.ErrorIs(t, err, graph.ErrInvalid)
	server.Fail(postShare, 200, 0)
	_, err = lines.Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, graph.ErrPermission)

	_, err = sdktest.As(server, credit.New, w.Employee.Token).Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, graph.ErrNotFound, "the employee does not see the account")
	require.NoError(t, server.Unshare(w.ClientWABAs[1]))
	_, err = lines.Share(t.Context(), harbour(w))
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.Equal(t, 2, posts(server))
	require.Empty(t, live(server, w.WithoutCredit))
}

// A line that was revoked from a client is not shared with it again by mistake.
func TestClient_ShareAsksTheHistory(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
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

// books is the caller's record of revocations.
type books struct {
	revoked bool
	err     error
	asked   int
}

func (b *books) Revoked(context.Context, graph.CreditLineID, graph.BusinessID) (bool, error) {
	b.asked++
	return b.revoked, b.err
}

// Attaching alone is a call that the client makes, for a line that is shared with
// it.
func TestClient_Attach(t *testing.T) {
	server, w, admin := sdktest.Start(t, credit.New)
	next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
	require.NoError(t, err)
	another, err := server.AddWABA(w.WithCredit, "Nordwind Bahnen")
	require.NoError(t, err)
	client := sdktest.AsCustomer(t, server, credit.New, w.WithCredit)
	require.ErrorIs(t, admin.Attach(t.Context(), w.CreditLine, next, "EUR"), graph.ErrPermission)
	require.NoError(t, client.Attach(t.Context(), w.CreditLine, next, "EUR"))
	require.Contains(t, live(server, w.WithCredit)[0].WABAs, next)

	stranger := sdktest.AsCustomer(t, server, credit.New, w.WithoutCredit)
	require.ErrorIs(t, stranger.Attach(t.Context(), w.CreditLine, w.ClientWABAs[1], "GBP"), graph.ErrInvalid, "the line is not shared with it")

	server.LoseReply(postAttach)
	require.ErrorIs(t, client.Attach(t.Context(), w.CreditLine, another, "EUR"), graph.ErrOutcomeUnknown)
	require.Len(t, live(server, w.WithCredit)[0].WABAs, 4, "attached once")
}

func TestClient_ShareBadInput(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	for field, change := range map[string]func(*credit.ShareRequest){
		"extended-credit-id": func(r *credit.ShareRequest) { r.Line = "" },
		"waba-id":            func(r *credit.ShareRequest) { r.WABA = "12x" },
		"business-id":        func(r *credit.ShareRequest) { r.Business = "Harbour" },
		"currency":           func(r *credit.ShareRequest) { r.Currency = "" },
	} {
		request := harbour(w)
		change(&request)
		_, err := lines.Share(t.Context(), request)
		sdktest.RequireRefused(t, server, err, field)
	}
	for _, currency := range []string{"eur", "EURO", "E", "€€€", "EU1", strings.Repeat("E", 99)} {
		request := harbour(w)
		request.Currency = currency
		_, err := lines.Share(t.Context(), request)
		sdktest.RequireRefused(t, server, err, "currency")
		sdktest.RequireRefused(t, server, lines.Attach(t.Context(), w.CreditLine, w.ClientWABAs[0], currency), "currency")
	}
	sdktest.RequireRefused(t, server, lines.Attach(t.Context(), w.CreditLine, "", "EUR"), "waba-id")
	sdktest.RequireRefused(t, server, lines.Attach(t.Context(), "", w.ClientWABAs[0], "EUR"), "extended-credit-id")
}

// An error names one mistake at a time.
func TestClient_ShareNamesOneMistake(t *testing.T) {
	server, _, lines := sdktest.Start(t, credit.New)
	_, err := lines.Share(t.Context(), credit.ShareRequest{})
	sdktest.RequireRefused(t, server, err, "extended-credit-id")
	require.NotContains(t, err.Error(), "\n")
}

// historyFunc is a History that is a function.
type historyFunc func() (bool, error)

func (f historyFunc) Revoked(context.Context, graph.CreditLineID, graph.BusinessID) (bool, error) {
	return f()
}

// A panic in the History ends the call with an error, before anything is posted,
// and the next call is not kept waiting.
func TestClient_ShareWithAPanickingHistory(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	request := harbour(w)
	request.History = historyFunc(func() (bool, error) { panic("no database") })
	for range 2 {
		_, err := lines.Share(t.Context(), request)
		require.ErrorIs(t, err, graph.ErrPanicked)
		require.ErrorContains(t, err, "credit.History.Revoked panicked: no database")
	}
	require.Zero(t, posts(server))
}

func TestCheckCurrency(t *testing.T) {
	require.NoError(t, credit.CheckCurrency("EUR"))
	for _, code := range []string{"", "eur", "EURO", "EU", "E1R", "€€€"} {
		sdktest.RequireInputError(t, credit.CheckCurrency(code), "currency")
	}
}
