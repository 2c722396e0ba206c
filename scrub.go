package wagraph

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// noteSecrets collects what must not show in an error: Meta quotes malformed
// tokens back, and a decoder quotes what it could not read.
func (x *exchange) noteSecrets(sent ...url.Values) {
	for _, values := range sent {
		for name := range values { // few, of which none is secret in most calls
			if slices.Contains(secretParams[:], name) {
				x.secrets = append(x.secrets, values.Get(name))
			}
		}
	}
	if secret := x.client.core.secret; !secret.IsZero() {
		x.secrets = append(x.secrets, secret.Reveal())
	}
}

// noteJSON is noteSecrets for the outermost keys of a JSON body.
func (x *exchange) noteJSON(body []byte) {
	var params map[string]json.RawMessage
	if json.Unmarshal(body, &params) != nil {
		return
	}
	for _, name := range secretParams {
		if raw, ok := params[name]; ok {
			x.secrets = append(x.secrets, textOf(raw))
		}
	}
}

// scrub takes the secrets out of a text, in the forms in which Meta may quote
// them: as they are, as they stand in a URL, and as they stand in JSON.
func (x *exchange) scrub(text string) string {
	if text == "" {
		return ""
	}
	for _, secret := range x.secrets[x.quotable:] {
		x.quotes = addQuotes(x.quotes, secret)
	}
	x.quotable = len(x.secrets)
	for _, form := range x.quotes {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// addQuotes adds the forms of a secret. Most secrets look the same in all. An
// app's token ends in the app's secret, which may be quoted alone.
func addQuotes(quotes []string, secret string) []string {
	if secret == "" {
		return quotes
	}
	for _, form := range [...]string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "/", `\/`), jsonEscaped(secret)} {
		if !slices.Contains(quotes, form) {
			quotes = append(quotes, form)
		}
	}
	_, inner, _ := strings.Cut(secret, "|")
	return addQuotes(quotes, inner)
}

// Redact takes the secret out of a text of somebody else's, such as a message
// of Meta's that quotes a token: as it is, as it stands in a URL, and as it
// stands in JSON.
func (s Secret) Redact(text string) string {
	for _, form := range addQuotes(nil, s.Reveal()) {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// header is a header of an answer, for people to see: a gateway may quote what
// was sent there, too.
func (x *exchange) header(a *transport.Answer, name string) string {
	return x.scrub(a.Header.Get(name))
}

func jsonEscaped(text string) string {
	quoted, _ := json.Marshal(text) // a string is always marshalled
	return string(bytes.Trim(quoted, `"`))
}

// scrubError keeps an error as it is where it quotes no secret. Where it does,
// only its text remains, and what it is to errors.Is.
func (x *exchange) scrubError(err error) error {
	text := err.Error()
	if clean := x.scrub(text); clean != text {
		return &scrubbed{text: clean, is: func(target error) bool { return errors.Is(err, target) }}
	}
	return err
}

// scrubbed holds the error that it stands for in a function, which no printer
// looks into.
type scrubbed struct {
	text string
	is   func(error) bool
}

func (s *scrubbed) Error() string        { return s.text }
func (s *scrubbed) Is(target error) bool { return s.is(target) }

// withoutURL takes the URL out of what somebody else's code says, and leaves the
// rest: the error stays what it is to errors.Is.
func withoutURL(err error) error {
	wrapped, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	bare := transport.WithoutURL(wrapped)
	return &scrubbed{
		text: strings.ReplaceAll(err.Error(), wrapped.Error(), bare.Error()),
		is:   func(target error) bool { return errors.Is(err, target) },
	}
}
