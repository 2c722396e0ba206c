package sdktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Start starts a simulator that is closed at the end of the test. It returns
// the simulator, the objects in it, and a client that newClient, such as
// waba.New, made with the token of the partner's admin system user.
func Start[C any](t testing.TB, newClient func(*graph.Client) C, opts ...graphtest.Option) (*graphtest.Server, graphtest.World, C) {
	t.Helper()
	server := graphtest.New(t, opts...)
	world, client := server.World(), newClient(server.Client())
	return server, world, client
}

// As returns a client that uses the given token.
func As[C any](server *graphtest.Server, newClient func(*graph.Client) C, token graph.Secret) C {
	return newClient(server.ClientFor(graph.SecretToken(token)))
}

// BusinessToken returns the business token of a customer, as its signup gives
// it to the partner.
func BusinessToken(t testing.TB, server *graphtest.Server, business graph.BusinessID) graph.Secret {
	t.Helper()
	token, err := server.BusinessToken(business)
	require.NoError(t, err)
	return token
}

// AsCustomer returns a client that uses the business token of a customer.
func AsCustomer[C any](t testing.TB, server *graphtest.Server, newClient func(*graph.Client) C, business graph.BusinessID) C {
	t.Helper()
	return As(server, newClient, BusinessToken(t, server, business))
}

// Signup takes a customer through Embedded Signup. It returns what the signup
// made, and a client that uses the customer's business token.
func Signup[C any](t testing.TB, server *graphtest.Server, newClient func(*graph.Client) C, signup graphtest.SignupOptions) (graphtest.SignupResult, C) {
	t.Helper()
	done, err := server.Signup(signup)
	require.NoError(t, err)
	return done, AsCustomer(t, server, newClient, done.Business)
}

// Answering returns a client that gets this body, with status 200, as the
// answer to every call. It does not repeat a call.
func Answering[C any](t testing.TB, newClient func(*graph.Client) C, body string) C {
	t.Helper()
	return newClient(NewWire(Reply(200, body)).Client(t, graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1})))
}

// Collect returns all items of a list.
func Collect[T any](t testing.TB, list *graph.List[T]) []T {
	t.Helper()
	items, err := graph.Collect(list.All(t.Context()), 0)
	require.NoError(t, err)
	return items
}

// Failure returns the error of a list that fails before its first item.
func Failure[T any](t testing.TB, list *graph.List[T]) error {
	t.Helper()
	items, err := graph.Collect(list.All(t.Context()), 0)
	require.Error(t, err)
	require.Empty(t, items)
	return err
}

// RequireInputError fails the test unless err is an InputError of that field.
func RequireInputError(t testing.TB, err error, field string) {
	t.Helper()
	var input *graph.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, field, input.Field, err)
	require.ErrorIs(t, err, graph.ErrInput)
}

// RequireRefused fails the test unless err is an InputError of that field and
// the simulator has seen no call.
func RequireRefused(t testing.TB, server *graphtest.Server, err error, field string) {
	t.Helper()
	RequireInputError(t, err, field)
	require.Empty(t, server.Calls())
}

// LastCall returns the last call that the simulator has seen.
func LastCall(t testing.TB, server *graphtest.Server) graphtest.Call {
	t.Helper()
	calls := server.Calls()
	require.NotEmpty(t, calls)
	return calls[len(calls)-1]
}

// CountCalls returns how many calls of a route, such as "GET /{waba-id}", the
// simulator has seen.
func CountCalls(server *graphtest.Server, route string) int {
	n := 0
	for _, call := range server.Calls() {
		if call.Method+" "+call.Route == route {
			n++
		}
	}
	return n
}
