package graphtest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func TestServer_ZeroValueWorks(t *testing.T) {
	zero, started := new(graphtest.Server), graphtest.Start(graphtest.Option{})
	require.Equal(t, started.World().ClientWABAs, zero.World().ClientWABAs)
	account, err := read(t, zero.Client(), zero.World().ClientWABAs[0])
	require.NoError(t, err)
	require.Equal(t, zero.World().ClientWABAs[0], account)
	require.Len(t, zero.Calls(), 1)
}

func TestServer_NilAnswersWithInputError(t *testing.T) {
	var server *graphtest.Server
	require.Equal(t, graphtest.World{}, server.World())
	require.Empty(t, server.Calls())
	require.Empty(t, server.Allocations())
	require.Empty(t, server.Subscribers("1"))
	require.Empty(t, server.Assigned("1"))
	require.Empty(t, server.Secrets())
	require.Nil(t, server.Dump())
	require.Zero(t, server.Exchanges(graphtest.SeedPIN())+server.Registrations("1")+server.Deregistrations("1"))
	require.True(t, server.Now().IsZero())
	_, found := server.Number("1")
	require.False(t, found)
	funding, currency := server.Funding("1")
	require.Empty(t, string(funding)+currency)
	server.Advance(time.Hour)
	server.Control("GET /{no-such-route}", nil)()
	server.Throttle("", 1, 0)
	server.Fail("", 4, 0)
	server.LoseReply("")
	server.CutBody("", 1)
	server.Delay("", 1)

	_, err := server.Signup(graphtest.SignupOptions{})
	for name, err := range map[string]error{
		"Signup": err, "BusinessToken": second(server.BusinessToken("1")),
		"AddNumber": second(server.AddNumber("1")), "AddWABA": second(server.AddWABA("1", "x")),
		"ApproveName": server.ApproveName("1"), "DeclineName": server.DeclineName("1"), "RequestRename": server.RequestRename("1", "x"),
		"VerifyNumber": server.VerifyNumber("1"), "ExpireVerification": server.ExpireVerification("1"),
		"SetPIN": server.SetPIN("1", graphtest.SeedPIN()), "SetNumberStatus": server.SetNumberStatus("1", "X"),
		"DeleteNumber": server.DeleteNumber("1"), "DeleteWABA": server.DeleteWABA("1"), "SetReview": server.SetReview("1", "", ""),
		"Unshare": server.Unshare("1"), "Reshare": server.Reshare("1"), "RevokeToken": server.RevokeToken(graphtest.SeedPIN(), 0),
	} {
		input, ok := errors.AsType[*graph.InputError](err)
		require.True(t, ok, name)
		require.Contains(t, input.Error(), "graphtest.New", name)
	}

	_, err = read(t, server.ClientFor(graph.StaticToken("x")), "1")
	require.ErrorContains(t, err, "graphtest.Server is nil")
	rec := httptest.NewRecorder()
	server.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/me", http.NoBody))
	require.Equal(t, http.StatusInternalServerError, rec.Code)
}

func TestServer_ClientFor_WrongSource(t *testing.T) {
	server := graphtest.New(t)
	for says, source := range map[string]graph.TokenSource{
		"token source is nil": nil, "token is empty": graph.StaticToken(""), "token contains a blank": graph.StaticToken(" x"),
	} {
		_, err := read(t, server.ClientFor(source), "1")
		require.ErrorContains(t, err, says)
		require.Equal(t, graph.ErrInput, graph.KindOf(err))
	}
	require.Empty(t, server.Calls())
}

func second[T any](_ T, err error) error { return err }

// read gets the id of an account, which is enough to see whether a client works.
func read(t *testing.T, client *graph.Client, id graph.WABAID) (graph.WABAID, error) {
	t.Helper()
	var account struct{ ID graph.WABAID }
	err := client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{string(id)}}, &account)
	return account.ID, err
}

func TestServer_AdvanceIgnoresNegativeTime(t *testing.T) {
	server := graphtest.New(t)
	before := server.Now()
	server.Advance(-time.Hour)
	require.False(t, server.Now().Before(before))
	server.Advance(time.Hour)
	require.GreaterOrEqual(t, server.Now().Sub(before), time.Hour)
}

func TestServer_ClientForPanicsOnWrongOption(t *testing.T) {
	server := graphtest.New(t)
	require.Panics(t, func() { server.Client(graph.WithBaseURL("ftp://x")) })
}

// spy records what a Server says about a test when the test ends.
type spy struct {
	cleanup []func()
	said    []string
}

func (*spy) Helper()                          {}
func (s *spy) Cleanup(f func())               { s.cleanup = append(s.cleanup, f) }
func (s *spy) Errorf(format string, a ...any) { s.said = append(s.said, fmt.Sprintf(format, a...)) }

func TestNew_FailsTestOnOpenBody(t *testing.T) {
	for _, closed := range []bool{false, true} {
		test := &spy{}
		server := graphtest.New(test)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, graphtest.BaseURL+"/me", http.NoBody)
		require.NoError(t, err)
		resp, err := server.RoundTripper().RoundTrip(req)
		require.NoError(t, err)
		if closed {
			require.NoError(t, resp.Body.Close())
			require.NoError(t, resp.Body.Close())
		}
		for _, f := range test.cleanup {
			f()
		}
		if closed {
			require.Empty(t, test.said)
		} else {
			require.Equal(t, []string{"graphtest: 1 response bodies were left open"}, test.said)
			require.NoError(t, resp.Body.Close())
		}
	}
	require.NotEmpty(t, graphtest.New(nil).World().App, "without a test it is Start")
}
