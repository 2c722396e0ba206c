package graphsim

import (
	"crypto/subtle"
	"time"
)

// The token endpoint needs no token. Meta documents GET; POST works too and keeps the
// secret out of the URL.
func tokenExchangeActions() []*action {
	exchange := []Param{{Name: "client_id", Type: "string"}, {Name: "client_secret", Type: "string"}, {Name: "code", Type: "string"},
		{Name: "redirect_uri", Type: "string"}, {Name: "grant_type", Type: "string"}, {Name: "fb_exchange_token", Type: "string"},
		{Name: "set_token_expires_in_60_days", Type: "bool"}}
	return []*action{
		{method: "GET", path: "/oauth/access_token", open: true, params: exchange, writes: makesToken, do: exchangeToken},
		{method: "POST", path: "/oauth/access_token", open: true, params: exchange, writes: makesToken, do: exchangeToken},
		{method: "GET", path: "/oauth/revoke", writes: always, do: revokeToken, params: []Param{
			{Name: "client_id", Type: "string", Required: true}, {Name: "client_secret", Type: "string", Required: true},
			{Name: "revoke_token", Type: "string", Required: true}}},
	}
}

// always is for calls that change something, whatever their method and parameters.
func always(*call) bool { return true }

// makesToken reports whether the token endpoint uses up a code or makes a token. The
// token of the app exists already.
func makesToken(c *call) bool { return c.params.get("grant_type") != "client_credentials" }

// checkApp checks client_id and client_secret.
func (c *call) checkApp() *apiError {
	id, secret := c.params.get("client_id"), c.params.get("client_secret")
	switch {
	case id == "":
		return &apiError{code: 101, message: "Missing client_id parameter."}
	case id != c.sim.st.app.id.String():
		return &apiError{code: 101, message: "Error validating application. Cannot get application info due to a system error."}
	case subtle.ConstantTimeCompare([]byte(secret), []byte(c.sim.st.app.secret)) != 1:
		return &apiError{code: 101, message: "Error validating client secret."}
	}
	return nil
}

// exchangeToken answers the token endpoint. It takes a code, or the app's own
// credentials, or another token of the same user.
func exchangeToken(c *call) (any, *apiError) {
	code := c.sim.st.codes[c.params.get("code")]
	if code != nil {
		code.presented++ // also if the call fails for another reason: tests count what arrived
	}
	if err := c.checkApp(); err != nil {
		return nil, err
	}
	switch c.params.get("grant_type") {
	case "client_credentials":
		return obj{{"access_token", c.sim.st.app.appToken()}, {"token_type", "bearer"}}, nil
	case "fb_exchange_token":
		return c.extend()
	case "", "authorization_code":
		return c.redeem(code)
	}
	return nil, errParam("Unsupported grant_type")
}

// redeem exchanges a code, once and within 30 seconds. If a code was used and has
// also expired, the answer says that it was used, because then a token exists.
func (c *call) redeem(code *code) (any, *apiError) {
	switch {
	case c.params.get("code") == "":
		return nil, errParam("Missing authorization code")
	case code == nil:
		return nil, &apiError{code: 100, message: "Invalid verification code format."}
	case code.used:
		return nil, &apiError{code: 100, subcode: 36009, message: "This authorization code has been used."}
	case c.now.Sub(time.Unix(0, code.issued)) > codeLife:
		return nil, &apiError{code: 100, subcode: 36007, message: "This authorization code has expired."}
	case code.redirect != c.params.get("redirect_uri"):
		return nil, &apiError{code: 100, subcode: 36008, message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"}
	}
	code.used = true
	c.sim.st.business(code.token.owner).fetchable = true
	return c.tokenAnswer(code.token), nil
}

// tokenAnswer is the answer with a token. A token that never expires has no expires_in.
func (c *call) tokenAnswer(t *token) obj {
	o := obj{{"access_token", t.text}, {"token_type", "bearer"}}
	if t.expires != 0 {
		o = append(o, pair{"expires_in", t.expires - c.now.Unix()})
	}
	return o
}

// extend returns a new token of 60 days for a valid one. The old one stays valid.
func (c *call) extend() (any, *apiError) {
	if !c.params.has("fb_exchange_token") {
		return nil, errMissing("fb_exchange_token")
	}
	old := c.sim.st.tokens[c.params.get("fb_exchange_token")]
	if old == nil {
		return nil, errToken(0, "Invalid OAuth access token - Cannot parse access token")
	}
	if err := old.failure(c.now); err != nil {
		return nil, err
	}
	// A token that never expires leads to another one, unless the caller asks for 60
	// days.
	life := sixtyDays
	if old.expires == 0 && !c.params.boolean("set_token_expires_in_60_days") {
		life = 0
	}
	fresh := *old
	fresh.expires = 0
	return c.tokenAnswer(c.sim.newToken(&fresh, life)), nil
}

// revokeToken makes a token invalid. Meta documents the success as the string "true".
func revokeToken(c *call) (any, *apiError) {
	if err := c.checkApp(); err != nil {
		return nil, err
	}
	t := c.sim.st.tokens[c.params.get("revoke_token")]
	if t == nil || t.failure(c.now) != nil {
		return nil, errBlame("revoke_token", "Param revoke_token must be a valid token of this app")
	}
	t.kill(466, "Error validating access token: The session has been invalidated through an API call.")
	return obj{{"success", "true"}}, nil
}
