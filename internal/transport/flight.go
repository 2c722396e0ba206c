package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Do sends the request and repeats it while the handler's verdicts ask for it
// and attempts are left.
func (p *Pipe) Do(ctx context.Context, r *Request, h Handler) Outcome {
	f := &flight{pipe: p, handler: h, header: r.Header, attempts: max(r.MaxAttempts, 1)}
	f.http = http.Client{Transport: f, CheckRedirect: returnRedirect}
	f.retry.HTTPClient = &f.http
	f.retry.RetryMax = f.attempts - 1
	f.retry.CheckRetry = f.check
	f.retry.Backoff = decided
	f.retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	f.first = *httpRequest(r).WithContext(ctx)
	f.request.Request = &f.first
	f.request.SetResponseHandler(f.read)
	if err := f.setBody(r); err != nil {
		return Outcome{Err: err}
	}

	resp, err := f.retry.Do(&f.request)
	if resp != nil {
		_ = resp.Body.Close() // read and closed before; costs nothing to be sure
	}
	out := Outcome{Err: f.verdict.Err, Attempts: f.attempt}
	switch {
	case f.refused != nil:
		out.Err = f.refused
	case f.verdict.Repeat && !f.last() && ctx.Err() != nil:
		out.Interrupted = ended(ctx)
	case out.Err == nil && err != nil:
		out.Err = WithoutURL(err)
	}
	return out
}

// flight is one call on its way: the state of the retry loop, the two clients
// that the library wants, and the round tripper below them.
type flight struct {
	pipe     *Pipe
	handler  Handler
	http     http.Client
	retry    retryablehttp.Client
	request  retryablehttp.Request
	first    http.Request
	header   http.Header
	attempts int

	attempt int
	unsent  bool               // the running attempt did not get to the base
	release context.CancelFunc // ends the running attempt's timeout
	answer  Answer             // of the attempt that ended last
	verdict Verdict
	refused error // from Handler.Before
}

// httpRequest has no header yet. http.Client copies it for redirects that are
// not followed; what it does not see it cannot carry anywhere.
func httpRequest(r *Request) *http.Request {
	return &http.Request{
		Method: r.Method, URL: r.URL, Host: r.URL.Host, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
}

// setBody gives each attempt a body of its own. One that net/http must not send
// again has no GetBody and is never nil, so that it looks like a stream that
// cannot be rewound; an empty one is probed and not sent.
func (f *flight) setBody(r *Request) error {
	switch {
	case r.NoReplay:
		body := r.Body
		fresh := func() (io.Reader, error) { return &oneShot{Reader: *bytes.NewReader(body)}, nil }
		if err := f.request.SetBody(fresh); err != nil {
			return err
		}
		f.first.GetBody = nil
	case r.Body != nil:
		return f.request.SetBody(r.Body)
	}
	return nil
}

type oneShot struct{ bytes.Reader }

func (*oneShot) Close() error { return nil }

// returnRedirect makes net/http hand a redirect to us instead of following it:
// wherever it points, our token does not go there.
func returnRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// errForeignOrigin can only be met by a bug, and a bug must not cost a token.
var errForeignOrigin = errors.New("request is addressed to another origin than the configured one")

// RoundTrip is the bottom of the stack: one attempt. The timeout that it
// starts is ended by read or check, once the body has been taken in.
func (f *flight) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != f.pipe.scheme || req.URL.Host != f.pipe.host {
		f.refused = errForeignOrigin
		return nil, errForeignOrigin
	}
	ctx, err := f.handler.Before(req.Context(), f.attempt+1)
	if err != nil {
		f.refused = err
		return nil, err
	}
	f.attempt++
	ctx, leave, err := f.pipe.cold.enter(ctx, f.pipe.scheme)
	f.unsent = err != nil
	if err != nil {
		return nil, err
	}
	if f.pipe.timeout > 0 {
		ctx, f.release = context.WithTimeoutCause(ctx, f.pipe.timeout, errAttemptTimeout)
	}
	req = req.WithContext(ctx)
	req.Header = f.header
	defer leave() // also when the base panics: others wait for it
	resp, err := f.pipe.base.RoundTrip(req)
	if err == nil && resp != nil {
		// Nobody here goes there, and http.Client would make an error that
		// quotes it of one that it cannot parse.
		resp.Header.Del("Location")
	}
	if err != nil && ctx.Err() != nil && errors.Is(context.Cause(ctx), errAttemptTimeout) {
		err = errAttemptTimeout
	}
	return resp, err
}

var errAttemptTimeout = fmt.Errorf("no whole answer within the attempt's time: %w", context.DeadlineExceeded)

// check is the library's CheckRetry. It is called twice for an attempt that
// got a response: ahead of read with a nil error, where the answer is "no" so
// that read runs at all, and after it with read's error.
func (f *flight) check(_ context.Context, resp *http.Response, err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	if resp == nil {
		f.finish()
		if f.refused != nil {
			return false, f.refused
		}
		err = WithoutURL(err)
		f.answer = Answer{Attempt: f.attempt, Err: err, Unsent: f.unsent || neverSent(err), Last: f.last()}
		f.verdict = f.handler.Judge(&f.answer)
	}
	f.retry.RetryWaitMin = f.verdict.Wait
	return f.verdict.Repeat && !f.last(), nil
}

// decided is the library's Backoff, which is given RetryWaitMin: check has put
// the verdict's wait there.
func decided(wait, _ time.Duration, _ int, _ *http.Response) time.Duration { return wait }

// Fits tells whether a wait would end before the context's deadline. Waiting
// into the deadline would only trade the known cause for a bare timeout.
func Fits(ctx context.Context, wait time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// ended is why a context is over: its own error, and the cause if its owner
// gave another one.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return errors.Join(ctx.Err(), cause)
	}
	return ctx.Err()
}

// read is the library's response handler: it takes in the body and judges.
func (f *flight) read(resp *http.Response) error {
	buf := f.pipe.buffer()
	err := readBody(buf, resp, f.pipe.maxBody)
	if err != nil && errors.Is(err, context.DeadlineExceeded) && f.request.Context().Err() == nil {
		err = errAttemptTimeout
	}
	f.finish()
	f.answer = Answer{
		Attempt: f.attempt, Status: resp.StatusCode, Header: resp.Header,
		Body: buf.Bytes(), Err: err, Last: f.last(),
	}
	f.verdict = f.handler.Judge(&f.answer)
	f.pipe.recycle(buf)
	resp.Body = http.NoBody
	return f.verdict.Err
}

func (f *flight) last() bool { return f.attempt >= f.attempts }

func (f *flight) finish() {
	if f.release != nil {
		f.release()
		f.release = nil
	}
}

// WithoutURL takes the *url.Error off: it prints the URL, and a URL of the
// token endpoint holds secrets.
func WithoutURL(err error) error {
	for {
		var wrapped *url.Error
		if !errors.As(err, &wrapped) {
			return err
		}
		err = wrapped.Err
	}
}

var _ io.ReadCloser = (*oneShot)(nil)
