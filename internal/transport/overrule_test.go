package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// newEcho answers every request with its method and its body.
func newEcho(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+string(body))
	}))
	t.Cleanup(s.Close)
	return s
}

// byDefault returns a go-retryablehttp client with all defaults but the long waits.
func byDefault() *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.RetryWaitMin, c.RetryWaitMax = 0, 0
	return c
}

func silent(c *retryablehttp.Client) *retryablehttp.Client {
	c.Logger = nil
	return c
}

// failing answers every request with a 502 and counts them.
func failing(t *testing.T) (address string, got *atomic.Int32) {
	t.Helper()
	got = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		got.Add(1)
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "the reason")
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

// drain reads a response to its end, so that its connection can be used again.
func drain(t *testing.T, resp *http.Response) {
	t.Helper()
	_, err := io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
}

func TestOverrule_PostIsSentAsOftenAsTheHandlerSays(t *testing.T) {
	address, got := failing(t)
	_, err := silent(byDefault()).Post(address, "text/plain", []byte("share"))
	require.Error(t, err)
	require.EqualValues(t, 5, got.Swap(0), "the library's default: a POST is sent five times")

	h := &handler{judge: func(*transport.Answer) verdict { return verdict{Err: io.EOF} }}
	post := request(t, http.MethodPost, address)
	post.MaxAttempts, post.Body = 5, []byte("share")
	require.ErrorIs(t, do(t.Context(), newPipe(t, address, nil), post, h).Err, io.EOF)
	require.EqualValues(t, 1, got.Load())
}

func TestOverrule_URLsAreNeitherLoggedNorInErrors(t *testing.T) {
	s := newResetting(t)
	const secret = "client_secret=canary"
	logged := capture(t, func() {
		c := byDefault()
		c.RetryMax = 0
		resp, err := c.Get(s.URL + "/?" + secret) // the connection's first request
		require.NoError(t, err)
		drain(t, resp)
		_, err = c.Post(s.URL+"/?"+secret, "text/plain", []byte("x"))
		require.ErrorContains(t, err, secret, "the library's default: the error prints the URL")
		c.HTTPClient.CloseIdleConnections()
	})
	require.Contains(t, logged, secret, "the library's default: the log prints the URL")

	logged = capture(t, func() {
		p, h := newPipe(t, s.URL, nil), &handler{}
		require.NoError(t, do(t.Context(), p, request(t, http.MethodGet, s.URL+"/?"+secret), h).Err)
		err := do(t.Context(), p, request(t, http.MethodPost, s.URL+"/?"+secret), h).Err
		require.Error(t, err)
		require.NotContains(t, err.Error(), "canary")
		require.NotContains(t, err.Error(), s.URL)
	})
	require.Empty(t, logged)
}

// capture returns what the library's default logger writes meanwhile. It is one
// for the whole program.
func capture(t *testing.T, run func()) string {
	t.Helper()
	logger, ok := retryablehttp.NewClient().Logger.(*log.Logger)
	require.True(t, ok)
	var text bytes.Buffer
	logger.SetOutput(&text)
	defer logger.SetOutput(os.Stderr)
	run()
	return text.String()
}

func TestOverrule_TheLibraryLooksAtStatusesAndNotAtBodies(t *testing.T) {
	throttled := &http.Response{StatusCode: http.StatusBadRequest, Body: io.NopCloser(strings.NewReader(`{"error":{"code":4}}`))}
	again, err := retryablehttp.DefaultRetryPolicy(t.Context(), throttled, nil)
	require.NoError(t, err)
	require.False(t, again, "the library's default: a Graph throttle is final")

	address, got := failing(t)
	h := &handler{judge: func(a *transport.Answer) verdict {
		return verdict{Err: errors.New("no"), Repeat: string(a.Body) == "the reason"}
	}}
	get := request(t, http.MethodGet, address)
	get.MaxAttempts = 3
	out := do(t.Context(), newPipe(t, address, nil), get, h)
	require.EqualError(t, out.Err, "no", "the handler's error is not wrapped")
	require.Equal(t, 3, out.Attempts)
	require.EqualValues(t, 3, got.Load(), "the handler decides with the body in its hand")
}

