package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// Attempts is one call: the attempts to send one request. Range over All to
// make them. It is used once, by one goroutine.
type Attempts struct {
	pipe    *Pipe
	header  http.Header
	most    int
	http    http.Client
	retry   retryablehttp.Client
	request retryablehttp.Request
	first   http.Request
	yield   func(*Attempt) bool
	current Attempt
	err     error
}

// Attempts prepares a call. Nothing is sent before All is ranged over.
func (p *Pipe) Attempts(ctx context.Context, r *Request) *Attempts {
	s := &Attempts{pipe: p, header: r.Header, most: max(r.MaxAttempts, 1)}
	s.http = http.Client{Transport: s, CheckRedirect: returnRedirect}
	s.retry.HTTPClient = &s.http
	s.retry.RetryMax = s.most - 1
	s.retry.CheckRetry = isRepeat
	s.retry.Backoff = givenWait
	s.retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	// The header is left out: http.Client copies headers for redirects, and cannot
	// copy a header that it does not have.
	plain := http.Request{
		Method: r.Method, URL: r.URL, Host: r.URL.Host, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	s.first = *plain.WithContext(ctx)
	s.request.Request = &s.first
	s.err = s.setBody(r)
	return s
}

// All yields the attempts, one after another. The loop's body sends the attempt
// that it is given, and calls RepeatAfter if another one should follow; without
// that, or after a break, the call is over.
//
// The loop is go-retryablehttp's. It gives each attempt a body of its own, hands
// it to RoundTrip, which yields it, and waits between two attempts for as long
// as RepeatAfter said or until the context ends.
func (s *Attempts) All(yield func(*Attempt) bool) {
	if s.err != nil {
		return
	}
	s.yield = yield
	resp, _ := s.retry.Do(&s.request)
	if resp != nil {
		_ = resp.Body.Close() // it is http.NoBody
	}
	if s.err == nil && s.current.repeat { // another attempt was wanted and did not come
		s.err = ended(s.request.Context())
	}
}

// Err returns why All ended although another attempt was wanted: the error of
// the context, which ended during the wait. It is nil if the loop's body ended
// the call.
func (s *Attempts) Err() error { return s.err }

// RoundTrip makes Attempts the http.RoundTripper at the bottom of
// go-retryablehttp and http.Client: each request that arrives is an attempt.
func (s *Attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	a := &s.current
	a.repeat = false
	if req.URL.Scheme != s.pipe.scheme || req.URL.Host != s.pipe.host {
		s.err = errForeignOrigin
		return nil, errForeignOrigin
	}
	*a = Attempt{Number: a.Number + 1, all: s, request: req}
	goesOn := s.yield(a)
	a.repeat = a.repeat && goesOn && a.Number < s.most
	if a.body != nil {
		s.pipe.recycle(a.body)
		a.body = nil
	}
	switch {
	case a.repeat:
		return nil, errRepeat
	case a.response == nil:
		return nil, errNoResponse
	}
	a.response.Body = http.NoBody // it was read whole
	return a.response, nil
}

// These errors tell the library what the loop's body decided. They go no further:
// what happened is in the attempt's Answer.
var (
	errRepeat     = errors.New("another attempt follows")
	errNoResponse = errors.New("no response")
)

// errForeignOrigin shows a bug of this module. It must not send a token elsewhere.
var errForeignOrigin = errors.New("request is addressed to another origin than the configured one")

// isRepeat is the library's CheckRetry.
func isRepeat(_ context.Context, _ *http.Response, err error) (bool, error) {
	return errors.Is(err, errRepeat), nil
}

// givenWait is the library's Backoff. It gets RetryWaitMin, which RepeatAfter set.
func givenWait(wait, _ time.Duration, _ int, _ *http.Response) time.Duration { return wait }

// setBody gives each attempt a body of its own. A body that net/http must not
// send again has no GetBody and is never nil, so that it looks like a stream
// that cannot be rewound; net/http probes an empty one and does not send it.
func (s *Attempts) setBody(r *Request) error {
	switch {
	case r.NoReplay:
		body := r.Body
		fresh := func() (io.Reader, error) { return &oneShot{Reader: *bytes.NewReader(body)}, nil }
		if err := s.request.SetBody(fresh); err != nil {
			return err
		}
		s.request.GetBody = nil
	case r.Body != nil:
		return s.request.SetBody(r.Body)
	}
	return nil
}

type oneShot struct{ bytes.Reader }

func (*oneShot) Close() error { return nil }

var _ io.ReadCloser = (*oneShot)(nil)

// returnRedirect makes http.Client return a redirect instead of following it:
// the token must not go to the place that it names.
func returnRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Attempt is one attempt to send a request.
type Attempt struct {
	// Number counts from 1.
	Number int

	all      *Attempts
	request  *http.Request
	response *http.Response
	body     *buffer
	answer   Answer
	repeat   bool
}

// RepeatAfter asks for another attempt after the wait, which should fit (see
// Fits). It does nothing when this attempt was the last one allowed.
func (a *Attempt) RepeatAfter(wait time.Duration) {
	a.repeat, a.all.retry.RetryWaitMin = true, wait
}

// Send sends the request and reads the whole answer, within the pipe's
// AttemptTimeout. The context should be derived from the call's. The Answer is
// valid until the loop's body ends.
func (a *Attempt) Send(ctx context.Context) *Answer {
	p := a.all.pipe
	a.answer = Answer{Attempt: a.Number, Last: a.Number >= a.all.most}
	ctx, leave, err := p.cold.enter(ctx, p.scheme)
	if err != nil {
		a.answer.Err, a.answer.Unsent = err, true
		return &a.answer
	}
	if p.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, p.timeout, errAttemptTimeout)
		defer cancel()
	}
	resp, err := a.roundTrip(ctx, leave) //nolint:bodyclose // readBody closes it
	if err != nil {
		a.answer.Err = WithoutURL(timedOut(ctx, err))
		a.answer.Unsent = neverSent(a.answer.Err)
		return &a.answer
	}
	resp.Header.Del("Location") // http.Client would quote one that it cannot parse
	a.response, a.body = resp, p.buffer()
	err = readBody(a.body, resp, p.maxBody)
	a.answer.Status, a.answer.Header, a.answer.Body = resp.StatusCode, resp.Header, a.body.bytes
	if err != nil {
		a.answer.Err = timedOut(ctx, err)
	}
	return &a.answer
}

