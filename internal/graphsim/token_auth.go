package graphsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tokenKind is the kind of an access token. Call.TokenKind shows it.
type tokenKind string

const (
	tokenApp        tokenKind = "app"
	tokenUser       tokenKind = "user"        // from the older sign-up callback; valid for hours
	tokenSystemUser tokenKind = "system_user" // of the partner's portfolio
	tokenBusiness   tokenKind = "business"    // business integration system user: a client's
)

// The permissions that the simulated calls need. For some weeks of 2026 debug_token
// showed scopeEvents in place of scopeManagement.
const (
	scopeBusiness   = "business_management"
	scopeManagement = "whatsapp_business_management"
	scopeMessaging  = "whatsapp_business_messaging"
	scopeEvents     = "whatsapp_business_manage_events"
	scopePublic     = "public_profile"
)

// token is one access token. Invalid ones stay, because debug_token explains them.
type token struct {
	text    string
	kind    tokenKind
	user    nid // system user or person; zero for the app's
	owner   nid // the portfolio it speaks for
	scopes  []string
	targets []nid // the accounts it was granted, newest first; nil with unlimited
	// unlimited means that no targets were named, so that the token covers all accounts
	// of the portfolio.
	unlimited   bool
	emptyTarget bool // debug_token shows an empty list instead of none
	// shown are the scopes that debug_token shows, if they differ from those that work.
	shown   []string
	issued  int64
	expires int64 // zero: never
	dead    int   // the subcode of error 190 once it is revoked
	deadWhy string
}

func (t *token) can(scope string) bool { return slices.Contains(t.scopes, scope) }

// expiredText is Graph's text for a token that has expired.
func (t *token) expiredText(now time.Time) string {
	const layout = "Monday, 02-Jan-06 15:04:05 MST"
	return "Error validating access token: Session has expired on " + time.Unix(t.expires, 0).UTC().Format(layout) +
		". The current time is " + now.UTC().Format(layout) + "."
}

// failure returns the error of a token that is not valid, or nil.
func (t *token) failure(now time.Time) *apiError {
	if t.dead != 0 {
		return errToken(t.dead, t.deadWhy)
	}
	if t.expires != 0 && now.Unix() >= t.expires {
		return errToken(463, t.expiredText(now))
	}
	return nil
}

// newToken makes a token that looks like Meta's and stores it.
func (s *Sim) newToken(t *token, life time.Duration) *token {
	now := s.now()
	t.text = "EAA" + s.random(letters, 160+s.rng.IntN(40))
	t.issued = now.Unix()
	if life > 0 {
		t.expires = now.Add(life).Unix()
	}
	s.st.tokens[t.text] = t
	return t
}

// appToken returns the form of the app's token that needs no call: app id, a bar, the
// secret.
func (a *app) appToken() string { return a.id.String() + "|" + a.secret }

// findToken returns the token with this text, also if it is no longer valid.
func (s *Sim) findToken(text string) *token {
	if text == s.st.app.appToken() {
		return &token{text: text, kind: tokenApp, owner: s.st.app.owner}
	}
	return s.st.tokens[text]
}

// tokenOf returns the token of a request. It is in the Authorization header, as
// Bearer or OAuth, or in the parameter access_token.
func tokenOf(header string, p params) string {
	if scheme, text, ok := strings.Cut(header, " "); ok {
		if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "OAuth") {
			return strings.TrimSpace(text)
		}
	}
	return p.get("access_token")
}

// authenticate refuses a call without a token, with one that is not valid, or without
// the proof that the app demands.
func (c *call) authenticate() *apiError {
	if c.tokenText == "" {
		return &apiError{code: 104, message: numbered(104, "An access token is required to request this resource.")}
	}
	if c.token == nil {
		if strings.Contains(c.tokenText, "|") {
			return errToken(0, "Invalid OAuth access token signature.")
		}
		return errToken(0, "Invalid OAuth access token - Cannot parse access token")
	}
	if err := c.token.failure(c.now); err != nil {
		return err
	}
	return c.checkProof(c.sim.cfg.RequireProof && c.token.kind != tokenApp)
}

// proofLife is how old a proof with a time may be.
const proofLife = 5 * time.Minute

// checkProof verifies appsecret_proof, with or without a time. A proof that was sent
// has to be right, even where none is required.
func (c *call) checkProof(required bool) *apiError {
	proof, stamp := c.params.get("appsecret_proof"), c.params.get("appsecret_time")
	if proof == "" {
		if !required {
			return nil
		}
		return &apiError{code: 100, kind: methodException, message: "API calls from the server require an appsecret_proof argument"}
	}
	message := c.tokenText
	if stamp != "" {
		message += "|" + stamp
		sec, err := strconv.ParseInt(stamp, 10, 64)
		if age := c.now.Sub(time.Unix(sec, 0)); err != nil || age > proofLife || age < -proofLife {
			return errBadProof()
		}
	}
	mac := hmac.New(sha256.New, []byte(c.sim.st.app.secret))
	mac.Write([]byte(message))
	if !hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(proof)) {
		return errBadProof()
	}
	return nil
}

// errBadProof does not say what is wrong with the proof, as Graph does not.
func errBadProof() *apiError {
	return &apiError{code: 100, kind: methodException, message: "Invalid appsecret_proof provided in the API argument"}
}

func (t *token) kill(subcode int, why string) { t.dead, t.deadWhy = subcode, why }

// deadTokens are Graph's texts for the subcodes of error 190.
var deadTokens = map[int]string{
	458: "Error validating access token: The user has not authorized application.",
	460: "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
	463: "Error validating access token: Session has expired.",
	466: "Error validating access token: The session has been invalidated through an API call.",
	467: "Error validating access token: This session is invalid because the user logged out.",
}
