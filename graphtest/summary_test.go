package graphtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func TestServer_Summary(t *testing.T) {
	server := graphtest.New(t)
	world, partner := server.World(), server.Client()
	done, err := server.Signup(graphtest.SignupOptions{})
	require.NoError(t, err)
	number, account := done.Numbers[0], done.WABAs[0]
	require.NoError(t, phonenumbers.New(partner).Register(t.Context(), number, graph.NewSecret("123456")))
	require.NoError(t, phonenumbers.New(partner).Register(t.Context(), number, graph.NewSecret("123456")))
	require.Error(t, phonenumbers.New(partner).Register(t.Context(), number, graph.NewSecret("654321")))
	require.NoError(t, waba.New(partner).Subscribe(t.Context(), account))

	summary := server.Summary()
	require.Equal(t, map[graph.PhoneNumberID]graphtest.Registered{number: {Times: 2, PINs: 1}}, summary.Registered)
	require.Equal(t, 3, server.Registrations(number))
	require.Equal(t, map[graph.WABAID]map[graph.AppID]string{account: {world.App: ""}}, summary.Subscriptions)
	require.Equal(t, 1, summary.Allocations[graphtest.CreditPair{Line: world.CreditLine, Business: world.WithCredit}])
	require.NotContains(t, summary.Allocations, graphtest.CreditPair{Line: world.CreditLine, Business: done.Business})
	_, err = credit.New(partner).Share(t.Context(), credit.ShareRequest{Line: world.CreditLine, WABA: account, Currency: "USD"})
	require.NoError(t, err)
	require.Equal(t, 1, server.Summary().Allocations[graphtest.CreditPair{Line: world.CreditLine, Business: done.Business}])

	var none *graphtest.Server
	require.Empty(t, none.Summary().Registered)
}
