package credit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func everything(id wagraph.AllocationID) credit.RevokeRequest {
	return credit.RevokeRequest{Allocation: id, EveryWABA: true}
}

// Verify compares what the line gave with what pays.
func TestVerify(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t, opts...)
			own := w.ClientWABAs[3]
			funding, _ := server.Funding(own)
			got, err := lines.Verify(t.Context(), w.Allocation, own)
			require.NoError(t, err)
			require.Equal(t, credit.Verification{Attached: true, Credential: funding, Funding: funding}, got)

			got, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[1])
			require.NoError(t, err)
			require.Equal(t, credit.Verification{Credential: funding}, got, "nothing pays for it")

			other, _ := server.Funding(w.ClientWABAs[0])
			got, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[0])
			require.NoError(t, err)
			require.Equal(t, credit.Verification{Credential: funding, Funding: other}, got, "another client's allocation does")

			require.NoError(t, lines.Revoke(t.Context(), everything(w.Allocation)))
			got, err = lines.Verify(t.Context(), w.Allocation, own)
			require.NoError(t, err)
			require.Equal(t, credit.Verification{Deleted: true}, got)
		})
	}
}

func TestVerifyErrors(t *testing.T) {
	server, w, lines := start(t)
	_, err := lines.Verify(t.Context(), "", w.ClientWABAs[0])
	refused(t, server, err, "allocation-config-id")
	_, err = lines.Verify(t.Context(), "999999999999999", w.ClientWABAs[0])
	require.ErrorIs(t, err, wagraph.ErrNotFound)
	_, err = lines.Verify(t.Context(), w.Allocation, "x")
	require.ErrorIs(t, err, wagraph.ErrInput)
	require.NoError(t, server.Unshare(w.ClientWABAs[0]))
	_, err = lines.Verify(t.Context(), w.Allocation, w.ClientWABAs[0])
	require.ErrorIs(t, err, wagraph.ErrNotFound)
}

// Revoking takes the line from every account of the client, is confirmed by
// reading, and may be repeated.
func TestRevoke(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := start(t, opts...)
			for range 3 {
				require.NoError(t, lines.Revoke(t.Context(), everything(w.Allocation)))
				require.Empty(t, live(server, w.WithCredit))
			}
			for _, id := range w.ClientWABAs[2:] {
				funding, _ := server.Funding(id)
				require.Empty(t, funding)
			}
			funding, _ := server.Funding(w.ClientWABAs[0])
			require.NotEmpty(t, funding, "another client's stays")
		})
	}
}

// A client that no longer shares its accounts keeps the allocation until it is
// revoked, which takes nothing but its id.
func TestRevokeAfterUnsharing(t *testing.T) {
	server, w, lines := start(t)
	for _, id := range w.ClientWABAs[2:] {
		require.NoError(t, server.Unshare(id))
	}
	require.Len(t, live(server, w.WithCredit), 1)
	allocation, found, err := lines.AllocationFor(t.Context(), w.CreditLine, w.WithCredit)
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, lines.Revoke(t.Context(), everything(allocation.ID)))
	require.Empty(t, live(server, w.WithCredit))
}

// Whatever becomes of the answer, the reading decides.
func TestRevokeThroughFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		want  wagraph.Kind // "" where it is confirmed
		gone  bool
	}{
		"the answer is lost":           {deleteAllocation, graphtest.Fault{LoseReply: true}, "", true},
		"the answer is cut off":        {deleteAllocation, graphtest.Fault{CutBody: 2}, "", true},
		"a gateway's 502":              {deleteAllocation, graphtest.Fault{After: true, Status: 502}, "", true},
		"the line is lost before":      {deleteAllocation, graphtest.Fault{ResetBefore: true}, wagraph.ErrOutcomeUnknown, false},
		"Meta's code 2, not done":      {deleteAllocation, graphtest.Fault{Code: 2}, wagraph.ErrOutcomeUnknown, false},
		"a throttle":                   {deleteAllocation, graphtest.Fault{Code: 80008}, "", true},
		"a refusal":                    {deleteAllocation, graphtest.Fault{Code: 200}, wagraph.ErrPermission, false},
		"an answer that says no":       {deleteAllocation, graphtest.Fault{Body: []byte(`{"success":false}`)}, wagraph.ErrUnclassified, false},
		"the confirmation is lost":     {getAllocation, graphtest.Fault{LoseReply: true}, "", true},
		"it is no longer shown":        {getAllocation, graphtest.Fault{Code: 100, Subcode: 33}, "", true},
		"the confirmation is refused":  {getAllocation, graphtest.Fault{Code: 200}, wagraph.ErrPermission, true},
		"the confirmation is too late": {getAllocation, graphtest.Fault{Body: []byte(`{"id":"1"}`)}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := start(t)
				server.Once(tt.route, tt.fault)
				err := lines.Revoke(t.Context(), everything(w.Allocation))
				require.Equal(t, tt.want, wagraph.KindOf(err), err)
				require.Equal(t, tt.want == "", err == nil)
				require.Equal(t, tt.gone, len(live(server, w.WithCredit)) == 0)
				require.NoError(t, lines.Revoke(t.Context(), everything(w.Allocation)), "it may be repeated")
				require.Empty(t, live(server, w.WithCredit))
			})
		})
	}
}

// A revocation that does not show is an error after a while.
func TestRevokeThatDoesNotShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := start(t)
		server.Times(getAllocation, 9, graphtest.Fault{Body: []byte(`{"id":"1","request_status":"APPROVED"}`)})
		start := time.Now()
		err := lines.Revoke(t.Context(), everything(w.Allocation))
		require.ErrorContains(t, err, `still reads "APPROVED"`)
		require.Equal(t, 7*time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		server.Times(getAllocation, 9, graphtest.Fault{Body: []byte(`{"id":"1"}`)})
		require.Error(t, lines.Revoke(ctx, everything(w.Allocation)))
	})
}

func TestRevokeBadInput(t *testing.T) {
	server, w, lines := start(t)
	refused(t, server, lines.Revoke(t.Context(), credit.RevokeRequest{EveryWABA: true}), "allocation-config-id")
	refused(t, server, lines.Revoke(t.Context(), everything("1/..")), "allocation-config-id")
	refused(t, server, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation}), "every waba")
	err := lines.Revoke(t.Context(), everything("999999999999999"))
	require.ErrorIs(t, err, wagraph.ErrNotFound)
}
