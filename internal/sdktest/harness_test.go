package sdktest_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func TestStart_PartnerCustomerAndOthers(t *testing.T) {
	server, world, partner := sdktest.Start(t, waba.New, graphtest.WithNumericIDs())
	require.Len(t, sdktest.Collect(t, partner.Clients(world.Business, waba.Query{})), 4)
	employee := sdktest.As(server, waba.New, world.Employee.Token)
	require.Empty(t, sdktest.Collect(t, employee.Clients(world.Business, waba.Query{})))
	done, customer := sdktest.Signup(t, server, waba.New, graphtest.SignupOptions{})
	got, err := customer.Get(t.Context(), done.WABAs[0])
	require.NoError(t, err)
	require.Equal(t, done.Business, got.OwnerBusiness.ID)
	require.Equal(t, "GET /{waba-id}", sdktest.LastCall(t, server).Method+" "+sdktest.LastCall(t, server).Route)
	require.Equal(t, 1, sdktest.CountCalls(server, "GET /{waba-id}"))
	require.ErrorIs(t, sdktest.Failure(t, customer.Users(world.ClientWABAs[0], world.Business, waba.UserQuery{})), graph.ErrNotFound)
}

func TestAnswering_AnswersEveryCallAlike(t *testing.T) {
	accounts := sdktest.Answering(t, waba.New, `{"id":"7"}`)
	for range 2 {
		got, err := accounts.Get(t.Context(), "7")
		require.NoError(t, err)
		require.Equal(t, graph.WABAID("7"), got.ID)
	}
}

func TestRequireRefused_NamesTheField(t *testing.T) {
	server, _, accounts := sdktest.Start(t, waba.New)
	_, err := accounts.Get(t.Context(), "x")
	sdktest.RequireRefused(t, server, errors.Join(err), "waba-id")
}
