package waba_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func ids(accounts []waba.Account) []graph.WABAID {
	var list []graph.WABAID
	for _, a := range accounts {
		list = append(list, a.ID)
	}
	return list
}

// Owned lists the portfolio's own accounts and Clients those of its clients, the
// newest first.
func TestClient_OwnedAndClients(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{"ids as texts": nil, "ids as numbers": {graphtest.WithNumericIDs()}} {
		t.Run(name, func(t *testing.T) {
			_, w, accounts := sdktest.Start(t, waba.New, opts...)
			owned := sdktest.Collect(t, accounts.Owned(w.Business, waba.Query{}))
			require.Equal(t, w.OwnedWABAs, ids(owned))
			require.Equal(t, w.Business, owned[0].OwnerBusiness.ID)
			require.Equal(t, waba.OwnershipSelf, owned[0].OwnershipType)

			clients := sdktest.Collect(t, accounts.Clients(w.Business, waba.Query{}))
			require.Equal(t, w.ClientWABAs, ids(clients))
			require.Equal(t, waba.OwnershipClientOwned, clients[0].OwnershipType)
			require.Contains(t, w.ClientBusinesses, clients[0].OwnerBusiness.ID)
		})
	}
}

// Every field of the default list is read.
func TestClient_Get(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	got, err := accounts.Get(t.Context(), w.ClientWABAs[len(w.ClientWABAs)-1])
	require.NoError(t, err)
	require.Equal(t, w.ClientWABAs[len(w.ClientWABAs)-1], got.ID)
	require.Equal(t, "Nordwind Reisen", got.Name)
	require.Equal(t, "EUR", got.Currency)
	require.NotEmpty(t, got.TimezoneID)
	require.NotEmpty(t, got.TemplateNamespace)
	require.Equal(t, graph.Business{ID: w.WithCredit, Name: "Nordwind Reisen GmbH"}, got.OwnerBusiness)
	funding, _ := server.Funding(got.ID)
	require.Equal(t, funding, got.PrimaryFundingID)
	require.Equal(t, waba.ReviewApproved, got.ReviewStatus)
	require.True(t, got.VerificationStatus.Is(waba.VerificationVerified))
	require.Equal(t, "ACTIVE", got.Status)
	require.Equal(t, "DE", got.Country)
	require.WithinDuration(t, server.Now().Add(-390*24*time.Hour), got.CreationTime.Time, time.Minute)
	require.Equal(t, waba.DefaultFields().String(), sdktest.LastCall(t, server).Query.Get("fields"))

	short, err := accounts.Get(t.Context(), got.ID, "id", "currency")
	require.NoError(t, err)
	require.Equal(t, waba.Account{ID: got.ID, Currency: "EUR"}, short)

	require.NoError(t, server.SetReview(got.ID, "REJECTED", ""))
	again, err := accounts.Get(t.Context(), got.ID)
	require.NoError(t, err)
	require.Equal(t, waba.ReviewRejected, again.ReviewStatus)
}

// Lists can be sorted and filtered by creation time.
func TestQuery_OrderAndCreationTime(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	day := func(n int) time.Time { return server.Now().Add(-time.Duration(n) * 24 * time.Hour) }
	oldest := slices.Clone(w.ClientWABAs)
	slices.Reverse(oldest)
	for name, tt := range map[string]struct {
		query waba.Query
		want  []graph.WABAID
	}{
		"newest first":      {waba.Query{Order: waba.NewestFirst}, w.ClientWABAs},
		"oldest first":      {waba.Query{Order: waba.OldestFirst, PageSize: 1}, oldest},
		"created after":     {waba.Query{CreatedAfter: day(100)}, w.ClientWABAs[:2]},
		"created before":    {waba.Query{CreatedBefore: day(100), Prefetch: true}, w.ClientWABAs[2:]},
		"none in that time": {waba.Query{CreatedAfter: day(1)}, nil},
		"both":              {waba.Query{CreatedAfter: day(300), Order: waba.OldestFirst}, oldest[1:]},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, ids(sdktest.Collect(t, accounts.Clients(w.Business, tt.query))))
		})
	}
	sdktest.Collect(t, accounts.Owned(w.Business, waba.Query{CreatedAfter: time.Unix(1604962813, 999), Fields: graph.Fields{"id"}}))
	require.JSONEq(t, `[{"field":"creation_time","operator":"GREATER_THAN","value":"1604962813"}]`, sdktest.LastCall(t, server).Query.Get("filtering"))
	require.Equal(t, "id", sdktest.LastCall(t, server).Query.Get("fields"))
}

