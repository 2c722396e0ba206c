package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/internal/redact"
)

// Secret holds a text that must not be printed: an access token, an app secret, a
// PIN, a signup code. Printed through any verb, at any depth of a struct, it reads
// [redacted]. Marshalling it is an error, because JSON ends in logs and databases.
// Only [Secret.Reveal] returns the text. The zero Secret holds none.
//
// It decodes from a JSON string, so that it can be a field of a struct that an
// answer is read into. Secrets cannot be compared with ==; use Equal.
type Secret struct {
	// fmt, dumpers that use reflection, and encoders print a function as an
	// address, even in an unexported field. They print every other kind of value.
	reveal func() string
}

// NewSecret returns a Secret that holds the text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal reports whether both hold the same text. It compares in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[redacted]", or "" for the zero Secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redact.Mark
}

// GoString returns what String returns.
func (s Secret) GoString() string { return s.String() }

// Format prints what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue logs what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var errMarshalSecret = errors.New("wagraph: a Secret is not marshalled; keep it in a vault, or call Reveal on purpose")

// MarshalJSON returns an error.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errMarshalSecret }

// MarshalText returns an error.
func (s Secret) MarshalText() ([]byte, error) { return nil, errMarshalSecret }

// MarshalBinary returns an error, so that gob fails too.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errMarshalSecret }

// EncodeValues writes the text into a form. Calls that take a secret as a
// parameter send it in the body; errors and traces leave these parameters out, by
// their names.
func (s Secret) EncodeValues(key string, v *url.Values) error {
	if !s.IsZero() {
		v.Set(key, s.Reveal())
	}
	return nil
}

// UnmarshalJSON reads a JSON string.
func (s *Secret) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return errors.New("wagraph: a secret must be a JSON string") // err would quote it
	}
	*s = NewSecret(text)
	return nil
}

// TokenSource returns the access token of a call. It is asked for each call, with
// the call's context, so that a token can come from a vault or a key service; a
// [Batch] asks it once more before its first request. It must be safe for
// concurrent use, and cache tokens that are slow to get.
//
// A nil token with a nil error sends the call without one; see [Anonymous]. An
// error of the source ends the call, as an ErrTransient unless the error says more;
// a panic ends it as an ErrPanicked.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// hidden is the application's source as a function: a printed Client must not show
// a token that the source holds in a plain field.
type hidden func(context.Context) (*oauth2.Token, error)

func (h hidden) Token(ctx context.Context) (*oauth2.Token, error) { return h(ctx) }

// hide returns the source as a Client keeps it. A nil source becomes a refused one.
func hide(source TokenSource) TokenSource {
	switch source.(type) {
	case nil:
		return refused{&InputError{Field: "token source", Reason: "is nil; Anonymous sends calls without a token"}}
	case hidden, refused:
		return source
	}
	return hidden(func(ctx context.Context) (*oauth2.Token, error) { return source.Token(ctx) })
}

// refused is a source that is known to be wrong before a call asks it.
type refused struct{ err *InputError }

func (r refused) Token(context.Context) (*oauth2.Token, error) { return nil, r.err }

// StaticToken returns a TokenSource that always returns the same token. See
// SecretToken.
func StaticToken(token string) TokenSource {
	return SecretToken(NewSecret(token))
}

// SecretToken returns a TokenSource that always returns the same token. If the token
// is empty, or has a blank, a line break, a control character or a character that
// is not ASCII, [New] refuses the source with an [*InputError].
func SecretToken(token Secret) TokenSource {
	if err := checkToken(token.Reveal()); err != nil {
		return refused{err}
	}
	return staticToken{token}
}

type staticToken struct{ token Secret }

func (t staticToken) Token(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, errNilContext()
	}
	return &oauth2.Token{AccessToken: t.token.Reveal(), TokenType: "Bearer"}, nil
}

// checkToken returns what is wrong with a token, without quoting it. A token
// becomes the value of a header, where a line break would start another header.
func checkToken(token string) *InputError {
	if token == "" {
		return &InputError{Field: "token", Reason: "is empty"}
	}
	for i := range len(token) {
		switch b := token[i]; {
		case b == ' ' || b == '\t':
			return &InputError{Field: "token", Reason: "contains a blank"}
		case b == '\n' || b == '\r':
			return &InputError{Field: "token", Reason: "contains a line break"}
		case b < ' ' || b == 0x7f:
			return &InputError{Field: "token", Reason: "contains a control character"}
		case b > 0x7f:
			return &InputError{Field: "token", Reason: "contains a character that is not ASCII"}
		}
	}
	return nil
}

// FromOAuth2 returns a TokenSource that uses a source of golang.org/x/oauth2. Such
// a source takes no context, so a slow one cannot be interrupted. New refuses
// FromOAuth2(nil) with an [*InputError].
func FromOAuth2(source oauth2.TokenSource) TokenSource {
	if source == nil {
		return refused{&InputError{Field: "token source", Reason: "is nil: FromOAuth2 needs one"}}
	}
	return fromOAuth2{source}
}

type fromOAuth2 struct{ source oauth2.TokenSource }

func (t fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	switch {
	case ctx == nil:
		return nil, errNilContext()
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return t.source.Token()
}

// Anonymous returns a TokenSource without a token. Only the token endpoint accepts
// calls without one.
func Anonymous() TokenSource { return anonymous{} }

type anonymous struct{}

func (anonymous) Token(ctx context.Context) (*oauth2.Token, error) {
	if ctx == nil {
		return nil, errNilContext()
	}
	return nil, nil
}

// appSecretProof returns what proves to Meta that the caller is the app: the
// HMAC-SHA256 of the token under the app's secret, in hex.
//
// https://developers.facebook.com/docs/graph-api/securing-requests
func appSecretProof(secret Secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// credential is what calls send of a token. A client mostly has one token, so the
// latest credential is cached: the HMAC would be a twentieth of a call's
// allocations.
type credential struct {
	token  string
	header []string // Authorization
	proof  string   // empty without an app secret
}

func newCredential(token string, secret Secret) *credential {
	c := &credential{token: token, header: []string{"Bearer " + token}}
	if !secret.IsZero() {
		c.proof = appSecretProof(secret, token)
	}
	return c
}
