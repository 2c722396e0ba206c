package popup

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// The errors of Sessions.
var (
	// ErrSessionInvalid means that the token was not issued by these Sessions, was
	// changed, or was issued for another tenant or purpose. The error does not say
	// which, so that an attacker does not learn that a token is valid for another
	// tenant.
	ErrSessionInvalid = graph.NewSentinel(graph.ErrPermission, "popup: the session was not issued for this tenant and purpose")
	// ErrSessionExpired means that the token is too old. The customer has to open the
	// page again.
	ErrSessionExpired = graph.NewSentinel(graph.ErrAuth, "popup: the session has expired")
)

// Purpose is what a session is for. A token is valid only for its own purpose.
type Purpose string

// PurposeSignup is the purpose of a session for one Embedded Signup.
const PurposeSignup Purpose = "signup"

// Session is one attempt of a tenant, for instance to sign up.
type Session struct {
	// ID identifies the session in logs and tables. It is not the token: Verify refuses
	// it.
	ID      string
	Tenant  signup.Tenant
	Purpose Purpose
	// Expires is the time from which on the token is refused.
	Expires time.Time
}

// SessionOptions adjust Sessions. The zero value works.
type SessionOptions struct {
	// Life is how long a token is valid: 1 hour if 0. It must be longer than the
	// customer needs for the popup.
	Life time.Duration
	// OldKeys are earlier keys. Tokens that were issued with them are still accepted.
	OldKeys []graph.Secret
}

const (
	defaultSessionLife = time.Hour
	minSessionKey      = 32 // bytes: HMAC-SHA256 is no stronger than its key
)

// Sessions issues and verifies tokens that tie the posts of a page to the tenant that the
// page was made for. FB.login has no state parameter, so without them an attacker could
// post a code or an event in the name of another tenant.
//
// Sessions stores nothing. A token holds its expiry and a random id. The signature also
// covers the tenant and the purpose, which are not in the token.
//
// Verify accepts a token until it expires, even if the page posted it before. The write
// that stores the signup uses the session up: onboard.Flow.Begin stores it in the record
// (BeginRequest.Session), and it is unique there. After an error before that write the
// page may post the same again, and after the write it gets the same record. Without
// package onboard, store Session.ID in a column with a UNIQUE constraint, in the write
// that stores the signup. A duplicate key then means that the session was used.
//
// [NewSessions] makes one; the methods of a nil or zero Sessions return an InputError. It
// is safe for concurrent use.
type Sessions struct {
	keys []graph.Secret // the first signs
	life time.Duration
}

// NewSessions returns Sessions that sign with a key of at least 32 random bytes. All
// processes of a service must use the same key. A short key and a negative life are an
// InputError.
func NewSessions(key graph.Secret, opts SessionOptions) (*Sessions, error) {
	s := &Sessions{keys: append([]graph.Secret{key}, opts.OldKeys...), life: opts.Life}
	for _, key := range s.keys {
		if n := len(key.Reveal()); n < minSessionKey {
			return nil, &graph.InputError{Field: "session key", Reason: fmt.Sprintf("has %d bytes, fewer than %d", n, minSessionKey)}
		}
	}
	switch {
	case s.life < 0:
		return nil, &graph.InputError{Field: "session life", Reason: "is negative: every session must expire"}
	case s.life == 0:
		s.life = defaultSessionLife
	}
	return s, nil
}

// check returns an InputError for Sessions that NewSessions did not make.
func (s *Sessions) check() error {
	if s == nil || len(s.keys) == 0 {
		return &graph.InputError{Field: "sessions", Reason: "have no key: popup.NewSessions makes them"}
	}
	return nil
}

// Issue returns a token for the page that the tenant sees. The text is safe in HTML, URLs
// and JSON. An empty tenant or purpose is an InputError.
func (s *Sessions) Issue(tenant signup.Tenant, purpose Purpose) (string, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	if err := checkBinding(tenant, purpose); err != nil {
		return "", err
	}
	token := make([]byte, 0, tokenLength)
	token = binary.BigEndian.AppendUint64(token, uint64(time.Now().Add(s.life).UnixMilli()))
	token = token[:bodyLength]
	_, _ = rand.Read(token[expiryLength:]) // never fails
	token = append(token, sign(s.keys[0], token, tenant, purpose)...)
	return base64.RawURLEncoding.EncodeToString(token), nil
}

// Verify returns the session of a token, each time that the page posts it. The tenant must
// be the one that is logged in when the page posts the token; never take it from the
// request. Errors: ErrSessionInvalid, ErrSessionExpired.
func (s *Sessions) Verify(token string, tenant signup.Tenant, purpose Purpose) (Session, error) {
	if err := s.check(); err != nil {
		return Session{}, err
	}
	if err := checkBinding(tenant, purpose); err != nil {
		return Session{}, err
	}
	// The decoder ignores line breaks, so several texts would give the same bytes.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenLength || len(token) != base64.RawURLEncoding.EncodedLen(tokenLength) {
		return Session{}, ErrSessionInvalid
	}
	body, mac := raw[:bodyLength], raw[bodyLength:]
	signed := false
	for _, key := range s.keys {
		signed = hmac.Equal(mac, sign(key, body, tenant, purpose)) || signed
	}
	if !signed {
		return Session{}, ErrSessionInvalid
	}
	session := Session{
		ID:      base64.RawURLEncoding.EncodeToString(body[expiryLength:]),
		Tenant:  tenant,
		Purpose: purpose,
		Expires: time.UnixMilli(int64(binary.BigEndian.Uint64(body))).UTC(),
	}
	if !time.Now().Before(session.Expires) {
		return Session{}, ErrSessionExpired
	}
	return session, nil
}

func checkBinding(tenant signup.Tenant, purpose Purpose) error {
	switch {
	case tenant == "":
		return &graph.InputError{Field: "tenant", Reason: "is empty: a session belongs to a tenant"}
	case purpose == "":
		return &graph.InputError{Field: "purpose", Reason: "is empty: a session has a purpose"}
	}
	return nil
}

// A token consists of its expiry in Unix milliseconds, a random id, and the signature.
const (
	expiryLength = 8
	idLength     = 16
	bodyLength   = expiryLength + idLength
	tokenLength  = bodyLength + sha256.Size
)

// signedAs makes sure that a signature of Sessions is not valid for other texts that are
// signed with the same key.
const signedAs = "wagraph signup session 1"

// sign writes the length of each part before the part, so that two different pairs of
// tenant and purpose never give the same bytes.
func sign(key graph.Secret, body []byte, tenant signup.Tenant, purpose Purpose) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	for _, part := range [...]string{signedAs, string(body), string(tenant), string(purpose)} {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(part)))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
