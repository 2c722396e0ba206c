package graphsim_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// TestExecute_NumberDeletedDuringDelay checks that a call that was delayed sees the state of the
// time when it takes effect.
func TestExecute_NumberDeletedDuringDelay(t *testing.T) {
	sim := graphsim.New(graphsim.Config{})
	id := sim.World().PendingNumberID
	sim.Control("GET /{phone-number-id}", func(*graphsim.Call) *graphsim.Fault {
		require.NoError(t, sim.DeleteNumber(id))
		return nil
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://graph.example/v25.0/"+id, http.NoBody)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+sim.World().AdminToken)
	resp, err := sim.RoundTripper().RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
}
