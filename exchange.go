package wagraph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// exchange is one call on its way: it prepares what is sent, and judges each
// answer while its body is still in memory.
type exchange struct {
	client   *Client
	request  *Request
	out      any
	address  url.URL
	secrets  []string // never to show in an error
	quotes   []string // the forms of the first quotable secrets
	quotable int
	unpaced  bool // the pacer was asked elsewhere
	batched  bool // one op of a batch
	started  time.Time
	ctx      context.Context // of the running attempt
	err      *Error          // of the last attempt
}

func (c *Client) do(ctx context.Context, req *Request, out any) error {
	x := exchange{client: c, request: req, out: out}
	return x.run(ctx)
}

func (x *exchange) run(ctx context.Context) error {
	wire, err := x.prepare(ctx)
	if err != nil {
		return err
	}
	return x.conclude(ctx, x.client.core.pipe.Do(ctx, &wire, x))
}

// prepare builds what is sent, and fails on whatever is wrong with it.
func (x *exchange) prepare(ctx context.Context) (wire transport.Request, err error) {
	core, req := x.client.core, x.request
	if err := req.check(); err != nil {
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
	token, err := x.client.token(ctx)
	if err != nil {
		return wire, x.tokenError(ctx, err)
	}
	if token != "" {
		known := x.client.credential(token)
		header["Authorization"] = known.header
		x.secrets = append(slices.Grow(x.secrets, 3), token)
		if proof = known.proof; proof != "" {
			x.secrets = append(x.secrets, proof)
		}
	}
	x.noteSecrets(params, form)
	if req.JSON != nil {
		x.noteJSON(body)
	}

	x.address = url.URL{Scheme: core.base.Scheme, Host: core.base.Host, Path: path, RawQuery: encodeQuery(params, proof)}
	return transport.Request{
		Method:      req.Method,
		URL:         &x.address,
		Header:      header,
		Body:        body,
		NoReplay:    !x.harmless(),
		MaxAttempts: core.policy.MaxAttempts,
	}, nil
}

// tokenError keeps an InputError, and wraps what a vault or key service said.
// That one is out of reach says nothing about the token, so it is no ErrAuth: on
// that people throw tokens away. A source that asks Graph, or an OAuth server,
// knows better.
func (x *exchange) tokenError(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*InputError](err); ok {
		return err
	}
	e := x.fail(ErrTransient, 0)
	e.Message, e.cause = "the token source gave no token", withoutURL(err)
	e.Advice = "Nothing was sent"
	inner, asked := errors.AsType[*Error](err)
	_, refused := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case ctx.Err() != nil:
		e.Kind = ErrInterrupted
	case asked && inner.Kind != ErrOutcomeUnknown: // that is about the source's call, not about this one
		e.Kind, e.RetryAfter = inner.Kind, inner.RetryAfter
	case refused:
		e.Kind = ErrAuth
	}
	return e
}

// Before lets the attempt go when it is its turn.
func (x *exchange) Before(ctx context.Context, attempt int) (context.Context, error) {
	core := x.client.core
	if err := ctx.Err(); err != nil {
		return ctx, err
	}
	if core.pacer != nil && !x.unpaced {
		if err := core.pace(ctx, x.traceStart(attempt)); err != nil {
			return ctx, err
		}
	}
	x.ctx = ctx
	if core.watched() {
		x.started = time.Now()
	}
	if core.tracer != nil {
		ctx = core.tracer.TraceStart(ctx, x.traceStart(attempt))
		x.ctx = ctx
	}
	return ctx, nil
}

func (x *exchange) traceStart(attempt int) TraceStart {
	return TraceStart{
		Method: x.request.Method, Route: x.request.Route, IDs: x.request.IDs,
		Version: x.client.core.version, Attempt: attempt, Batched: x.batched,
	}
}

func (x *exchange) traceEnd(a *transport.Answer, verdict transport.Verdict) TraceEnd {
	end := TraceEnd{
		TraceStart: x.traceStart(a.Attempt), Status: a.Status, Err: verdict.Err,
		Duration: time.Since(x.started), Retry: verdict.Repeat && !a.Last, Wait: verdict.Wait,
		AnsweredVersion: x.header(a, "Facebook-Api-Version"),
		TraceID:         clip(x.header(a, "X-Fb-Trace-Id")),
		appUsage:        x.header(a, headerAppUsage), assetUsage: x.header(a, headerAssetUsage),
	}
	if !end.Retry {
		end.Wait = 0
	}
	return end
}

// Judge decides what an attempt came to, and whether the call goes on.
func (x *exchange) Judge(a *transport.Answer) transport.Verdict {
	x.err = x.read(a)
	var verdict transport.Verdict
	if x.err != nil {
		x.err.Attempts = a.Attempt
		if x.err.TraceID == "" {
			x.err.TraceID = clip(x.header(a, "X-Fb-Trace-Id"))
		}
		verdict = x.decide(a)
	}
	if core := x.client.core; core.watched() {
		core.ended(x.ctx, x.traceEnd(a, verdict))
	}
	return verdict
}