func TestOverrule_TheLibraryKnowsNoRequestAfterAReset(t *testing.T) {
	s := newResetting(t)
	c := silent(byDefault())
	var responses []*http.Response
	c.CheckRetry = func(_ context.Context, resp *http.Response, err error) (bool, error) {
		responses = append(responses, resp)
		return false, err
	}
	resp, err := c.Post(s.URL, "text/plain", []byte("first"))
	require.NoError(t, err)
	drain(t, resp)
	_, err = c.Post(s.URL, "text/plain", []byte("second"))
	require.Error(t, err)
	require.Nil(t, responses[1], "the library's default: no response, hence no method")
	c.HTTPClient.CloseIdleConnections()
}

func TestOverrule_TheLibraryObeysAnyRetryAfter(t *testing.T) {
	resp := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"86400"}}}
	require.Equal(t, 24*time.Hour, retryablehttp.DefaultBackoff(time.Second, 30*time.Second, 0, resp), "the library's default")
	require.Equal(t, 8*time.Second, retryablehttp.DefaultBackoff(time.Second, 30*time.Second, 3, nil), "the library's default: no jitter")

	address, _ := failing(t)
	h := &handler{judge: func(*transport.Answer) verdict {
		return verdict{Err: io.EOF, Repeat: true, Wait: time.Millisecond}
	}}
	get := request(t, http.MethodGet, address)
	get.MaxAttempts = 2
	start := time.Now()
	require.ErrorIs(t, do(t.Context(), newPipe(t, address, nil), get, h).Err, io.EOF)
	require.Less(t, time.Since(start), 30*time.Second, "the wait is the handler's")
}

func TestOverrule_GivingUpKeepsTheAnswer(t *testing.T) {
	address, _ := failing(t)
	_, err := silent(byDefault()).Get(address)
	require.ErrorContains(t, err, "giving up")
	require.NotContains(t, err.Error(), "the reason", "the library's default: the server's reason is lost")

	h := &handler{judge: func(a *transport.Answer) verdict {
		return verdict{Err: errors.New(string(a.Body)), Repeat: true}
	}}
	get := request(t, http.MethodGet, address)
	get.MaxAttempts = 2
	require.EqualError(t, do(t.Context(), newPipe(t, address, nil), get, h).Err, "the reason")
}

// closeCounting counts how often a round tripper's idle connections are closed.
type closeCounting struct {
	http.RoundTripper
	closed int
}

func (c *closeCounting) CloseIdleConnections() { c.closed++ }

func TestOverrule_GivingUpKeepsTheIdleConnections(t *testing.T) {
	address, _ := failing(t)
	base := transport.NewBase()
	t.Cleanup(base.CloseIdleConnections)
	shared := &closeCounting{RoundTripper: base}

	c := silent(byDefault())
	c.HTTPClient.Transport = shared
	_, err := c.Get(address)
	require.Error(t, err)
	require.Equal(t, 1, shared.closed, "the library's default: one failed call closes the connections of all calls")

	h := &handler{judge: func(*transport.Answer) verdict { return verdict{Err: io.EOF, Repeat: true} }}
	get := request(t, http.MethodGet, address)
	get.MaxAttempts = 3
	require.Error(t, do(t.Context(), newPipe(t, address, shared), get, h).Err)
	require.Equal(t, 1, shared.closed)

	ctx, cancel := context.WithCancel(t.Context())
	h.judge = func(*transport.Answer) verdict {
		cancel()
		return verdict{Err: io.EOF, Repeat: true, Wait: time.Hour}
	}
	out := do(ctx, newPipe(t, address, shared), get, h)
	require.ErrorIs(t, out.Interrupted, context.Canceled)
	require.Equal(t, 1, shared.closed, "nor does a cancelled wait cost them")
}