// An employee sees the accounts that it is assigned to, and a client's token the
// accounts that the client granted.
func TestClient_TokensSeeTheirAccounts(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	employee := sdktest.As(server, waba.New, w.Employee.Token)
	require.Empty(t, sdktest.Collect(t, employee.Clients(w.Business, waba.Query{})))
	_, err := employee.Get(t.Context(), w.ClientWABAs[1])
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.NoError(t, accounts.Assign(t.Context(), w.ClientWABAs[1], w.Employee.ID, waba.TaskViewCost))
	require.Equal(t, w.ClientWABAs[1:2], ids(sdktest.Collect(t, employee.Clients(w.Business, waba.Query{}))))
	_, err = employee.Get(t.Context(), w.ClientWABAs[1])
	require.NoError(t, err)

	done, err := server.Signup(graphtest.SignupOptions{WABAs: 2})
	require.NoError(t, err)
	client := sdktest.AsCustomer(t, server, waba.New, done.Business)
	got, err := client.Get(t.Context(), done.WABAs[0])
	require.NoError(t, err)
	require.Equal(t, done.Business, got.OwnerBusiness.ID)
	_, err = client.Get(t.Context(), w.ClientWABAs[0])
	require.ErrorIs(t, err, graph.ErrNotFound, "another client's")
}

// After the client stops sharing its account, every call answers that it does not
// exist. After the client shares it again, the account is back.
func TestClient_AfterTheClientStoppedSharing(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	id := w.ClientWABAs[0]
	require.NoError(t, server.Unshare(id))
	_, err := accounts.Get(t.Context(), id)
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.Equal(t, w.ClientWABAs[1:], ids(sdktest.Collect(t, accounts.Clients(w.Business, waba.Query{}))))
	require.ErrorIs(t, sdktest.Failure(t, accounts.Subscriptions(id)), graph.ErrNotFound)
	require.ErrorIs(t, sdktest.Failure(t, accounts.Users(id, w.Business, waba.UserQuery{})), graph.ErrNotFound)
	for _, err := range []error{
		accounts.Subscribe(t.Context(), id), accounts.Unsubscribe(t.Context(), id),
		accounts.Assign(t.Context(), id, w.Employee.ID, waba.TaskManage), accounts.Unassign(t.Context(), id, w.Employee.ID),
	} {
		require.ErrorIs(t, err, graph.ErrNotFound)
	}
	require.NoError(t, server.Reshare(id))
	require.Equal(t, w.ClientWABAs, ids(sdktest.Collect(t, accounts.Clients(w.Business, waba.Query{}))))
}

// Unknown portfolios, unknown fields and revoked tokens.
func TestClient_ReadErrors(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	require.ErrorIs(t, sdktest.Failure(t, accounts.Owned("999999999999999", waba.Query{})), graph.ErrNotFound)
	require.ErrorIs(t, sdktest.Failure(t, accounts.Clients(w.Business, waba.Query{Fields: graph.Fields{"id", "no_such_field"}})), graph.ErrInvalid)
	_, err := accounts.Get(t.Context(), w.ClientWABAs[0], "no_such_field")
	require.ErrorIs(t, err, graph.ErrInvalid)
	require.ErrorContains(t, err, "no_such_field")
	require.NoError(t, server.RevokeToken(w.Admin.Token, 463))
	require.ErrorIs(t, sdktest.Failure(t, accounts.Clients(w.Business, waba.Query{})), graph.ErrAuth)
	_, err = accounts.Get(t.Context(), w.ClientWABAs[0])
	require.ErrorIs(t, err, graph.Code(463))
}

// A wrong argument is refused before anything is sent, and the error names it.
func TestClient_AccountsBadInput(t *testing.T) {
	server, w, accounts := sdktest.Start(t, waba.New)
	now := time.Now()
	for _, tt := range []struct {
		list  *graph.List[waba.Account]
		field string
	}{
		{accounts.Owned("", waba.Query{}), "business-id"},
		{accounts.Clients("12345678901234567890123", waba.Query{}), "business-id"},
		{accounts.Clients("../me", waba.Query{}), "business-id"},
		{accounts.Clients(w.Business, waba.Query{PageSize: 101}), "page size"},
		{accounts.Clients(w.Business, waba.Query{PageSize: -1}), "page size"},
		{accounts.Clients(w.Business, waba.Query{CreatedAfter: now, CreatedBefore: now}), "created"},
		{accounts.Clients(w.Business, waba.Query{Order: "name"}), "order"},
	} {
		sdktest.RequireRefused(t, server, sdktest.Failure(t, tt.list), tt.field)
	}
	_, err := accounts.Get(t.Context(), "")
	sdktest.RequireRefused(t, server, err, "waba-id")
	_, err = accounts.Get(t.Context(), "1029384756102938?fields=x")
	sdktest.RequireRefused(t, server, err, "waba-id")
}
