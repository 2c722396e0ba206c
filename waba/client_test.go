package waba_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A write succeeded if Meta says so in any of its forms, and failed if it says
// success:false.
func TestClient_WriteAnswers(t *testing.T) {
	for _, body := range []string{`{"success":true}`, `{"success":"true"}`, `{"success":1}`, `true`, `{}`, `{"id":"1"}`, `{"success":true,"new":[1]}`} {
		accounts := sdktest.Answering(t, waba.New, body)
		require.NoError(t, accounts.Subscribe(t.Context(), "1"), body)
		require.NoError(t, accounts.Unsubscribe(t.Context(), "1"), body)
		require.NoError(t, accounts.Assign(t.Context(), "1", "2", waba.TaskManage), body)
		require.NoError(t, accounts.Unassign(t.Context(), "1", "2"), body)
	}
	for _, body := range []string{`{"success":false}`, `{"success":"false"}`, `{"success":0}`, `false`} {
		require.ErrorIs(t, sdktest.Answering(t, waba.New, body).Subscribe(t.Context(), "1"), graph.ErrUnclassified, body)
		require.Error(t, sdktest.Answering(t, waba.New, body).Unassign(t.Context(), "1", "2"), body)
	}
}

func TestNew_ZeroClientsAreInputErrors(t *testing.T) {
	t.Logf("%d calls", sdktest.CheckZeroClients(t, waba.New, "waba.New"))
}

// An op with a wrong argument returns its error when it is sent, alone or in a
// batch.
func TestOps_BadInput(t *testing.T) {
	server := graphtest.New(t)
	batch := graph.NewBatch(server.Client())
	get := graph.Add(batch, waba.GetOp("", ""))
	writes := map[string]*graph.Result[graph.Success]{
		"callback URI": graph.Add(batch, waba.SubscribeToOp("1", waba.Callback{})), "tasks": graph.Add(batch, waba.AssignOp("1", "2")),
		"system-user-id": graph.Add(batch, waba.UnassignOp("1", "")), "waba-id": graph.Add(batch, waba.SubscribeOp("")),
	}
	require.NoError(t, batch.Send(t.Context()))
	sdktest.RequireRefused(t, server, get.Err, "fields")
	for field, result := range writes {
		sdktest.RequireRefused(t, server, result.Err, field)
	}
	_, err := graph.Send(t.Context(), server.Client(), waba.UnsubscribeOp("x"))
	sdktest.RequireRefused(t, server, err, "waba-id")
}
