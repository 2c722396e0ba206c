package phonenumbers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// The fields that block a registration, and those that do not.
func TestNumber_Readiness(t *testing.T) {
	for name, tt := range map[string]struct {
		number phonenumbers.Number
		blocks []phonenumbers.Block
		notes  int
		says   string
	}{
		"fresh from a signup": {phonenumbers.Number{
			Status: phonenumbers.StatusPending, CodeVerification: phonenumbers.CodeVerified, NameStatus: phonenumbers.NameAvailable,
		}, nil, 0, "can be registered"},
		"nothing is known":    {phonenumbers.Number{}, nil, 0, "can be registered"},
		"a value that is new": {phonenumbers.Number{Status: "LINKED", CodeVerification: "NEW", NameStatus: "NEW"}, nil, 0, "can be registered"},
		"not verified": {phonenumbers.Number{Status: phonenumbers.StatusPending, CodeVerification: phonenumbers.CodeNotVerified},
			[]phonenumbers.Block{phonenumbers.BlockNotVerified}, 0, "is not verified: request a code and send it back"},
		"not verified, with the other word": {phonenumbers.Number{CodeVerification: "UNVERIFIED"}, []phonenumbers.Block{phonenumbers.BlockNotVerified}, 0, "is not verified"},
		"an expired verification": {phonenumbers.Number{Status: phonenumbers.StatusDisconnected, CodeVerification: phonenumbers.CodeExpired},
			nil, 1, "can be registered; the verification has expired"},
		"connected": {phonenumbers.Number{Status: phonenumbers.StatusConnected}, []phonenumbers.Block{phonenumbers.BlockConnected}, 0, "is connected already"},
		"connected, with an approved new name": {phonenumbers.Number{Status: phonenumbers.StatusConnected, NewCertificate: "Cg==", NewNameStatus: phonenumbers.NameApproved},
			nil, 1, "a changed name is approved and waits"},
		"used by the Business app": {phonenumbers.Number{Status: phonenumbers.StatusConnected, OnBusinessApp: true, NewCertificate: "Cg=="},
			[]phonenumbers.Block{phonenumbers.BlockCoexistence}, 1, "is used in the Business app and came registered"},
		"deleted":   {phonenumbers.Number{Status: phonenumbers.StatusDeleted}, []phonenumbers.Block{phonenumbers.BlockGone}, 0, "was deleted or migrated away"},
		"migrated":  {phonenumbers.Number{Status: phonenumbers.StatusMigrated}, []phonenumbers.Block{phonenumbers.BlockGone}, 0, "was deleted or migrated away"},
		"banned":    {phonenumbers.Number{Status: phonenumbers.StatusBanned}, []phonenumbers.Block{phonenumbers.BlockBanned}, 0, "is banned"},
		"in review": {phonenumbers.Number{NameStatus: phonenumbers.NamePending, NewNameStatus: phonenumbers.NamePending}, nil, 2, "the display name is in review; a changed name is in review"},
		"declined":  {phonenumbers.Number{NameStatus: phonenumbers.NameDeclined, NewNameStatus: phonenumbers.NameDeclined, QualityRating: phonenumbers.QualityRed}, nil, 3, "the quality rating is red"},
		"no certificate, or one that has expired": {phonenumbers.Number{NameStatus: phonenumbers.NameNone}, nil, 1, "there is no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.number.Readiness()
			require.Equal(t, tt.blocks, got.Blocks)
			require.Len(t, got.Notes, tt.notes)
			require.Contains(t, got.String(), tt.says)
			require.Equal(t, len(tt.blocks) == 0, got.OK())
		})
	}
	require.Equal(t, "the certificate has expired", phonenumbers.Number{NameStatus: phonenumbers.NameExpired}.Readiness().Notes[0])
	require.Equal(t, "some_new_block", phonenumbers.Block("some_new_block").String())
}

// A number with a block cannot be registered in the simulator, and a number
// without one can.
func TestNumber_ReadinessAgreesWithTheSimulator(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	blocked := 0
	for _, id := range w.Numbers {
		n, err := numbers.Get(t.Context(), id)
		require.NoError(t, err)
		if n.Status == phonenumbers.StatusConnected && n.NewCertificate == "" {
			continue // it would succeed, and use one of ten tries
		}
		readiness := n.Readiness()
		register := numbers.Register(t.Context(), id, pinOf(server, id))
		require.Equal(t, readiness.OK(), register == nil, "%s %s: %v, %v", id, n.VerifiedName, readiness, register)
		if !readiness.OK() {
			blocked++
		}
	}
	require.Positive(t, blocked)
}

// pinOf returns the PIN with which a number of the simulator can be registered.
func pinOf(server *graphtest.Server, id graph.PhoneNumberID) graph.Secret {
	if n, _ := server.Number(id); n.PINSet {
		return graphtest.SeedPIN()
	}
	return pin
}
