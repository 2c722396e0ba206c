package credit_test

import (
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// recordsOf yields records of the partner.
func recordsOf(entries ...credit.Expected) iter.Seq2[credit.Expected, error] {
	return func(yield func(credit.Expected, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// correctRecords returns the simulator's allocations, as correct records have them.
func correctRecords(server *graphtest.Server) []credit.Expected {
	var entries []credit.Expected
	for _, a := range server.Allocations() {
		entries = append(entries, credit.Expected{Business: a.Business, Allocation: a.ID})
	}
	return entries
}

func TestClient_Inventory(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	right := correctRecords(server)
	require.Len(t, right, 2)
	request := credit.InventoryRequest{Line: w.CreditLine, Partner: w.Business, Expected: recordsOf(right...)}
	got, err := lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, credit.InventoryResult{Matched: 2}, got)
	require.True(t, got.Clean())

	// A client that the records have and Meta has not, one of which they have
	// another allocation, and one that they do not have.
	request.Expected = recordsOf(
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
	request.Expected = recordsOf(right...)
	got, err = lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, credit.InventoryResult{Matched: 2, Unattached: []credit.Unattached{{WABA: next, Business: w.WithCredit, Allocation: w.Allocation}}}, got)

	request.Partner = ""
	got, err = lines.Inventory(t.Context(), request)
	require.NoError(t, err)
	require.True(t, got.Clean(), "without the partner accounts are not looked at")
	for _, call := range server.Calls() {
		require.Equal(t, "GET", call.Method, "it changes nothing")
	}
}

// A line with many allocations is read page by page, and each page is reported.
func TestClient_InventoryOfManyClients(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New, graphtest.WithClients(400, 0))
	var progress []int
	got, err := lines.Inventory(t.Context(), credit.InventoryRequest{
		Line: w.CreditLine, Partner: w.Business, Expected: recordsOf(correctRecords(server)...),
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

// A client has two live allocations: the one in the records is the right one, in
// either order.
func TestClient_InventoryDuplicates(t *testing.T) {
	a := `{"id":"11","receiving_business":{"id":"7"},"receiving_credential":{"id":"71"}}`
	b := `{"id":"12","receiving_business":{"id":"7"},"receiving_credential":{"id":"72"}}`
	gone := `{"id":"13","receiving_business":{"id":"7"},"request_status":"DELETED"}`
	for _, body := range []string{a + "," + b + "," + gone, gone + "," + b + "," + a} {
		lines := sdktest.Answering(t, credit.New, `{"data":[`+body+`]}`)
		got, err := lines.Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: recordsOf(credit.Expected{Business: "7", Allocation: "12"})})
		require.NoError(t, err)
		require.Equal(t, 1, got.Matched)
		require.Len(t, got.Duplicate, 1)
		require.Equal(t, graph.AllocationID("11"), got.Duplicate[0].ID)
		require.Empty(t, got.Missing)
		require.Empty(t, got.Orphaned)
	}
}

// The records may have several allocations of one client: each is compared.
func TestClient_InventoryOfAClientStoredTwice(t *testing.T) {
	const a, b = `{"id":"11","receiving_business":{"id":"7"}}`, `{"id":"12","receiving_business":{"id":"7"}}`
	noted := func(id graph.AllocationID) credit.Expected { return credit.Expected{Business: "7", Allocation: id} }
	records := recordsOf(noted("12"), noted("13"), noted("12"), noted("14"), noted(""))
	got, err := sdktest.Answering(t, credit.New, `{"data":[`+b+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: records})
	require.NoError(t, err)
	require.Equal(t, credit.InventoryResult{Matched: 1, Missing: []credit.Expected{noted("13"), noted("14")}}, got)

	got, err = sdktest.Answering(t, credit.New, `{"data":[`+a+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: records})
	require.NoError(t, err)
	require.Zero(t, got.Matched)
	require.Equal(t, []credit.Expected{noted("12"), noted("13"), noted("14")}, got.Missing)
	require.Len(t, got.Orphaned, 1)

	got, err = sdktest.Answering(t, credit.New, `{"data":[`+a+`,`+b+`]}`).Inventory(t.Context(), credit.InventoryRequest{Line: "1", Expected: recordsOf(noted("11"), noted("12"))})
	require.NoError(t, err)
	require.Equal(t, 2, got.Matched)
	require.Empty(t, got.Missing)
	require.Len(t, got.Duplicate, 1, "one client needs one")
	require.False(t, got.Clean())
}

func TestClient_InventoryErrors(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	broken := errors.New("the database is down")
	_, err := lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Expected: func(yield func(credit.Expected, error) bool) {
		yield(credit.Expected{}, broken)
	}})
	require.ErrorIs(t, err, broken)
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Expected: recordsOf(credit.Expected{Allocation: w.Allocation})})
	sdktest.RequireRefused(t, server, err, "business-id")
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: "x"})
	sdktest.RequireRefused(t, server, err, "extended-credit-id")
	_, err = sdktest.As(server, credit.New, w.Employee.Token).Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine})
	require.ErrorIs(t, err, graph.ErrPermission)
	_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Partner: "999999999999999"})
	require.ErrorIs(t, err, graph.ErrNotFound)
}

// A panic in the caller's functions ends the call with an error that names the
// function.
func TestClient_InventoryWithPanickingFunctions(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	_, err := lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Expected: func(func(credit.Expected, error) bool) { panic("no database") }})
	require.ErrorIs(t, err, graph.ErrPanicked)
	require.ErrorContains(t, err, "credit.InventoryRequest.Expected panicked: no database")
	require.Empty(t, server.Calls())
	for read := range 2 {
		calls := 0
		_, err = lines.Inventory(t.Context(), credit.InventoryRequest{Line: w.CreditLine, Partner: w.Business, Progress: func(int) {
			if calls++; calls > read {
				panic("no terminal")
			}
		}})
		require.ErrorIs(t, err, graph.ErrPanicked)
		require.ErrorContains(t, err, "credit.InventoryRequest.Progress panicked: no terminal")
	}
}
