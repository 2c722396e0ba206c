package waba_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// start is a world with its admin's client.
func start(t *testing.T, opts ...graphtest.Option) (*graphtest.Server, graphtest.World, *waba.Client) {
	t.Helper()
	server := graphtest.New(t, opts...)
	world := server.World()
	return server, world, waba.New(server.Client())
}

// as is the client of somebody else.
func as(server *graphtest.Server, token wagraph.Secret) *waba.Client {
	return waba.New(server.ClientFor(wagraph.SecretToken(token)))
}

// businessToken is the client business's own token, as a signup yields it.
func businessToken(t *testing.T, server *graphtest.Server, business wagraph.BusinessID) wagraph.Secret {
	t.Helper()
	token, err := server.BusinessToken(business)
	require.NoError(t, err)
	return token
}

// answering is a client to which every call is answered with that body.
func answering(t *testing.T, body string) *waba.Client {
	t.Helper()
	client, err := wagraph.New(wagraph.StaticToken("EAAtest"), wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: -1}), wagraph.WithHTTPClient(&http.Client{Transport: roundTrips(
		func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
				ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})}))
	require.NoError(t, err)
	return waba.New(client)
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

// last is the last call that the server saw.
func last(t *testing.T, server *graphtest.Server) graphtest.Call {
	t.Helper()
	calls := server.Calls()
	require.NotEmpty(t, calls)
	return calls[len(calls)-1]
}
