package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// call is one call to Graph: one HTTP request, with all attempts to send it.
type call struct {
	answers
	client  *Client
	address url.URL
}

// newCall returns a call. It is a function that returns a value so that the
// caller decides where the call lives.
func newCall(c *Client, req *Request, out any) call {
	return call{client: c, answers: answers{subject: subject{core: c.core, request: req}, out: out}}
}

// do makes one call and decodes its answer into out.
func (c *Client) do(ctx context.Context, req *Request, out any) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	made := newCall(c, req, out)
	return made.run(ctx)
}

// run makes the call: each turn of the loop is one attempt. Between two turns
// go-retryablehttp waits and rewinds the body.
func (c *call) run(ctx context.Context) error {
	wire, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	attempts := c.core.pipe.Attempts(ctx, &wire)
	for attempt := range attempts.All {
		attemptCtx, err := c.begin(ctx, attempt.Number) // the pacer lets it go, the tracer sees it start
		if err != nil {
			c.err = c.heldBack(ctx, attempt.Number, err, c.err)
			break
		}
		answer := attempt.Send(attemptCtx) // ends within RetryPolicy.AttemptTimeout, body included
		c.err = c.read(answer)             // nil: the answer is decoded into out
		next := c.decide(ctx, answer)      // by the error's Kind and the request's Repeat
		next = c.report(answer, next)      // the tracer and the pacer see how it ended
		if !next.repeat {
			break
		}
		attempt.RepeatAfter(next.wait)
	}
	return c.conclude(ctx, attempts.Err())
}

// prepare builds what is sent, and fails if anything is wrong with it.
func (c *call) prepare(ctx context.Context) (wire transport.Request, err error) {
	core, req := c.core, c.request
	if err := req.check(); err != nil {
		return wire, err
	}
	if err := checkTarget(c.out); err != nil {
		return wire, err
	}
	path, err := req.path(core.prefix)
	if err != nil {
		return wire, err
	}
	params, err := encodeParams("query", req.Query)
	if err != nil {
		return wire, err
	}
	if err := refuseTokenParams(params); err != nil {
		return wire, err
	}
	body, contentType, form, err := req.body()
	if err != nil {
		return wire, err
	}
	header := http.Header{"User-Agent": core.agent}
	if contentType != "" {
		header["Content-Type"] = []string{contentType}
	}
	proof := ""
	token, err := c.client.token(ctx)
	if err != nil {
		return wire, c.tokenError(ctx, err)
	}
	if token != "" {
		known := c.client.credential(token)
		header["Authorization"] = known.header
		c.secrets = append(slices.Grow(c.secrets, 3), token)
		if proof = known.proof; proof != "" {
			c.secrets = append(c.secrets, proof)
		}
	}
	c.hide(core.secret, params, form)
	if req.JSON != nil {
		c.hideJSON(body)
	}

	c.address = url.URL{Scheme: core.base.Scheme, Host: core.base.Host, Path: path, RawQuery: encodeQuery(params, proof)}
	return transport.Request{
		Method:      req.Method,
		URL:         &c.address,
		Header:      header,
		Body:        body,
		NoReplay:    !req.mayRepeat(),
		MaxAttempts: core.policy.MaxAttempts,
	}, nil
}

// tokenError keeps an InputError, and wraps what a vault or key service
// returned. If such a service cannot be reached, that says nothing about the
// token. So the error is not an ErrAuth, after which applications delete tokens.
// If a source asks Graph or an OAuth server, the kind of their error is kept.
func (s *subject) tokenError(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*InputError](err); ok {
		return err
	}
	e := s.fail(ErrTransient, 0)
	e.Message, e.cause = "the token source gave no token", withoutURL(err)
	e.Advice = "Nothing was sent"
	inner, asked := errors.AsType[*Error](err)
	_, refused := errors.AsType[*oauth2.RetrieveError](err)
	panicked, ok := errors.AsType[*guard.Panic](err)
	switch {
	case ok:
		e.Kind, e.Stack = ErrPanicked, panicked.Stack
	case ctx.Err() != nil:
		e.Kind = ErrInterrupted
	case asked && inner.Kind != ErrOutcomeUnknown: // that is about the source's call, not about this one
		e.Kind, e.RetryAfter = inner.Kind, inner.RetryAfter
	case refused:
		e.Kind = ErrAuth
	}
	return e
}

// conclude returns the error of the last attempt, with the reason why no further
// attempt followed. interrupted is the error of a context that ended during the
// wait for one.
func (r *answers) conclude(ctx context.Context, interrupted error) error {
	e := r.err
	switch {
	case e == nil && interrupted == nil:
		return nil
	case e == nil: // not one attempt was made
		return r.heldBack(ctx, 1, interrupted, nil)
	case interrupted != nil:
		e.cause = errors.Join(e.cause, interrupted)
	case ctx.Err() != nil && e.cause != nil && (e.Status == 0 || isContext(e.cause)):
		if e.Kind == ErrTransient {
			e.Kind = ErrInterrupted
		}
		if !isContext(e.cause) {
			e.cause = errors.Join(e.cause, ctx.Err())
		}
	}
	return e
}
