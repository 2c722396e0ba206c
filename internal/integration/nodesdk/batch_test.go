package nodesdk_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// batch sends a batch. Each operation has an answer of its own, also the one that
// fails. An operation that timed out is answered with null, and the SDK sends it in
// a second batch.
func (p program) batch(t *testing.T) {
	sim := serve(t)
	waba := sim.world.ClientWABAs[len(sim.world.ClientWABAs)-1]
	sim.Once("GET /{phone-number-id}", graphtest.Fault{NullOp: true})
	var seen struct {
		Answers map[string]struct {
			Status int
			Body   json.RawMessage
			Failed *struct {
				Name, Message string
				Status        int
				Response      json.RawMessage // the SDK leaves the error wrapped here
			}
		}
		First int
		Left  any
	}
	p.run(t, sim, "batch.js", input{"waba_id": waba, "number_id": sim.world.Certified, "user_id": sim.world.Employee.ID}, &seen)

	require.Equal(t, 6, seen.First, "one was not answered")
	require.Nil(t, seen.Left)
	require.Len(t, seen.Answers, 7)
	body := func(name string, into any) {
		require.Nil(t, seen.Answers[name].Failed, name)
		require.Equal(t, 200, seen.Answers[name].Status, name)
		require.NoError(t, json.Unmarshal(seen.Answers[name].Body, into), name)
	}
	var account, number struct{ Name, Currency, Certificate string }
	body("account", &account)
	require.Equal(t, "Nordwind Reisen", account.Name)
	body("number", &number)
	require.NotEmpty(t, number.Certificate)
	for _, write := range []string{"assign", "subscribe", "again"} {
		require.JSONEq(t, `{"success":true}`, string(seen.Answers[write].Body), write)
	}
	var numbers struct {
		Data []struct {
			ID     graph.PhoneNumberID `json:"id"`
			Status string
		}
	}
	body("numbers", &numbers)
	require.Len(t, numbers.Data, 1)
	require.Equal(t, "CONNECTED", numbers.Data[0].Status)

	gone := seen.Answers["gone"].Failed
	require.NotNil(t, gone)
	require.Equal(t, "FacebookRequestError", gone.Name)
	require.Equal(t, 400, gone.Status)
	require.Contains(t, gone.Message, "Unsupported get request")
	require.Contains(t, string(gone.Response), `"error_subcode":33`)

	require.Equal(t, map[graph.SystemUserID][]string{sim.world.Employee.ID: {"DEVELOP", "MANAGE"}}, sim.Assigned(waba))
	require.Contains(t, sim.Subscribers(waba), sim.world.App)
}
