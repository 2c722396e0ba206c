package wagraph

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
)

const redacted = "[redacted]"

// Secret is a text that must not be seen: an access token, an app secret, a
// PIN, a signup code. Printed through any verb, at any depth of a struct, it
// reads [redacted]; marshalling it is an error, because a secret in JSON is a
// secret in a log or a database. [Secret.Reveal] is the one way to the text.
//
// It decodes from a JSON string, so that it can stand in a struct that a
// response is read into. Secrets cannot be compared with ==; use Equal.
type Secret struct {
	// A function is the one kind of value that fmt, reflection-based dumpers
	// and encoders print as an address, even in somebody's unexported field.
	reveal func() string
}

// NewSecret wraps a text.
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

// IsZero tells whether there is no text.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal compares in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[redacted]", or "" for the zero Secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString returns what String returns.
func (s Secret) GoString() string { return s.String() }

// Format prints what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue logs what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var errMarshalSecret = errors.New("wagraph: a Secret is not marshalled; keep it in a vault, or call Reveal on purpose")

// MarshalJSON is an error.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errMarshalSecret }

// MarshalText is an error.
func (s Secret) MarshalText() ([]byte, error) { return nil, errMarshalSecret }

// MarshalBinary is an error, which gob reports too.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errMarshalSecret }

// EncodeValues writes the text into a form. Calls that take a secret as a
// parameter send it in the body, and everything that is kept of a call knows
// these parameters by name and leaves them out.
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

// TokenSource yields the access token of a call. It is asked for each call, and
// by a [Batch] once more ahead of its first, with the call's context, so that a
// token can come from a vault or a key service. It must be safe for concurrent
// use, and cache what is dear.
//
// A nil token with a nil error sends the call without one; see [Anonymous].
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// hidden is somebody's source, as a function: a printed Client must not show a
// token that the source holds in a plain field.
type hidden func(context.Context) (*oauth2.Token, error)

func (h hidden) Token(ctx context.Context) (*oauth2.Token, error) { return h(ctx) }

func hide(source TokenSource) TokenSource {
	switch source.(type) {
	case nil, hidden:
		return source
	}
	return hidden(func(ctx context.Context) (*oauth2.Token, error) { return source.Token(ctx) })
}

// StaticToken always yields the same token.
func StaticToken(token string) TokenSource {
	return SecretToken(NewSecret(token))
}

// SecretToken always yields the same token.
func SecretToken(token Secret) TokenSource { return staticToken{token} }

type staticToken struct{ token Secret }

func (t staticToken) Token(context.Context) (*oauth2.Token, error) {
	if t.token.IsZero() {
		return nil, &InputError{Field: "token", Reason: "is empty"}
	}
	return &oauth2.Token{AccessToken: t.token.Reveal(), TokenType: "Bearer"}, nil
}

// FromOAuth2 adapts a source of golang.org/x/oauth2, which takes no context:
// a slow one cannot be interrupted.
func FromOAuth2(source oauth2.TokenSource) TokenSource { return fromOAuth2{source} }

type fromOAuth2 struct{ source oauth2.TokenSource }

func (t fromOAuth2) Token(ctx context.Context) (*oauth2.Token, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.source.Token()
}

// Anonymous sends calls without a token. Only the token endpoint takes them.
func Anonymous() TokenSource { return anonymous{} }

type anonymous struct{}

func (anonymous) Token(context.Context) (*oauth2.Token, error) { return nil, nil }

// appSecretProof is what proves to Meta that whoever holds the token is the
// app: the hex HMAC-SHA256 of the token under the app's secret.
//
// https://developers.facebook.com/docs/graph-api/securing-requests
func appSecretProof(secret Secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// credential is what calls send of a token. A client mostly has one token, so
// that of the latest is kept: the HMAC would be a twentieth of a call's
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
