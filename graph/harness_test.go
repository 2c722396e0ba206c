package graph_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// The secrets of these tests. All output of the SDK is searched for them.
// The slashes and signs look different in a URL and in JSON.
const (
	token     = sdktest.Token
	appSecret = "canary-app/secret=1"
	code      = "AQDcanary/code#2"
	pin       = "270731"
)

// proof is openssl's HMAC-SHA256 of token under appSecret.
const proof = "00f8dbd663c2f80faa9faea6cef35bb466fc9156bdf59a07ac24d09472081842"

// search keeps the forms of the secrets.
var search sdktest.SecretSearch

// requireNoSecret fails the test if a text shows one of the secrets.
func requireNoSecret(t *testing.T, text string) {
	t.Helper()
	search.RequireNone(t, text, graph.NewSecret(token), graph.NewSecret(appSecret), graph.NewSecret(code), graph.NewSecret(pin), graph.NewSecret(proof))
}

// answer answers one request.
type answer = sdktest.Answer

// wire records requests and answers from a script, whose last line is repeated.
type wire struct{ *sdktest.Wire }

func newWire(script ...answer) *wire { return &wire{sdktest.NewWire(script...)} }

func (w *wire) count() int { return len(w.Sent()) }

// newClient returns a client on a wire, and checks at the end of the test that every
// body was closed.
func newClient(t *testing.T, w *wire, opts ...graph.Option) *graph.Client {
	t.Helper()
	return w.Client(t, append([]graph.Option{graph.WithAppSecret(graph.NewSecret(appSecret))}, opts...)...)
}

// reply answers with a status, a body, and headers as "Name: value".
func reply(status int, body string, headers ...string) answer {
	return sdktest.Reply(status, body, headers...)
}

// graphError answers as Graph does when it refuses.
func graphError(status int, fields string, headers ...string) answer {
	return sdktest.GraphError(status, fields, headers...)
}

// regain returns the usage header of a WABA that is over its quota.
func regain(minutes int) string { return sdktest.Regain(minutes) }

// fails answers with an error in place of a response.
func fails(err error) answer { return sdktest.Fails(err) }

var errReset, errDial = sdktest.ErrReset, sdktest.ErrDial

// hang answers when the request's context ends, as net/http does.
func hang(req *http.Request) (*http.Response, error) { return sdktest.Hang(req) }

// after delays an answer, unless the context ends first.
func after(d time.Duration, next answer) answer { return sdktest.Delayed(d, next) }

// cut answers with a body that breaks off.
func cut(status int, body string) answer {
	return sdktest.WithBody(reply(status, body), func(_ *http.Request, sent []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(sent), sdktest.FailingReader(io.ErrUnexpectedEOF))
	})
}

// stall answers with a header, and with a body that does not end.
func stall(req *http.Request) (*http.Response, error) {
	return sdktest.WithBody(reply(http.StatusOK, ""), sdktest.StalledBody)(req)
}

// The calls of these tests: one of each kind.
func read(repeat graph.Repeat) graph.Request {
	return graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{wabaID}, Repeat: repeat}
}

func write(repeat graph.Repeat) graph.Request {
	return graph.Request{
		Method: http.MethodPost, Route: "/{waba-id}/subscribed_apps", IDs: []string{wabaID}, Repeat: repeat,
		Form: url.Values{"pin": {pin}, "code": {code}},
	}
}

const wabaID = "102290129340398"

// graphErrorOf returns the *Error in err's chain, which must be there.
func graphErrorOf(t *testing.T, err error) *graph.Error {
	t.Helper()
	var e *graph.Error
	require.ErrorAs(t, err, &e)
	return e
}

// requireInput checks that an error is an InputError about a field.
func requireInput(t *testing.T, field string, err error) {
	t.Helper()
	var input *graph.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, field, input.Field)
	require.ErrorIs(t, err, graph.ErrInput)
	require.NotEmpty(t, input.Reason)
}
