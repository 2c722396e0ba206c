package credit_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// The clients that the line is shared with, page by page, without revoked
// allocations.
func TestClient_Allocations(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New, graphtest.WithClients(30, 0))
	list := sdktest.Collect(t, lines.Allocations(w.CreditLine, credit.Query{PageSize: 7, Prefetch: true}))
	var want []graph.AllocationID
	require.Len(t, list, 29, "nine in ten of the big world, and two")
	for _, a := range list {
		want = append(want, a.ID)
		require.NotEmpty(t, a.Receiver.ID)
		require.NotEmpty(t, a.Credential.ID)
		require.False(t, a.Deleted())
	}
	require.Contains(t, want, w.Allocation)
	require.NoError(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
	require.Len(t, sdktest.Collect(t, lines.Allocations(w.CreditLine, credit.Query{})), 28)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(want))), 29)
	require.NotEmpty(t, server.Allocations())
}

// One client's allocation, in each form of Meta's answer.
func TestClient_FindAllocation(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New, opts...)
			got, found, err := lines.FindAllocation(t.Context(), w.CreditLine, w.WithCredit)
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, w.Allocation, got.ID)
			require.Equal(t, w.WithCredit, got.Receiver.ID)
			require.Equal(t, live(server, w.WithCredit)[0].Funding, got.Credential.ID)

			got, found, err = lines.FindAllocation(t.Context(), w.CreditLine, w.WithoutCredit)
			require.NoError(t, err)
			require.False(t, found)
			require.Zero(t, got)

			single, err := lines.GetAllocation(t.Context(), w.Allocation)
			require.NoError(t, err)
			require.Equal(t, w.Allocation, single.ID)
			require.NoError(t, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation, EveryWABA: true}))
			_, found, err = lines.FindAllocation(t.Context(), w.CreditLine, w.WithCredit)
			require.NoError(t, err)
			require.False(t, found, "revoked")
			single, err = lines.GetAllocation(t.Context(), w.Allocation)
			require.NoError(t, err)
			require.True(t, single.Deleted())
		})
	}
}

// One client's allocation as Meta's guide prints it and as Meta's reference does:
// both are read alike.
func TestClient_FindAllocationAnswers(t *testing.T) {
	want := credit.Allocation{ID: "58501441721238", Receiver: graph.Business{ID: "2729063490586005", Name: "Wind & Wool"}}
	for name, body := range map[string]string{
		"the guide's bare object":     `{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}`,
		"the reference's list":        `{"data":[{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}],"paging":{"cursors":{"before":"a","after":"b"}}}`,
		"without paging":              `{"data":[{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}]}`,
		"a bare list":                 `[{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}]`,
		"ids as numbers":              `{"id":58501441721238,"receiving_business":{"name":"Wind & Wool","id":2729063490586005}}`,
		"behind one that was revoked": `{"data":[{"id":"1","receiving_business":{"id":"2729063490586005"},"request_status":"deleted"},{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}]}`,
		"behind another client's":     `{"data":[{"id":"2","receiving_business":{"id":"999"}},{"id":"58501441721238","receiving_business":{"name":"Wind & Wool","id":"2729063490586005"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, found, err := sdktest.Answering(t, credit.New, body).FindAllocation(t.Context(), "1", "2729063490586005")
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, want, got)
		})
	}
	for name, body := range map[string]string{
		"an empty list": `{"data":[]}`, "an empty object": `{}`, "an empty bare list": `[]`,
		"revoked": `{"id":"2","receiving_business":{"id":"2729063490586005"},"request_status":"DELETED"}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, found, err := sdktest.Answering(t, credit.New, body).FindAllocation(t.Context(), "1", "2729063490586005")
			require.NoError(t, err)
			require.False(t, found)
			require.Zero(t, got)
		})
	}
	for _, body := range []string{`{"success":true}`, `{"data":{}}`, `7`, `{"data":[{"id":{}}]}`, `<html>`} {
		_, found, err := sdktest.Answering(t, credit.New, body).FindAllocation(t.Context(), "1", "2729063490586005")
		require.ErrorIs(t, err, graph.ErrBadResponse, body)
		require.False(t, found)
	}
}

// An allocation by its id. Meta's sample of a revoked one has no id.
func TestAllocation_WireForms(t *testing.T) {
	for body, want := range map[string]credit.Allocation{
		`{"receiving_credential":{"id":"1972385232742147"},"id":"1972385232742146"}`:                           {ID: "1972385232742146", Credential: credit.Credential{ID: "1972385232742147"}},
		`{"receiving_credential":{"id":1972385232742147},"id":1972385232742146,"liability_type":"Normal"}`:     {ID: "1972385232742146", Credential: credit.Credential{ID: "1972385232742147"}},
		`{"receiving_business":{"name":"Wind & Wool","id":"2729063490586005"},"request_status":"DELETED"}`:     {Receiver: graph.Business{ID: "2729063490586005", Name: "Wind & Wool"}, RequestStatus: "DELETED"},
		`{"id":"1","request_status":"A_NEW_STATUS","receiving_credential":null,"receiving_business":null}`:     {ID: "1", RequestStatus: "A_NEW_STATUS"},
		`{"id":"1","currency_amount":{"amount":"0.00","amount_in_hundredths":"0","currency":"USD"},"x":[1,2]}`: {ID: "1"},
	} {
		var fields []string
		asked := want.ID
		if asked == "" { // Meta's sample has no id, and does not ask for it
			asked, fields = "1", []string{"receiving_business", "request_status"}
		}
		got, err := sdktest.Answering(t, credit.New, body).GetAllocation(t.Context(), asked, fields...)
		require.NoError(t, err, body)
		require.Equal(t, want, got)
		require.Equal(t, want.RequestStatus == "DELETED", got.Deleted())
	}
	require.True(t, credit.Allocation{RequestStatus: "Deleted"}.Deleted())
}

// An answer about other clients does not mean that the line is not shared with this
// one: that would share it again.
func TestClient_FindAllocationOfAnotherBusiness(t *testing.T) {
	const other, own = `{"id":"1","receiving_business":{"id":"17"}}`, `{"id":"2","receiving_business":{"id":"18"}}`
	for body, want := range map[string]graph.AllocationID{
		`{"data":[` + other + `]}`:             "",
		other:                                  "",
		`{"data":[` + other + `,` + own + `]}`: "2",
	} {
		got, found, err := sdktest.Answering(t, credit.New, body).FindAllocation(t.Context(), "5", "18")
		require.Equal(t, want, got.ID, body)
		require.Equal(t, want != "", found)
		if want == "" {
			require.Equal(t, graph.ErrBadResponse, graph.KindOf(err))
			require.ErrorContains(t, err, `"17"`)
			require.ErrorContains(t, err, `"18"`)
		}
	}
}
