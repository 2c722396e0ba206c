package credit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// Verify compares the funding source of the allocation with the one that pays.
func TestClient_Verify(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New, opts...)
			own := w.ClientWABAs[3]
			funding, _ := server.Funding(own)
			got, err := lines.Verify(t.Context(), w.Allocation, own)
			require.NoError(t, err)
			require.Equal(t, credit.VerifyResult{Attached: true, Credential: funding, Funding: funding}, got)

			got, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[1])
			require.NoError(t, err)
			require.Equal(t, credit.VerifyResult{Credential: funding}, got, "nothing pays for it")

			other, _ := server.Funding(w.ClientWABAs[0])
			got, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[0])
			require.NoError(t, err)
			require.Equal(t, credit.VerifyResult{Credential: funding, Funding: other}, got, "another client's allocation does")

			require.NoError(t, lines.Revoke(t.Context(), everything(w.Allocation)))
			got, err = lines.Verify(t.Context(), w.Allocation, own)
			require.NoError(t, err)
			require.Equal(t, credit.VerifyResult{Deleted: true}, got)
		})
	}
}

func TestClient_VerifyErrors(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	_, err := lines.Verify(t.Context(), "", w.ClientWABAs[0])
	sdktest.RequireRefused(t, server, err, "allocation-config-id")
	_, err = lines.Verify(t.Context(), w.Allocation, "x")
	sdktest.RequireRefused(t, server, err, "waba-id")
	_, err = lines.Verify(t.Context(), "999999999999999", w.ClientWABAs[0])
	require.ErrorIs(t, err, graph.ErrNotFound)
	require.NoError(t, server.Unshare(w.ClientWABAs[0]))
	_, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[0])
	require.ErrorIs(t, err, graph.ErrNotFound)
}

// An account without funding has none, null or "0". None of these matches an
// allocation without a credential.
func TestClient_VerifyAnswers(t *testing.T) {
	for body, want := range map[string]credit.VerifyResult{
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":"7"}`:  {Attached: true, Credential: "7", Funding: "7"},
		`{"id":"1","receiving_credential":{"id":7},"primary_funding_id":"7"}`:    {Attached: true, Credential: "7", Funding: "7"},
		`{"id":"1","receiving_credential":{"id":"7"}}`:                           {Credential: "7"},
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":null}`: {Credential: "7"},
		`{"id":"1"}`: {},
		`{"id":"1","receiving_credential":{"id":"7"},"primary_funding_id":"7","request_status":"DELETED"}`: {Credential: "7", Funding: "7", Deleted: true},
	} {
		got, err := sdktest.Answering(t, credit.New, body).Verify(t.Context(), "1", "1")
		require.NoError(t, err)
		require.Equal(t, want, got, body)
	}
	got, err := sdktest.Answering(t, credit.New, `{"id":"1","receiving_credential":{"id":"0"},"primary_funding_id":"0"}`).Verify(t.Context(), "1", "1")
	require.NoError(t, err)
	require.False(t, got.Attached)
}
