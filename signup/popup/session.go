package popup

import (
	"context"
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

// What Sessions answer about a token that is no good.
var (
	// ErrSessionInvalid: not issued here, changed on the way, or issued for
	// another tenant or purpose. Which of these is not said: it would tell an
	// attacker that the token is a live one of somebody else's. The session is
	// not used up by it.
	ErrSessionInvalid = graph.NewSentinel(graph.ErrPermission, "popup: the session was not issued for this tenant and purpose")
	// ErrSessionExpired: too old. The client has to open the page again.
	ErrSessionExpired = graph.NewSentinel(graph.ErrAuth, "popup: the session has expired")
	// ErrSessionUsed: redeemed before, by this process or another one.
	ErrSessionUsed = graph.NewSentinel(graph.ErrConflict, "popup: the session was used before")
	// ErrSessionsFull: the memory of redeemed sessions has no room, so that
	// this one could be used a second time. Try again later.
	ErrSessionsFull = graph.NewSentinel(graph.ErrThrottled, "popup: too many sessions were redeemed lately")
)

// Purpose is what a session is for. A token for one is none for another.
type Purpose string

// PurposeSignup is a session for one run of Embedded Signup.
const PurposeSignup Purpose = "signup"

// Session is one attempt of a tenant to do something.
type Session struct {
	// ID names the session in logs and tables. It is not the token, and
	// nothing can be redeemed with it.
	ID      string
	Tenant  signup.Tenant
	Purpose Purpose
	// Expires is when the token is no longer taken.
	Expires time.Time
}

// SessionOptions adjust Sessions. The zero value is for one process.
type SessionOptions struct {
	// Life is how long a session can be redeemed: 1 h if 0. It has to outlast
	// the client's way through the popup.
	Life time.Duration
	// Redeemed remembers the sessions that were used; NewMemoryRedeemed(0) if
	// nil. Several processes have to share one.
	Redeemed Redeemed
	// OldKeys are keys of before: what was issued under them is still taken.
	OldKeys []graph.Secret
}

const (
	defaultSessionLife = time.Hour
	minSessionKey      = 32 // bytes: HMAC-SHA256 is no stronger than its key
)

// Sessions issues and redeems the tokens that tie what a browser posts to the
// tenant for whom the page was made: FB.login has no state parameter, so that
// anybody could post a code or an event in somebody else's name. It keeps
// nothing of what it issues; a token carries its expiry and a random id, and is
// signed together with the tenant and the purpose, which are not in it. It is
// safe for concurrent use.
type Sessions struct {
	keys     []graph.Secret // the first signs
	life     time.Duration
	redeemed Redeemed
}

// NewSessions makes Sessions that sign with a key of at least 32 random bytes.
// All processes of a service use the same.
func NewSessions(key graph.Secret, opts SessionOptions) (*Sessions, error) {
	s := &Sessions{keys: append([]graph.Secret{key}, opts.OldKeys...), life: opts.Life, redeemed: opts.Redeemed}
	for _, key := range s.keys {
		if n := len(key.Reveal()); n < minSessionKey {
			return nil, &graph.InputError{Field: "session key", Reason: fmt.Sprintf("has %d bytes, fewer than %d", n, minSessionKey)}
		}
	}
	switch {
	case s.life < 0:
		return nil, &graph.InputError{Field: "session life", Reason: "is negative; every session expires"}
	case s.life == 0:
		s.life = defaultSessionLife
	}
	if s.redeemed == nil {
		s.redeemed = NewMemoryRedeemed(0)
	}
	return s, nil
}

// Issue makes a token for the page that the tenant is shown. The text is safe
// in HTML, URLs and JSON.
func (s *Sessions) Issue(tenant signup.Tenant, purpose Purpose) (string, error) {
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

// Verify tells what a token is for without using it up. The tenant is whoever
// is logged in where the token comes back, never what the request says. Errors:
// ErrSessionInvalid, ErrSessionExpired.
func (s *Sessions) Verify(token string, tenant signup.Tenant, purpose Purpose) (Session, error) {
	if err := checkBinding(tenant, purpose); err != nil {
		return Session{}, err
	}
	// The decoder passes over line ends, so its result alone has many texts.
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

// Redeem uses a token up: it returns the session the first time, and
// ErrSessionUsed from then on. A token that Verify refuses is not used up, so
// that nobody can spoil a session by posting it as another tenant.
func (s *Sessions) Redeem(ctx context.Context, token string, tenant signup.Tenant, purpose Purpose) (Session, error) {
	session, err := s.Verify(token, tenant, purpose)
	if err != nil {
		return Session{}, err
	}
	if err := s.redeemed.Redeem(ctx, session.ID, session.Expires); err != nil {
		return Session{}, err
	}
	return session, nil
}

func checkBinding(tenant signup.Tenant, purpose Purpose) error {
	switch {
	case tenant == "":
		return &graph.InputError{Field: "tenant", Reason: "is empty: a session belongs to one"}
	case purpose == "":
		return &graph.InputError{Field: "purpose", Reason: "is empty: a session is for one"}
	}
	return nil
}

// A token is its expiry in Unix milliseconds, a random id, and the signature.
const (
	expiryLength = 8
	idLength     = 16
	bodyLength   = expiryLength + idLength
	tokenLength  = bodyLength + sha256.Size
)

// signedAs keeps a signature of Sessions from being one of anything else that
// is signed with the same key.
const signedAs = "wagraph signup session 1"

// sign writes every part with its length before it, so that no tenant can be
// chosen whose name runs into the purpose.
func sign(key graph.Secret, body []byte, tenant signup.Tenant, purpose Purpose) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	for _, part := range [...]string{signedAs, string(body), string(tenant), string(purpose)} {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(part)))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
