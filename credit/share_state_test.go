package credit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// Meta may need a moment to show a share.
func TestClient_ShareThatShowsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for reads, attached := range map[int]bool{2: true, 4: true, 6: false} {
			server, w, lines := sdktest.Start(t, credit.New)
			n := 0
			server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
				if n++; n > reads {
					return nil
				}
				return &graphtest.Fault{Body: []byte(`{"id":"` + string(w.ClientWABAs[1]) + `","primary_funding_id":"0","owner_business_info":{"id":"` + string(w.WithoutCredit) + `"}}`)}
			})
			share, err := lines.Share(t.Context(), harbour(w))
			require.Equal(t, attached, err == nil, "%d: %v", reads, err)
			require.Equal(t, attached, share.Attached)
			require.Equal(t, 1, posts(server))
			if err != nil {
				require.ErrorIs(t, err, credit.ErrNotAttached)
				require.Equal(t, graph.ErrReadAfterWrite, graph.KindOf(err))
				require.NotEmpty(t, share.Allocation.ID, "the id is there, to verify it later")
			}
		}
	})
}

// An account that does not show its owner may belong to any business: nothing is
// posted, whatever business the request names.
func TestClient_ShareWithoutAnOwner(t *testing.T) {
	for name, business := range map[string]graph.BusinessID{"the request names one": "102290129340398", "the request names none": ""} {
		t.Run(name, func(t *testing.T) {
			server, w, lines := sdktest.Start(t, credit.New)
			server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
				return &graphtest.Fault{Body: []byte(`{"id":"` + string(w.ClientWABAs[1]) + `"}`)}
			})
			request := harbour(w)
			request.Business = business
			_, err := lines.Share(t.Context(), request)
			require.ErrorIs(t, err, credit.ErrOwnerUnknown)
			require.Equal(t, graph.ErrInvalid, graph.KindOf(err))
			require.ErrorContains(t, err, string(w.ClientWABAs[1]))
			require.Zero(t, posts(server))
		})
	}
}

// The answer to the post names the allocation, as a string or as a number. Its id is
// returned also if reading does not confirm the share. An answer without it is not
// an error.
func TestClient_ShareKeepsTheAllocationID(t *testing.T) {
	for body, want := range map[string]graph.AllocationID{
		`{"allocation_config_id":"58501441721238","waba_id":"1"}`: "58501441721238",
		`{"allocation_config_id":58501441721238,"success":true}`:  "58501441721238",
		`{"success":true}`:             "",
		`true`:                         "",
		`{"allocation_config_id":[1]}`: "",
	} {
		t.Run(body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, w, lines := sdktest.Start(t, credit.New)
				server.Once(postShare, graphtest.Fault{Body: []byte(body)})
				share, err := lines.Share(t.Context(), harbour(w))
				require.ErrorIs(t, err, credit.ErrNotAttached)
				require.Equal(t, want, share.Allocation.ID)

				server.Once(postShare, graphtest.Fault{Body: []byte(body)})
				server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
					if posts(server) < 2 {
						return nil
					}
					return &graphtest.Fault{Code: 200}
				})
				share, err = lines.Share(t.Context(), harbour(w))
				require.ErrorIs(t, err, graph.ErrPermission)
				require.Equal(t, want, share.Allocation.ID, "the confirmation failed")
			})
		})
	}
}

// The currency of an account does not change. Asking for another one is an error
// that says so, before a share and after one.
func TestClient_ShareInAnotherCurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		request := harbour(w)
		share, err := lines.Share(t.Context(), request)
		require.NoError(t, err, "the default currency of a new account does not matter")
		require.Equal(t, "GBP", share.Currency)

		request.Currency = "USD"
		share, err = lines.Share(t.Context(), request)
		require.ErrorIs(t, err, credit.ErrOtherCurrency)
		require.ErrorContains(t, err, "is invoiced in GBP, not in USD")
		require.Equal(t, graph.ErrInvalid, graph.KindOf(err))
		require.Equal(t, "GBP", share.Currency)
		require.True(t, share.Attached)
		require.NotEmpty(t, share.Allocation.ID)
		require.Equal(t, 1, posts(server))

		// The other currency shows only after the post: another process shared.
		next := nextOfNordwind(t, server, w)
		funding := live(server, w.WithCredit)[0].Funding
		server.Control(getAccount, func(graphtest.Call) *graphtest.Fault {
			if posts(server) < 2 {
				return nil
			}
			return &graphtest.Fault{Body: []byte(`{"id":"` + string(next.WABA) + `","currency":"INR","primary_funding_id":"` + string(funding) + `"}`)}
		})
		share, err = lines.Share(t.Context(), next)
		require.ErrorIs(t, err, credit.ErrOtherCurrency)
		require.NotErrorIs(t, err, credit.ErrNotAttached)
		require.Equal(t, "INR", share.Currency)
		require.True(t, share.Attached)
	})
}

// If Meta refused the share, one read is enough, and there is no wait.
func TestClient_ShareReadsOnceAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		next := nextOfNordwind(t, server, w)
		server.Fail(postShare, 4000, 0)
		begin := time.Now()
		share, err := lines.Share(t.Context(), next)
		require.ErrorIs(t, err, credit.ErrNotAttached)
		require.ErrorIs(t, err, graph.Code(4000))
		require.Equal(t, w.Allocation, share.Allocation.ID)
		require.Less(t, time.Since(begin), time.Second)
		reads := 0
		for _, call := range server.Calls() {
			if call.Method+" "+call.Route == getAccount {
				reads++
			}
		}
		require.Equal(t, 2, reads, "before and after")
	})
}

// Meta shared the line and failed to read it back. That is not a failure: reading
// decides.
func TestClient_ShareThatMetaCouldNotReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, w, lines := sdktest.Start(t, credit.New)
		server.Once(postShare, graphtest.Fault{After: true, Status: 500, Body: []byte(`{"error":{"code":100,"message":"read failed"},"original_response":{"id":"1"}}`)})
		share, err := lines.Share(t.Context(), harbour(w))
		require.NoError(t, err)
		require.Equal(t, credit.ActionRecovered, share.Action)
		require.Equal(t, 1, posts(server))
		require.Len(t, live(server, w.WithoutCredit), 1)
	})
}
