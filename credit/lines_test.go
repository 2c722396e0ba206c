package credit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// shapes returns the forms in which Meta answers the search for one client's
// allocation, and the two forms in which it writes ids.
func shapes() map[string][]graphtest.Option {
	return map[string][]graphtest.Option{
		"a list": nil, "a bare object": {graphtest.WithBareAllocation()},
		"a list, ids as numbers": {graphtest.WithNumericIDs()}, "a bare object, ids as numbers": {graphtest.WithBareAllocation(), graphtest.WithNumericIDs()},
	}
}

func TestClient_Lines(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New, opts...)
			list := sdktest.Collect(t, lines.Lines(w.Business, credit.Query{}))
			require.Equal(t, []credit.Line{{ID: w.CreditLine, LegalEntityName: "Relay Communications GmbH"}}, list)
			require.Equal(t, "id,legal_entity_name", server.Calls()[0].Query.Get("fields"))

			line, err := lines.GetLine(t.Context(), w.CreditLine)
			require.NoError(t, err)
			require.Equal(t, w.CreditLine, line.ID)
			require.Equal(t, w.Business, line.OwnerBusiness.ID)
			require.Equal(t, &credit.Amount{Amount: "50000.00", Hundredths: "5000000", Currency: "EUR"}, line.MaxBalance)
			require.NotNil(t, line.Balance)
			require.NotNil(t, line.Available)
			require.False(t, bool(line.AccessRevoked))

			full := sdktest.Collect(t, lines.Lines(w.Business, credit.Query{Fields: credit.LineFields(), PageSize: 1, Prefetch: true}))
			require.Equal(t, []credit.Line{line}, full)
		})
	}
}

// A user without a finance role gets an empty list of lines, and is refused
// everything else. So is the client's own token.
func TestClient_TokensThatSeeLines(t *testing.T) {
	server, w, _ := sdktest.Start(t, credit.New)
	client := sdktest.AsCustomer(t, server, credit.New, w.WithCredit)
	employee := sdktest.As(server, credit.New, w.Employee.Token)
	require.Empty(t, sdktest.Collect(t, employee.Lines(w.Business, credit.Query{})))
	for name, lines := range map[string]*credit.Client{"an employee": employee, "a client": client} {
		t.Run(name, func(t *testing.T) {
			_, err := lines.GetLine(t.Context(), w.CreditLine)
			require.ErrorIs(t, err, graph.ErrPermission)
			require.ErrorIs(t, sdktest.Failure(t, lines.Allocations(w.CreditLine, credit.Query{})), graph.ErrPermission)
			_, _, err = lines.FindAllocation(t.Context(), w.CreditLine, w.WithCredit)
			require.ErrorIs(t, err, graph.ErrPermission)
			_, err = lines.GetAllocation(t.Context(), w.Allocation)
			require.Contains(t, []graph.Kind{graph.ErrPermission, graph.ErrNotFound}, graph.KindOf(err))
			require.Error(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
			require.Len(t, live(server, w.WithCredit), 1)
		})
	}
	require.ErrorIs(t, sdktest.Failure(t, client.Lines(w.Business, credit.Query{})), graph.ErrNotFound)
}

func TestClient_ReadErrors(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	require.ErrorIs(t, sdktest.Failure(t, lines.Lines("999999999999999", credit.Query{})), graph.ErrNotFound)
	require.ErrorIs(t, sdktest.Failure(t, lines.Allocations("999999999999999", credit.Query{})), graph.ErrNotFound)
	_, err := lines.GetLine(t.Context(), "999999999999999")
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = lines.GetAllocation(t.Context(), "999999999999999")
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.NoError(t, server.RevokeToken(w.Admin.Token, 460))
	_, _, err = lines.FindAllocation(t.Context(), w.CreditLine, w.WithCredit)
	require.ErrorIs(t, err, graph.ErrAuth)
}

func TestClient_ReadBadInput(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	ctx := t.Context()
	_, noLine := lines.GetLine(ctx, "")
	_, noAllocation := lines.GetAllocation(ctx, "x")
	_, _, noBusiness := lines.FindAllocation(ctx, w.CreditLine, "")
	_, _, badBusiness := lines.FindAllocation(ctx, w.CreditLine, "1,2")
	_, _, badLine := lines.FindAllocation(ctx, "x", w.WithCredit)
	for _, tt := range []struct {
		err   error
		field string
	}{
		{sdktest.Failure(t, lines.Lines("", credit.Query{})), "business-id"},
		{sdktest.Failure(t, lines.Lines(w.Business, credit.Query{PageSize: -1})), "page size"},
		{sdktest.Failure(t, lines.Lines(w.Business, credit.Query{PageSize: 101})), "page size"},
		{sdktest.Failure(t, lines.Allocations(w.CreditLine, credit.Query{PageSize: 101})), "page size"},
		{sdktest.Failure(t, lines.Allocations("", credit.Query{})), "extended-credit-id"},
		{noLine, "extended-credit-id"},
		{noAllocation, "allocation-config-id"},
		{noBusiness, "business-id"},
		{badBusiness, "business-id"},
		{badLine, "extended-credit-id"},
	} {
		sdktest.RequireRefused(t, server, tt.err, tt.field)
	}
}

// Lines with and without their balances. Amounts are strings and stay strings.
func TestLine_WireForms(t *testing.T) {
	got := sdktest.Collect(t, sdktest.Answering(t, credit.New, `{"data":[{"id":"1972385232742146","legal_entity_name":"Lucky Shrub"},{"id":1972385232742147},
		{"id":"3","balance":{"amount":"1,250.00","amount_in_hundredths":"125000","currency":"USD","offsetted_amount":"125000"},
		 "is_access_revoked":"true","owner_business":{"id":7,"name":"P"},"new":1}]}`).Lines("1", credit.Query{}))
	require.Equal(t, []credit.Line{
		{ID: "1972385232742146", LegalEntityName: "Lucky Shrub"},
		{ID: "1972385232742147"},
		{ID: "3", Balance: &credit.Amount{Amount: "1,250.00", Hundredths: "125000", Currency: "USD"}, AccessRevoked: true, OwnerBusiness: graph.Business{ID: "7", Name: "P"}},
	}, got)
}
