package graph

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/redact"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// redactor takes the secrets of one call out of texts: Meta quotes malformed
// tokens, and a decoder quotes what it could not read.
type redactor struct {
	secrets []string
	forms   []string // in which the first formed secrets may be quoted
	formed  int
}

// hide notes the app secret, and the parameters of the call that are secret.
func (r *redactor) hide(appSecret Secret, sent ...url.Values) {
	for _, values := range sent {
		for name := range values { // there are few, and in most calls none is secret
			if slices.Contains(secretParams[:], name) {
				r.secrets = append(r.secrets, values.Get(name))
			}
		}
	}
	if !appSecret.IsZero() {
		r.secrets = append(r.secrets, appSecret.Reveal())
	}
}

// hideJSON notes the secrets among the outermost keys of a JSON body.
func (r *redactor) hideJSON(body []byte) {
	var params map[string]json.RawMessage
	if json.Unmarshal(body, &params) != nil {
		return
	}
	for _, name := range secretParams {
		if raw, ok := params[name]; ok {
			r.secrets = append(r.secrets, textOf(raw))
		}
	}
}

// redact returns the text without the secrets.
func (r *redactor) redact(text string) string {
	if text == "" {
		return ""
	}
	for _, secret := range r.secrets[r.formed:] {
		r.forms = redact.AddForms(r.forms, secret)
	}
	r.formed = len(r.secrets)
	return redact.Replace(text, r.forms)
}

// header returns a header of an answer without secrets: a gateway may quote
// there what was sent.
func (r *redactor) header(a *transport.Answer, name string) string {
	return r.redact(a.Header.Get(name))
}

// redactError returns err if its text quotes no secret. Otherwise it returns
// an error with the redacted text, which errors.Is matches like err.
func (r *redactor) redactError(err error) error {
	text := err.Error()
	if clean := r.redact(text); clean != text {
		return &redactedError{text: clean, is: func(target error) bool { return errors.Is(err, target) }}
	}
	return err
}

// redactedError holds the original error in a function, because
// no printer prints the variables of a function.
type redactedError struct {
	text string
	is   func(error) bool
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) Is(target error) bool { return e.is(target) }

// withoutURL takes the URL out of an error of the application's code and leaves
// the rest of its text. errors.Is matches the result like err.
func withoutURL(err error) error {
	wrapped, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	bare := transport.WithoutURL(wrapped)
	return &redactedError{
		text: strings.ReplaceAll(err.Error(), wrapped.Error(), bare.Error()),
		is:   func(target error) bool { return errors.Is(err, target) },
	}
}
