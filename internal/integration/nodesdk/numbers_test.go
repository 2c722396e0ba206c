package nodesdk_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// number is a phone number with the names and certificates that a partner reads.
type number struct {
	ID             graph.PhoneNumberID `json:"id"`
	Display        string              `json:"display_phone_number"`
	VerifiedName   string              `json:"verified_name"`
	NameStatus     string              `json:"name_status"`
	Certificate    string              `json:"certificate"`
	NewName        string              `json:"new_display_name"`
	NewNameStatus  string              `json:"new_name_status"`
	NewCertificate string              `json:"new_certificate"`
}

// numbers reads each number with its names, and with a certificate if the state of
// the name allows one. The edge and the edge nested in the list of accounts have the
// same numbers.
func (p program) numbers(t *testing.T) {
	sim := serve(t)
	var seen struct{ Paged, Nested map[graph.WABAID][]number }
	p.run(t, sim, "numbers.js", input{"waba_ids": sim.world.ClientWABAs}, &seen)

	require.Equal(t, seen.Paged, seen.Nested)
	byID := map[graph.PhoneNumberID]number{}
	for waba, list := range seen.Paged {
		for _, n := range list {
			truth, ok := sim.Number(n.ID)
			require.True(t, ok)
			require.Equal(t, waba, truth.WABA)
			require.Equal(t, []string{truth.VerifiedName, truth.NameStatus, truth.NewName, truth.NewNameStatus},
				[]string{n.VerifiedName, n.NameStatus, n.NewName, n.NewNameStatus})
			usable := n.NameStatus == "APPROVED" || n.NameStatus == "AVAILABLE_WITHOUT_REVIEW"
			require.Equal(t, usable, n.Certificate != "", "%s, %s", n.VerifiedName, n.NameStatus)
			require.Equal(t, n.NewNameStatus == "APPROVED", n.NewCertificate != "", n.VerifiedName)
			require.Regexp(t, `^\+\d`, n.Display)
			byID[n.ID] = n
		}
	}
	require.Len(t, byID, len(sim.world.Numbers))

	certified, renamed := byID[sim.world.Certified], byID[sim.world.Renamed]
	for _, text := range []string{certified.Certificate, renamed.Certificate, renamed.NewCertificate} {
		certificate, err := base64.StdEncoding.DecodeString(text)
		require.NoError(t, err)
		require.NotEmpty(t, certificate)
	}
	require.NotEqual(t, renamed.Certificate, renamed.NewCertificate)
}
