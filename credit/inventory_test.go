package credit_test

import (
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// bookOf yields what a partner's books say.
func bookOf(entries ...credit.Expected) iter.Seq2[credit.Expected, error] {
	return func(yield func(credit.Expected, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// The world's two allocations, as right books have them.
func rightBooks(server *graphtest.Server) []credit.Expected {
	var entries []credit.Expected
	for _, a := range server.Allocations() {
		entries = append(entries, credit.Expected{Business: a.Business, Allocation: a.ID})
	}
	return entries
}

func TestInventory(t *testing.T) {
	server, w, lines := start(t)
	right := rightBooks(server)
	require.Len(t, right, 2)
	request := credit.InventoryRequest{Line: w.CreditLine, Partner: w.Business, Expected: bookOf(right...)}
	got, err := lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, credit.Inventory{Matched: 2}, got)
	require.True(t, got.Clean())

	// A client that the books have and Meta has not, one of which they have
	// another allocation, and one that they do not have.
	request.Expected = bookOf(
		credit.Expected{Business: w.WithoutCredit, Allocation: "5854320000000001"},
		credit.Expected{Business: right[0].Business, Allocation: "5854320000000002"},
		credit.Expected{Business: "506914300000000"}, // nothing was shared with it
	)
	got, err = lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.Zero(t, got.Matched)
	require.Len(t, got.Missing, 2)
	require.Len(t, got.Orphaned, 2)
	require.Empty(t, got.Duplicate)
	require.False(t, got.Clean())

	// An account of a client with an allocation for which it does not pay.
	next, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
	require.NoError(t, err)
	request.Expected = bookOf(right...)
	got, err = lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, credit.Inventory{Matched: 2, Unattached: []credit.Unattached{{WABA: next, Business: w.WithCredit, Allocation: w.Allocation}}}, got)

	request.Partner = ""
	got, err = lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.True(t, got.Clean(), "without the partner accounts are not looked at")
	for _, call := range server.Calls() {
		require.Equal(t, "GET", call.Method, "it changes nothing")
	}
}

// A big line is read by the page, and each page is reported.
func TestInventoryOfManyClients(t *testing.T) {
	server, w, lines := start(t, graphtest.WithClients(400, 0))
	var progress []int
	got, err := lines.Inventory(t.Context(), credit.InventoryRequest{
		Line: w.CreditLine, Partner: w.Business, Expected: bookOf(rightBooks(server)...),
		Progress: func(read int) { progress = append(progress, read) },
	})
	require.NoError(t, err)
	require.Len(t, server.Calls(), 4+5, "362 allocations and 404 accounts by the hundred")
	require.Len(t, progress, 9)
	require.Equal(t, 362+404, progress[8])
	require.IsIncreasing(t, progress)
	require.Empty(t, got.Unattached)
	require.Len(t, got.Orphaned, 362-got.Matched)
}

// Two live allocations of one client: the one that the books have is the right
// one, whichever comes first.
func TestInventoryDuplicates(t *testing.T) {
	a := `{"id":"11","receiving_business":{"id":"7"},"receiving_credential":{"id":"71"}}`
	b := `{"id":"12","receiving_business":{"id":"7"},"receiving_credential":{"id":"72"}}`
	gone := `{"id":"13","receiving_business":{"id":"7"},"request_status":"DELETED"}`
	for _, body := range []string{a + "," + b + "," + gone, gone + "," + b + "," + a} {
		lines := answering(t, `{"data":[`+body+`]}`)
		got, err := lines.Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: bookOf(credit.Expected{Business: "7", Allocation: "12"})})
		require.NoError(t, err)
		require.Equal(t, 1, got.Matched)
		require.Len(t, got.Duplicate, 1)
		require.Equal(t, wagraph.AllocationID("11"), got.Duplicate[0].ID)
		require.Empty(t, got.Missing)
		require.Empty(t, got.Orphaned)
	}
}

// The books may have several allocations of one client: each is looked for.
func TestInventoryOfAClientNotedTwice(t *testing.T) {
	const a, b = `{"id":"11","receiving_business":{"id":"7"}}`, `{"id":"12","receiving_business":{"id":"7"}}`
	noted := func(id wagraph.AllocationID) credit.Expected { return credit.Expected{Business: "7", Allocation: id} }
	books := bookOf(noted("12"), noted("13"), noted("12"), noted("14"), noted(""))
	got, err := answering(t, `{"data":[`+b+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: books})
	require.NoError(t, err)
	require.Equal(t, credit.Inventory{Matched: 1, Missing: []credit.Expected{noted("13"), noted("14")}}, got)

	got, err = answering(t, `{"data":[`+a+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: books})
	require.NoError(t, err)
	require.Zero(t, got.Matched)
	require.Equal(t, []credit.Expected{noted("12"), noted("13"), noted("14")}, got.Missing)
	require.Len(t, got.Orphaned, 1)

	got, err = answering(t, `{"data":[`+a+`,`+b+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: bookOf(noted("11"), noted("12"))})
	require.NoError(t, err)
	require.Equal(t, 2, got.Matched)
	require.Empty(t, got.Missing)
	require.Len(t, got.Duplicate, 1, "one client needs one")
	require.False(t, got.Clean())
}

func TestInventoryErrors(t *testing.T) {
	server, w, lines := start(t)
	broken := errors.New("the database is down")
	_, err := lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Expected: func(yield func(credit.Expected, error) bool) {
		yield(credit.Expected{}, broken)
	}})
	require.ErrorIs(t, err, broken)
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Expected: bookOf(credit.Expected{Allocation: w.Allocation})})
	refused(t, server, err, "business-id")
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: "x"})
	refused(t, server, err, "extended-credit-id")
	_, err = as(server, w.Employee.Token).Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine})
	require.ErrorIs(t, err, wagraph.ErrPermission)
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Partner: "999999999999999"})
	require.ErrorIs(t, err, wagraph.ErrNotFound)
}
