package credit_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// start is a world with its admin's client.
func start(t *testing.T, opts ...graphtest.Option) (*graphtest.Server, graphtest.World, *credit.Client) {
	t.Helper()
	server := graphtest.New(t, opts...)
	world := server.World()
	return server, world, credit.New(server.Client())
}

// as is the client of somebody else.
func as(server *graphtest.Server, token wagraph.Secret) *credit.Client {
	return credit.New(server.ClientFor(wagraph.SecretToken(token)))
}

// clientOf is a client with the business token of a client business.
func clientOf(t *testing.T, server *graphtest.Server, business wagraph.BusinessID) *credit.Client {
	t.Helper()
	return as(server, tokenOf(t, server, business))
}

func tokenOf(t *testing.T, server *graphtest.Server, business wagraph.BusinessID) wagraph.Secret {
	t.Helper()
	token, err := server.BusinessToken(business)
	require.NoError(t, err)
	return token
}

// live are the allocations of a client business that are not revoked.
func live(server *graphtest.Server, business wagraph.BusinessID) []graphtest.Allocation {
	return slices.DeleteFunc(server.Allocations(), func(a graphtest.Allocation) bool { return a.Deleted || a.Business != business })
}

// posts counts the calls that bill.
func posts(server *graphtest.Server) int {
	n := 0
	for _, call := range server.Calls() {
		if call.Method+" "+call.Route == postShare {
			n++
		}
	}
	return n
}

const (
	postShare        = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	postAttach       = "POST /{extended-credit-id}/whatsapp_credit_attach"
	getAllocations   = "GET /{extended-credit-id}/owning_credit_allocation_configs"
	getAllocation    = "GET /{allocation-config-id}"
	deleteAllocation = "DELETE /{allocation-config-id}"
	getAccount       = "GET /{waba-id}"
)

// answering is a client to which every call is answered with that body.
func answering(t *testing.T, body string) *credit.Client {
	t.Helper()
	client, err := wagraph.New(wagraph.StaticToken("EAAtest"), wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: -1}),
		wagraph.WithHTTPClient(&http.Client{Transport: roundTrips(func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
				ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})}))
	require.NoError(t, err)
	return credit.New(client)
}

type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// collect reads a list.
func collect[T any](t *testing.T, list *wagraph.List[T]) []T {
	t.Helper()
	items, err := wagraph.Collect(list.All(t.Context()), 0)
	require.NoError(t, err)
	return items
}

// failure is the error that a list ends with.
func failure[T any](t *testing.T, list *wagraph.List[T]) error {
	t.Helper()
	items, err := wagraph.Collect(list.All(t.Context()), 0)
	require.Error(t, err)
	require.Empty(t, items)
	return err
}

// refused demands an InputError of that field, and that no call was made.
func refused(t *testing.T, server *graphtest.Server, err error, field string) {
	t.Helper()
	var input *wagraph.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, field, input.Field, err)
	require.ErrorIs(t, err, wagraph.ErrInput)
	require.Empty(t, server.Calls())
}
