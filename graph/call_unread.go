package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// A body that cannot be read says nothing, and its status counts as it does beside a
// body that can be read and is not Graph's.

// notWhole returns the error of an attempt without an answer, or without the
// whole of it.
func (r *answers) notWhole(a *transport.Answer) *Error {
	e := r.fail(ErrTransient, a.Status)
	if panicked, ok := errors.AsType[*guard.Panic](a.Err); ok {
		e.Kind, e.Stack, e.cause = ErrPanicked, panicked.Stack, r.redactError(panicked)
		if !r.request.mayRepeat() {
			e.Advice = lookFirst
		}
		return e
	}
	e.cause = r.redactError(a.Err)
	switch {
	case isRedirect(a.Status):
		return r.redirected(a)
	case errors.Is(a.Err, transport.ErrBodyTooLarge):
		e.Kind, e.Advice = ErrBadResponse, "Ask for fewer fields or smaller pages, or raise WithMaxBody"
	case a.Status == 0: // also an op of a batch that has no answer
	case errors.Is(a.Err, transport.ErrErrorBodyTooLarge):
		e.Kind = kindOfStatus(a.Status)
		e.Message = "the answer is not a Graph error but too large for one"
	default:
		e.Message = "the answer was cut off"
		if kind := kindOfStatus(a.Status); kind != ErrBadResponse {
			e.Kind = kind
		}
	}
	return e
}

func isRedirect(status int) bool { return status >= 300 && status < 400 }

func (r *answers) redirected(a *transport.Answer) *Error {
	e := r.fail(ErrBadResponse, a.Status)
	e.Message, e.Advice = "redirects are refused", "Check the base URL: the Graph API does not redirect"
	return e
}

// kindOfStatus returns what a status means by itself, and ErrBadResponse if that is
// nothing: Graph sends errors of all kinds with 400.
func kindOfStatus(status int) Kind {
	switch {
	case status >= http.StatusInternalServerError:
		return ErrTransient
	case status == http.StatusTooManyRequests:
		return ErrThrottled
	case status == http.StatusUnauthorized:
		return ErrAuth
	case status == http.StatusForbidden:
		return ErrPermission
	case status == http.StatusNotFound:
		return ErrNotFound
	}
	return ErrBadResponse
}

// isCutJSON reports whether a body begins as Graph's do and ends in the middle: a
// proxy that cuts a body off can announce the length of what it sends.
func isCutJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && body[0] == '{' && !json.Valid(body)
}

// errorPart is a part of an answer that says how a call failed. What is too large for
// that is not copied, so that a large answer is not held twice.
type errorPart []byte

const tooLargePart = "too large"

// UnmarshalJSON keeps the bytes.
func (p *errorPart) UnmarshalJSON(b []byte) error {
	if len(b) > transport.MaxErrorBody {
		*p = errorPart(tooLargePart)
		return nil
	}
	*p = bytes.Clone(b)
	return nil
}

func (p errorPart) isTooLarge() bool { return string(p) == tooLargePart }
