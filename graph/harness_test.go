package graph_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/stretchr/testify/require"
)

// The secrets of these tests. All output of the SDK is searched for them.
// The slashes and signs look different in a URL and in JSON.
const (
	token     = "EAAcanary/token+of&tests"
	appSecret = "canary-app/secret=1"
	code      = "AQDcanary/code#2"
	pin       = "270731"
)

// proof is openssl's HMAC-SHA256 of token under appSecret.
const proof = "00f8dbd663c2f80faa9faea6cef35bb466fc9156bdf59a07ac24d09472081842"

// requireNoSecret searches a text for every secret, in the forms in which secrets
// get into logs.
func requireNoSecret(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{token, appSecret, code, pin, proof} {
		quoted, err := json.Marshal(secret)
		require.NoError(t, err)
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "/", `\/`), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
		} {
			require.NotContains(t, text, form)
		}
	}
}

// answer answers one request.
type answer func(*http.Request) (*http.Response, error)

// wire is a round tripper that records requests and answers from a script, whose
// last line is repeated. It counts the bodies that were not closed.
type wire struct {
	mu     sync.Mutex
	script []answer
	sent   []*sent
	open   atomic.Int64
}

// sent is one request as it reached the wire.
type sent struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   string
	At     time.Time
}

func newWire(script ...answer) *wire { return &wire{script: script} }

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	s := &sent{Method: req.Method, URL: req.URL, Header: req.Header.Clone(), At: time.Now()}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		_ = req.Body.Close()
		s.Body = string(body)
	}
	w.mu.Lock()
	next := w.script[min(len(w.sent), len(w.script)-1)]
	w.sent = append(w.sent, s)
	w.mu.Unlock()
	resp, err := next(req)
	if resp != nil {
		w.open.Add(1)
		resp.Request = req
		resp.Body = &countedBody{ReadCloser: resp.Body, open: &w.open}
	}
	return resp, err
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sent)
}

type countedBody struct {
	io.ReadCloser
	open *atomic.Int64
	once sync.Once
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.open.Add(-1) })
	return b.ReadCloser.Close()
}

// newClient returns a client on a wire, and checks at the end of the test that every
// body was closed.
func newClient(t *testing.T, w *wire, opts ...graph.Option) *graph.Client {
	t.Helper()
	all := append([]graph.Option{
		graph.WithHTTPClient(&http.Client{Transport: w}),
		graph.WithAppSecret(graph.NewSecret(appSecret)),
	}, opts...)
	c, err := graph.New(graph.StaticToken(token), all...)
	require.NoError(t, err)
	t.Cleanup(func() { require.Zero(t, w.open.Load(), "bodies left open") })
	return c
}

// reply answers with a status, a body, and headers as "Name: value".
func reply(status int, body string, headers ...string) answer {
	return func(*http.Request) (*http.Response, error) {
		resp := &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, ContentLength: int64(len(body)),
			Body: io.NopCloser(strings.NewReader(body)),
		}
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			resp.Header.Add(name, value)
		}
		return resp, nil
	}
}

// graphError answers as Graph does when it refuses.
func graphError(status int, fields string, headers ...string) answer {
	return reply(status, `{"error":{`+fields+`}}`, headers...)
}

// regain returns the usage header of a WABA that is over its quota.
func regain(minutes string) string {
	return `X-Business-Use-Case-Usage: {"102290129340398":[{"type":"whatsapp_business_management","call_count":100,` +
		`"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":` + minutes + `}]}`
}

// fails answers with an error in place of a response.
func fails(err error) answer {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

var (
	errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errDial  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// hang answers when the request's context ends, as net/http does.
func hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// after delays an answer, unless the context ends first.
func after(d time.Duration, next answer) answer {
	return func(req *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return next(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}
}

// cut answers with a body that breaks off.
func cut(status int, body string) answer {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := reply(status, body)(req)
		resp.ContentLength += 100
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewBufferString(body), failingReader{io.ErrUnexpectedEOF}))
		return resp, err
	}
}

// stall answers with a header, and with a body that never ends coming.
func stall(req *http.Request) (*http.Response, error) {
	resp, err := reply(http.StatusOK, "")(req)
	resp.ContentLength = -1
	resp.Body = io.NopCloser(readerFunc(func([]byte) (int, error) {
		<-req.Context().Done()
		return 0, context.Cause(req.Context())
	}))
	return resp, err
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

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
