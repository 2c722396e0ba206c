package nodesdk_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// refusal is a FacebookRequestError. Its response is the error object of Graph.
type refusal struct {
	IsRequestError bool `json:"is_request_error"`
	Accepted       any
	Status         int
	Message        string
	Usage          string
	Challenge      string
	Response       *struct {
		Message, Type string
		Code          int
		Subcode       int             `json:"error_subcode"`
		Data          json.RawMessage `json:"error_data"`
		TraceID       string          `json:"fbtrace_id"`
	}
}

// errors asserts that Meta's code, subcode, type, text and trace id are where the SDK
// reads them, and that the wait of a throttled call is in its header.
func (p program) errors(t *testing.T) {
	sim := serve(t)
	waba, client := sim.world.ClientWABAs[1], sim.world.WithoutCredit
	sim.Throttle("GET /{waba-id}", 1, 7*time.Minute)
	sim.LoseReply("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach")
	var seen map[string]refusal
	p.run(t, sim, "errors.js", input{"waba_id": waba, "owned_id": sim.world.OwnedWABAs[0], "credit_line_id": sim.world.CreditLine}, &seen)

	for name, want := range map[string]struct {
		status, code, subcode int
		kind, text            string
	}{
		"throttled": {400, 80008, 0, "OAuthException", "(#80008)"},
		"gone":      {400, 100, 33, "GraphMethodException", "Object with ID '123456789012345' does not exist"},
		"field":     {400, 100, 0, "OAuthException", "Tried accessing nonexisting field (shoe_size) on node type (WhatsAppBusinessAccount)"},
		"token":     {401, 190, 0, "OAuthException", "Invalid OAuth access token"},
		"missing":   {400, 100, 0, "OAuthException", "The parameter business is required"},
		"blamed":    {400, 100, 0, "OAuthException", "(#100)"},
	} {
		got := seen[name]
		require.Nil(t, got.Accepted, name)
		require.True(t, got.IsRequestError, name)
		require.NotNil(t, got.Response, name)
		require.Equal(t, want.status, got.Status, name)
		require.Equal(t, []int{want.code, want.subcode}, []int{got.Response.Code, got.Response.Subcode}, name)
		require.Equal(t, want.kind, got.Response.Type, name)
		require.Contains(t, got.Message, want.text, name)
		require.Equal(t, got.Message, got.Response.Message, name)
		require.NotEmpty(t, got.Response.TraceID, name)
	}
	var usage map[graph.WABAID][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	require.NoError(t, json.Unmarshal([]byte(seen["throttled"].Usage), &usage))
	require.Equal(t, 7, usage[waba][0].Minutes)
	require.Contains(t, seen["token"].Challenge, "invalid_token")
	require.JSONEq(t, `{"blame_field_specs":[["waba_id"]]}`, string(seen["blamed"].Response.Data))

	// The answer was lost: the SDK has nothing to show, but the call took effect.
	require.True(t, seen["lost"].IsRequestError)
	require.Zero(t, seen["lost"].Status)
	require.Nil(t, seen["lost"].Response)
	truth := sim.allocationsOf(client)
	require.Len(t, truth, 1)
	require.Equal(t, []graph.WABAID{waba}, truth[0].WABAs)
}