// read turns an answer into a decoded out, or into an error.
func (x *exchange) read(a *transport.Answer) *Error {
	switch {
	case errors.Is(a.Err, transport.ErrBodyTooLarge):
		e := x.fail(ErrBadResponse, a.Status)
		e.cause, e.Advice = a.Err, "Ask for fewer fields or smaller pages, or raise WithMaxBody"
		return e
	case a.Err != nil:
		e := x.fail(ErrTransient, a.Status)
		e.cause = x.scrubError(a.Err)
		if a.Status != 0 {
			e.Message = "the answer was cut off"
		}
		return e
	case a.Status >= 300 && a.Status < 400:
		e := x.fail(ErrBadResponse, a.Status)
		e.Message, e.Advice = "redirects are refused", "Check the base URL: the Graph API does not redirect"
		return e
	case a.Status >= 300 || a.Status < 200:
		if e := x.readError(a); e != nil {
			return e
		}
		return x.unexpected(a)
	case bytes.Contains(a.Body, errorKey):
		if e := x.readError(a); e != nil {
			return e
		}
	}
	return x.decode(a)
}

var errorKey = []byte(`"error"`)

// decode reads a success into out: once, there is no probe ahead of it. With
// nothing to read it into, it is still no success if it is no JSON.
func (x *exchange) decode(a *transport.Answer) *Error {
	out := x.out
	if out == nil {
		out = new(json.RawMessage)
	}
	body := bytes.Trim(a.Body, " \t\r\n") // JSON's blanks: others make it no JSON
	if len(body) == 0 || bytes.Equal(body, []byte("null")) {
		e := x.fail(ErrBadResponse, a.Status)
		e.Message = "the answer is empty"
		return e
	}
	if saysNo(body) {
		e := x.fail(ErrUnclassified, a.Status)
		e.Message = `Meta answered "success": false and no reason`
		return e
	}
	if err := decodeInto(body, out); err != nil {
		e := x.fail(ErrBadResponse, a.Status)
		e.Message, e.cause = "the answer is not what this call answers", x.scrubError(err)
		return e
	}
	return nil
}

// saysNo tells a 200 that is a failure all the same: writes answer
// {"success": false}, whatever else they answer when they succeed.
func saysNo(body []byte) bool {
	if string(body) == "false" || string(body) == `"false"` {
		return true
	}
	if !bytes.Contains(body, successKey) {
		return false
	}
	var answer struct {
		Success json.RawMessage `json:"success"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Success) == 0 {
		return false
	}
	success := Bool(true)
	return success.UnmarshalJSON(answer.Success) == nil && !bool(success)
}

var successKey = []byte(`"success"`)

// decodeInto lets a type of ours look at the whole body; a list does, because
// Meta answers one edge with a bare object here and with a list there.
func decodeInto(body []byte, out any) error {
	if d, ok := out.(interface{ decodeBody([]byte) error }); ok {
		return d.decodeBody(body)
	}
	return json.Unmarshal(body, out)
}

// conclude turns the end of the call into what the caller gets.
func (x *exchange) conclude(ctx context.Context, result transport.Outcome) error {
	if result.Err == nil {
		return nil
	}
	e := x.err
	if e == nil || !errors.Is(result.Err, e) { // ended by Before: the pacer, or the context
		e = x.fail(ErrInterrupted, 0)
		e.cause, e.Attempts = result.Err, result.Attempts
		e.Advice = "Nothing was sent"
		if x.err != nil {
			e.Advice = ""
			e.cause = errors.Join(result.Err, x.err)
		}
		if held, ok := result.Err.(interface{ RetryAfter() time.Duration }); ok { // a pacer that names its wait
			e.Kind, e.RetryAfter = ErrThrottled, held.RetryAfter()
		}
		return e
	}
	switch {
	case result.Interrupted != nil:
		e.cause = errors.Join(e.cause, result.Interrupted)
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

func (x *exchange) fail(kind Kind, status int) *Error {
	return &Error{
		Kind: kind, Status: status,
		Method: x.request.Method, Route: x.request.Route, IDs: x.request.IDs,
	}
}

// unexpected is an error of a body that is no Graph error.
func (x *exchange) unexpected(a *transport.Answer) *Error {
	e := x.fail(ErrBadResponse, a.Status)
	switch {
	case a.Status >= 500:
		e.Kind = ErrTransient
	case a.Status == http.StatusTooManyRequests:
		e.Kind = ErrThrottled
	case a.Status == http.StatusUnauthorized:
		e.Kind = ErrAuth
	case a.Status == http.StatusForbidden:
		e.Kind = ErrPermission
	case a.Status == http.StatusNotFound:
		e.Kind = ErrNotFound
	}
	e.Message = fmt.Sprintf("the answer is no Graph error but %s", x.describe(a))
	return e
}

func (x *exchange) describe(a *transport.Answer) string {
	if len(bytes.TrimSpace(a.Body)) == 0 {
		return "empty"
	}
	kind := x.header(a, "Content-Type")
	if kind == "" {
		kind = http.DetectContentType(a.Body)
	}
	return fmt.Sprintf("%.60q of %d bytes", kind, len(a.Body))
}
