package sdktest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Token is the token that clients of a Wire use. Its slash and its signs look
// different in a URL and in JSON, which a search for secrets has to know.
const Token = "EAAcanary/token+of&tests"

// Answer answers one request. The request's body can still be read.
type Answer func(*http.Request) (*http.Response, error)

// Wire is a round tripper that keeps what was sent and answers from a script.
// The last answer of the script is repeated. It counts the bodies of answers
// that were not closed.
type Wire struct {
	mu     sync.Mutex
	script []Answer // the first answers the next request
	sent   []Sent
	open   atomic.Int64
}

// Sent is one request as it reached the Wire.
type Sent struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   string
	At     time.Time
	// Context is the request's context.
	Context context.Context
}

// NewWire returns a Wire with at least one answer.
func NewWire(script ...Answer) *Wire { return &Wire{script: script} }

// RoundTrip implements http.RoundTripper.
func (w *Wire) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := Sent{Method: req.Method, URL: req.URL, Header: req.Header.Clone(), At: time.Now(), Context: req.Context()}
	again := req.Clone(req.Context())
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		_ = req.Body.Close()
		sent.Body, again.Body = string(body), io.NopCloser(bytes.NewReader(body))
	}
	resp, err := w.next(sent)(again)
	if resp != nil {
		w.open.Add(1)
		resp.Request = req
		resp.Body = &countedBody{ReadCloser: resp.Body, open: &w.open}
	}
	return resp, err
}

// next notes a request and returns the answer to it.
func (w *Wire) next(sent Sent) Answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	answer := w.script[0]
	if len(w.script) > 1 {
		w.script = w.script[1:]
	}
	w.sent = append(w.sent, sent)
	return answer
}

// SetScript replaces the answers that are left.
func (w *Wire) SetScript(script ...Answer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.script = script
}

// Sent returns the requests so far.
func (w *Wire) Sent() []Sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Sent(nil), w.sent...)
}

// OpenBodies returns how many bodies of answers were not closed yet.
func (w *Wire) OpenBodies() int { return int(w.open.Load()) }

// Client returns a client that sends through the Wire with Token. At the end of
// the test all bodies have to be closed.
func (w *Wire) Client(t testing.TB, opts ...graph.Option) *graph.Client {
	t.Helper()
	opts = append([]graph.Option{graph.WithHTTPClient(&http.Client{Transport: w})}, opts...)
	client, err := graph.New(graph.StaticToken(Token), opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.Zero(t, w.OpenBodies(), "bodies left open") })
	return client
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