// roundTrip sends the request over the application's round tripper. leave lets
// the calls go that wait for the first connection, also after a panic.
func (a *Attempt) roundTrip(ctx context.Context, leave func()) (resp *http.Response, err error) {
	defer leave()
	defer guard.Recover("RoundTripper.RoundTrip", ErrPanicked, &err)
	req := a.request.WithContext(ctx)
	req.Header = a.all.header
	resp, err = a.all.pipe.base.RoundTrip(req)
	switch {
	case err != nil:
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close()
		}
		if record, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(record.RecordHeader[:]) == "HTTP/" {
			err = http.ErrSchemeMismatch
		}
		return nil, err
	case resp == nil:
		return nil, errNilResponse
	}
	return resp, nil
}

var (
	errNilResponse    = errors.New("the round tripper returned neither a response nor an error")
	errAttemptTimeout = fmt.Errorf("no whole answer within the attempt's time: %w", context.DeadlineExceeded)
)

// timedOut returns err, or errAttemptTimeout if the attempt's own time is what
// ended it.
func timedOut(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), errAttemptTimeout) && !errors.Is(err, ErrBodyTooLarge) && !errors.Is(err, ErrErrorBodyTooLarge) {
		return errAttemptTimeout
	}
	return err
}

// Fits reports whether a wait would end before the context's deadline. If it
// would not, the known error is returned at once, instead of a timeout later.
func Fits(ctx context.Context, wait time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// ended returns why a context is over: its own error, and the cause if its
// owner gave another one.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return errors.Join(ctx.Err(), cause)
	}
	return ctx.Err()
}

// WithoutURL returns the error inside a *url.Error. A *url.Error prints the URL,
// and a URL of the token endpoint holds secrets.
func WithoutURL(err error) error {
	for {
		var wrapped *url.Error
		if !errors.As(err, &wrapped) {
			return err
		}
		err = wrapped.Err
	}
}
