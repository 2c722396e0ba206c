package phonenumbers_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// start is a world with its admin's client.
func start(t *testing.T, opts ...graphtest.Option) (*graphtest.Server, graphtest.World, *phonenumbers.Client) {
	t.Helper()
	server := graphtest.New(t, opts...)
	world := server.World()
	return server, world, phonenumbers.New(server.Client())
}

// as is the client of somebody else.
func as(server *graphtest.Server, token wagraph.Secret) *phonenumbers.Client {
	return phonenumbers.New(server.ClientFor(wagraph.SecretToken(token)))
}

// signup is a client that has gone through Embedded Signup, with its own token.
func signup(t *testing.T, server *graphtest.Server, s graphtest.SignupOptions) (graphtest.SignupResult, *phonenumbers.Client) {
	t.Helper()
	done, err := server.Signup(s)
	require.NoError(t, err)
	token, err := server.BusinessToken(done.Business)
	require.NoError(t, err)
	return done, as(server, token)
}

// answering is a client to which every call is answered with that body.
func answering(t *testing.T, body string) *phonenumbers.Client {
	t.Helper()
	graph, err := wagraph.New(wagraph.StaticToken("EAAtest"), wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: -1}),
		wagraph.WithHTTPClient(&http.Client{Transport: roundTrips(func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
				ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})}))
	require.NoError(t, err)
	return phonenumbers.New(graph)
}

type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// collect reads a list.
func collect(t *testing.T, list *wagraph.List[phonenumbers.Number]) []phonenumbers.Number {
	t.Helper()
	numbers, err := wagraph.Collect(list.All(t.Context()), 0)
	require.NoError(t, err)
	return numbers
}

// failure is the error that a list ends with.
func failure(t *testing.T, list *wagraph.List[phonenumbers.Number]) error {
	t.Helper()
	numbers, err := wagraph.Collect(list.All(t.Context()), 0)
	require.Error(t, err)
	require.Empty(t, numbers)
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

// pinOf is the PIN of a number of the simulator's world.
func pinOf(server *graphtest.Server, id wagraph.PhoneNumberID) wagraph.Secret {
	if n, _ := server.Number(id); n.PINSet {
		return graphtest.SeedPIN()
	}
	return pin
}
