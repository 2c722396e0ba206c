package credit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
)

// One client's allocation as Meta's guide prints it and as Meta's reference
// does: both are the same answer.
func TestAllocationForOnTheWire(t *testing.T) {
	want := credit.Allocation{ID: "58501441721238", Receiver: credit.Business{ID: "2729063490586005", Name: "Wind & Wool"}}
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
			got, found, err := answering(t, body).AllocationFor(t.Context(), "1", "2729063490586005")
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, want, got)
		})
	}
	for name, body := range map[string]string{
		"an empty list": `{"data":[]}`, "an empty object": `{}`, "an empty bare list": `[]`,
		"only another client's": `{"data":[{"id":"2","receiving_business":{"id":"999"}}]}`,
		"another client's bare": `{"id":"2","receiving_business":{"id":"999"}}`,
		"revoked":               `{"id":"2","receiving_business":{"id":"2729063490586005"},"request_status":"DELETED"}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, found, err := answering(t, body).AllocationFor(t.Context(), "1", "2729063490586005")
			require.NoError(t, err)
			require.False(t, found)
			require.Zero(t, got)
		})
	}
	for _, body := range []string{`{"success":true}`, `{"data":{}}`, `7`, `{"data":[{"id":{}}]}`, `<html>`} {
		_, found, err := answering(t, body).AllocationFor(t.Context(), "1", "2729063490586005")
		require.ErrorIs(t, err, wagraph.ErrBadResponse, body)
		require.False(t, found)
	}
}

// An allocation by its id: Meta's sample of a revoked one has no id.
func TestAllocationOnTheWire(t *testing.T) {
	for body, want := range map[string]credit.Allocation{
		`{"receiving_credential":{"id":"1972385232742147"},"id":"1972385232742146"}`:                           {ID: "1972385232742146", Credential: credit.Credential{ID: "1972385232742147"}},
		`{"receiving_credential":{"id":1972385232742147},"id":1972385232742146,"liability_type":"Normal"}`:     {ID: "1972385232742146", Credential: credit.Credential{ID: "1972385232742147"}},
		`{"receiving_business":{"name":"Wind & Wool","id":"2729063490586005"},"request_status":"DELETED"}`:     {Receiver: credit.Business{ID: "2729063490586005", Name: "Wind & Wool"}, RequestStatus: "DELETED"},
		`{"id":"1","request_status":"A_NEW_STATUS","receiving_credential":null,"receiving_business":null}`:     {ID: "1", RequestStatus: "A_NEW_STATUS"},
		`{"id":"1","currency_amount":{"amount":"0.00","amount_in_hundredths":"0","currency":"USD"},"x":[1,2]}`: {ID: "1"},
	} {
		got, err := answering(t, body).Allocation(t.Context(), "1")
		require.NoError(t, err, body)
		require.Equal(t, want, got)
		require.Equal(t, want.RequestStatus == "DELETED", got.Deleted())
	}
	require.True(t, credit.Allocation{RequestStatus: "Deleted"}.Deleted())
}

// Lines with and without their balances; amounts are texts and stay texts.
func TestLineOnTheWire(t *testing.T) {
	got := collect(t, answering(t, `{"data":[{"id":"1972385232742146","legal_entity_name":"Lucky Shrub"},{"id":1972385232742147},
		{"id":"3","balance":{"amount":"1,250.00","amount_in_hundredths":"125000","currency":"USD","offsetted_amount":"125000"},
		 "is_access_revoked":"true","owner_business":{"id":7,"name":"P"},"new":1}]}`).Lines("1", credit.Query{}))
	require.Equal(t, []credit.Line{
		{ID: "1972385232742146", LegalEntityName: "Lucky Shrub"},
		{ID: "1972385232742147"},
		{ID: "3", Balance: &credit.Amount{Amount: "1,250.00", Hundredths: "125000", Currency: "USD"}, AccessRevoked: true, OwnerBusiness: credit.Business{ID: "7", Name: "P"}},
	}, got)
}

// No funding is absent, null or "0", and none of them is a funding that an
// allocation without a credential could match.
func TestVerifyOnTheWire(t *testing.T) {
	for body, want := range map[string]credit.Verification{
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":"7"}`:  {Attached: true, Credential: "7", Funding: "7"},
		`{"id":"1","receiving_credential":{"id":7},"primary_funding_id":"7"}`:    {Attached: true, Credential: "7", Funding: "7"},
		`{"id":"1","receiving_credential":{"id":"7"}}`:                           {Credential: "7"},
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":null}`: {Credential: "7"},
		`{"id":"1"}`: {},
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":"7","request_status":"DELETED"}`: {Credential: "7", Funding: "7", Deleted: true},
	} {
		got, err := answering(t, body).Verify(t.Context(), "1", "2")
		require.NoError(t, err)
		require.Equal(t, want, got, body)
	}
	got, err := answering(t, `{"id":"1","receiving_credential":{"id":"0"},"primary_funding_id":"0"}`).Verify(t.Context(), "1", "2")
	require.NoError(t, err)
	require.False(t, got.Attached)
}
