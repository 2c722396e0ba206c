package credit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

func everything(id graph.AllocationID) credit.RevokeRequest {
	return credit.RevokeRequest{Allocation: id, EveryWABA: true}
}

// Revoking takes the line from every account of the client. It reads the allocation
// to confirm it, and may be repeated.
func TestClient_Revoke(t *testing.T) {
	for name, opts := range shapes() {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New, opts...)
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
// revoked. Revoking needs only its id.
func TestClient_RevokeAfterUnsharing(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	for _, id := range w.ClientWABAs[2:] {
		require.NoError(t, server.Unshare(id))
	}
	require.Len(t, live(server, w.WithCredit), 1)
	allocation, found, err := lines.FindAllocation(t.Context(), w.CreditLine, w.WithCredit)
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, lines.Revoke(t.Context(), everything(allocation.ID)))
	require.Empty(t, live(server, w.WithCredit))
}

// allocationID is the id of the simulator's allocation.
const allocationID = "5854328475953177"

// After every fault, reading the allocation decides.
func TestClient_RevokeThroughFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		route string
		fault graphtest.Fault
		want  graph.Kind // "" where it is confirmed
		gone  bool
	}{
		"the answer is lost":            {deleteAllocation, graphtest.Fault{LoseReply: true}, "", true},
		"the answer is cut off":         {deleteAllocation, graphtest.Fault{CutBody: 2}, "", true},
		"a gateway's 502":               {deleteAllocation, graphtest.Fault{After: true, Status: 502}, "", true},
		"the connection is lost before": {deleteAllocation, graphtest.Fault{ResetBefore: true}, graph.ErrOutcomeUnknown, false},
		"Meta's code 2, not done":       {deleteAllocation, graphtest.Fault{Code: 2}, graph.ErrOutcomeUnknown, false},
		"a throttle":                    {deleteAllocation, graphtest.Fault{Code: 80008}, "", true},
		"a refusal":                     {deleteAllocation, graphtest.Fault{Code: 200}, graph.ErrPermission, false},
		"success:false":                 {deleteAllocation, graphtest.Fault{Body: []byte(`{"success":false}`)}, graph.ErrUnclassified, false},
		"the confirmation is lost":      {getAllocation, graphtest.Fault{LoseReply: true}, "", true},
		"it is no longer shown":         {getAllocation, graphtest.Fault{Code: 100, Subcode: 33}, "", true},
		"the confirmation is refused":   {getAllocation, graphtest.Fault{Code: 200}, graph.ErrPermission, true},
		"the confirmation is too late":  {getAllocation, graphtest.Fault{Body: []byte(`{"id":"` + allocationID + `","request_status":"APPROVED"}`)}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := sdktest.Start(t, credit.New)
				server.Once(tt.route, tt.fault)
				err := lines.Revoke(t.Context(), everything(w.Allocation))
				require.Equal(t, tt.want, graph.KindOf(err), err)
				require.Equal(t, tt.want == "", err == nil)
				require.Equal(t, tt.gone, len(live(server, w.WithCredit)) == 0)
				require.NoError(t, lines.Revoke(t.Context(), everything(w.Allocation)), "it may be repeated")
				require.Empty(t, live(server, w.WithCredit))
			})
		})
	}
}

// A revocation that does not show after some time is an error.
func TestClient_RevokeThatDoesNotShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		server.Times(getAllocation, 9, graphtest.Fault{Body: []byte(`{"id":"` + string(w.Allocation) + `","request_status":"APPROVED"}`)})
		start := time.Now()
		err := lines.Revoke(t.Context(), everything(w.Allocation))
		require.ErrorContains(t, err, `still reads "APPROVED"`)
		require.ErrorIs(t, err, credit.ErrNotRevoked)
		require.Equal(t, graph.ErrReadAfterWrite, graph.KindOf(err))
		require.Equal(t, 7*time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		server.Times(getAllocation, 9, graphtest.Fault{Body: []byte(`{"id":"` + string(w.Allocation) + `"}`)})
		require.Error(t, lines.Revoke(ctx, everything(w.Allocation)))
	})
}

// A context that ends while Revoke waits for the deletion is an error.
func TestClient_RevokeWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		server.Times(getAllocation, 9, graphtest.Fault{Body: []byte(`{"id":"` + string(w.Allocation) + `","request_status":"APPROVED"}`)})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		err := lines.Revoke(ctx, everything(w.Allocation))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, graph.ErrInterrupted, graph.KindOf(err))
		require.Empty(t, live(server, w.WithCredit), "the revocation took effect")
	})
}

func TestClient_RevokeBadInput(t *testing.T) {
	server, w, lines := sdktest.Start(t, credit.New)
	sdktest.RequireRefused(t, server, lines.Revoke(t.Context(), credit.RevokeRequest{EveryWABA: true}), "allocation-config-id")
	sdktest.RequireRefused(t, server, lines.Revoke(t.Context(), everything("1/..")), "allocation-config-id")
	sdktest.RequireRefused(t, server, lines.Revoke(t.Context(), credit.RevokeRequest{Allocation: w.Allocation}), "every waba")
	err := lines.Revoke(t.Context(), everything("999999999999999"))
	require.ErrorIs(t, err, graph.ErrNotFound)
}
