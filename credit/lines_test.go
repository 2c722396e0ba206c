package credit_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// The shapes in which Meta answers the look-up of one client's allocation, and
// the two in which it writes ids.
func shapes() map[string][]graphtest.Option {
	return map[string][]graphtest.Option{
		"a list": nil, "a bare object": {graphtest.WithBareAllocation()},
		"a list, ids as numbers": {graphtest.WithNumericIDs()}, "a bare object, ids as numbers": {graphtest.WithBareAllocation(), graphtest.WithNumericIDs()},
	}
}

func TestLines(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t, opts...)
			list := collect(t, lines.Lines(w.Business, credit.Query{}))
			require.Equal(t, []credit.Line{{ID: w.CreditLine, LegalEntityName: "Relay Communications GmbH"}}, list)
			require.Equal(t, "id,legal_entity_name", server.Calls()[0].Query.Get("fields"))

			line, err := lines.Line(t.Context(), w.CreditLine)
			require.NoError(t, err)
			require.Equal(t, w.CreditLine, line.ID)
			require.Equal(t, w.Business, line.OwnerBusiness.ID)
			require.Equal(t, &credit.Amount{Amount: "50000.00", Hundredths: "5000000", Currency: "EUR"}, line.MaxBalance)
			require.NotNil(t, line.Balance)
			require.NotNil(t, line.Available)
			require.False(t, bool(line.AccessRevoked))

			full := collect(t, lines.Lines(w.Business, credit.Query{Fields: credit.LineFields(), PageSize: 1, Prefetch: true}))
			require.Equal(t, []credit.Line{line}, full)
		})
	}
}

// Whoever has no finance role gets an empty list of lines, and is refused
// everything else; so is the client's own token.
func TestWhoSeesLines(t *testing.T) {
	server, w, _ := start(t)
	client := clientOf(t, server, w.WithCredit)
	employee := as(server, w.Employee.Token)
	require.Empty(t, collect(t, employee.Lines(w.Business, credit.Query{})))
	for name, lines := range map[string]*credit.Client{"an employee": employee, "a client": client} {
		t.Run(name, func(t *testing.T) {
			_, err := lines.Line(t.Context(), w.CreditLine)
			require.ErrorIs(t, err, wagraph.ErrPermission)
			require.ErrorIs(t, failure(t, lines.Allocations(w.CreditLine, credit.Query{})), wagraph.ErrPermission)
			_, _, err = lines.AllocationFor(t.Context(), w.CreditLine, w.WithCredit)
			require.ErrorIs(t, err, wagraph.ErrPermission)
			_, err = lines.Allocation(t.Context(), w.Allocation)
			require.Contains(t, []wagraph.Kind{wagraph.ErrPermission, wagraph.ErrNotFound}, wagraph.KindOf(err))
			require.Error(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
			require.Len(t, live(server, w.WithCredit), 1)
		})
	}
	require.ErrorIs(t, failure(t, client.Lines(w.Business, credit.Query{})), wagraph.ErrNotFound)
}

// Whom the line is shared with, page by page, without those revoked.
func TestAllocations(t *testing.T) {
	server, w, lines := start(t, graphtest.WithClients(30, 0))
	list := collect(t, lines.Allocations(w.CreditLine, credit.Query{PageSize: 7, Prefetch: true}))
	var want []wagraph.AllocationID
	require.Len(t, list, 29, "nine in ten of the big world, and two")
	for _, a := range list {
		want = append(want, a.ID)
		require.NotEmpty(t, a.Receiver.ID)
		require.NotEmpty(t, a.Credential.ID)
		require.False(t, a.Deleted())
	}
	require.Contains(t, want, w.Allocation)
	require.NoError(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
	require.Len(t, collect(t, lines.Allocations(w.CreditLine, credit.Query{})), 28)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(want))), 29)
	require.NotEmpty(t, server.Allocations())
}

// One client's allocation, in whatever shape Meta answers.
func TestAllocationFor(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t, opts...)
			got, found, err := lines.AllocationFor(t.Context(), w.CreditLine, w.WithCredit)
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, w.Allocation, got.ID)
			require.Equal(t, w.WithCredit, got.Receiver.ID)
			require.Equal(t, live(server, w.WithCredit)[0].Funding, got.Credential.ID)

			got, found, err = lines.AllocationFor(t.Context(), w.CreditLine, w.WithoutCredit)
			require.NoError(t, err)
			require.False(t, found)
			require.Zero(t, got)

			single, err := lines.Allocation(t.Context(), w.Allocation)
			require.NoError(t, err)
			require.Equal(t, w.Allocation, single.ID)
			require.NoError(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
			_, found, err = lines.AllocationFor(t.Context(), w.CreditLine, w.WithCredit)
			require.NoError(t, err)
			require.False(t, found, "revoked")
			single, err = lines.Allocation(t.Context(), w.Allocation)
			require.NoError(t, err)
			require.True(t, single.Deleted())
		})
	}
}

func TestLinesErrors(t *testing.T) {
	server, w, lines := start(t)
	require.ErrorIs(t, failure(t, lines.Lines("999999999999999", credit.Query{})), wagraph.ErrNotFound)
	require.ErrorIs(t, failure(t, lines.Allocations("999999999999999", credit.Query{})), wagraph.ErrNotFound)
	_, err := lines.Line(t.Context(), "999999999999999")
	require.ErrorIs(t, err, wagraph.ErrNotFound)
	_, err = lines.Allocation(t.Context(), "999999999999999")
	require.ErrorIs(t, err, wagraph.ErrNotFound)
	require.NoError(t, server.RevokeToken(w.Admin.Token, 460))
	_, _, err = lines.AllocationFor(t.Context(), w.CreditLine, w.WithCredit)
	require.ErrorIs(t, err, wagraph.ErrAuth)
}

func TestLinesBadInput(t *testing.T) {
	server, w, lines := start(t)
	ctx := t.Context()
	_, noLine := lines.Line(ctx, "")
	_, noAllocation := lines.Allocation(ctx, "x")
	_, _, noBusiness := lines.AllocationFor(ctx, w.CreditLine, "")
	_, _, badBusiness := lines.AllocationFor(ctx, w.CreditLine, "1,2")
	_, _, badLine := lines.AllocationFor(ctx, "x", w.WithCredit)
	for _, tt := range []struct {
		err   error
		field string
	}{
		{failure(t, lines.Lines("", credit.Query{})), "business-id"},
		{failure(t, lines.Lines(w.Business, credit.Query{PageSize: -1})), "page size"},
		{failure(t, lines.Lines(w.Business, credit.Query{PageSize: 101})), "page size"},
		{failure(t, lines.Allocations(w.CreditLine, credit.Query{PageSize: 101})), "page size"},
		{failure(t, lines.Allocations("", credit.Query{})), "extended-credit-id"},
		{noLine, "extended-credit-id"},
		{noAllocation, "allocation-config-id"},
		{noBusiness, "business-id"},
		{badBusiness, "business-id"},
		{badLine, "extended-credit-id"},
	} {
		refused(t, server, tt.err, tt.field)
	}
}
