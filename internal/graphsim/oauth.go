package graphsim

import (
	"crypto/subtle"
	"slices"
	"time"
)

// The token endpoint needs no token, and takes GET and POST alike: Meta documents GET,
// POST keeps the secret out of URLs.
func oauthActions() []*action {
	exchange := []Param{{Name: "client_id", Type: "string"}, {Name: "client_secret", Type: "string"}, {Name: "code", Type: "string"},
		{Name: "redirect_uri", Type: "string"}, {Name: "grant_type", Type: "string"}, {Name: "fb_exchange_token", Type: "string"},
		{Name: "set_token_expires_in_60_days", Type: "bool"}}
	return []*action{
		{method: "GET", path: "/oauth/access_token", open: true, params: exchange, do: exchangeToken},
		{method: "POST", path: "/oauth/access_token", open: true, params: exchange, do: exchangeToken},
		{method: "GET", path: "/oauth/revoke", do: revokeToken, params: []Param{
			{Name: "client_id", Type: "string", Required: true}, {Name: "client_secret", Type: "string", Required: true},
			{Name: "revoke_token", Type: "string", Required: true}}},
	}
}

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

// exchangeToken is the token endpoint: a code, the app's own token, or another token
// of the same holder.
func exchangeToken(c *call) (any, *apiError) {
	code := c.sim.st.codes[c.params.get("code")]
	if code != nil {
		code.presented++ // also when something else is wrong: this is what tests count
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

// redeem takes a code: within its 30 seconds, once. A code that was used says so even
// when it is also too old, because the token exists then.
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
	return c.tokenAnswer(code.token), nil
}

// tokenAnswer is the standard answer; a token that never expires has no expires_in.
func (c *call) tokenAnswer(t *token) obj {
	o := obj{{"access_token", t.text}, {"token_type", "bearer"}}
	if t.expires != 0 {
		o = append(o, pair{"expires_in", t.expires - c.now.Unix()})
	}
	return o
}

// extend exchanges a living token for a fresh one of 60 days; the old one stays valid.
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
	// A token that never expires stays so unless the caller asks for an expiring one.
	life := sixtyDays
	if old.expires == 0 && !c.params.boolean("set_token_expires_in_60_days") {
		life = 0
	}
	fresh := *old
	fresh.expires = 0
	return c.tokenAnswer(c.sim.newToken(&fresh, life)), nil
}

// revokeToken kills a token at once. Meta documents its success as the string "true".
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

func (t *token) kill(subcode int, why string) { t.dead, t.deadWhy = subcode, why }

// debug_token defines fields itself, so it is not read back like a node.
func tokenActions() []*action {
	return []*action{{method: "GET", path: "/debug_token", do: debugToken, ownFields: true,
		params: []Param{{Name: "input_token", Type: "string", Required: true}, {Name: "fields", Type: "string"}}}}
}

// debugToken inspects a token. Dead and malformed ones are no error: they come with
// is_valid false and the reason inside. fields selects inside data.
func debugToken(c *call) (any, *apiError) {
	// The caller must be the app or work for its owner; a client may not look around.
	if c.token.kind == tokenBusiness || c.token.kind == tokenUser && c.params.get("input_token") != c.tokenText {
		return nil, errParam("You must provide an app access token, or a user access token that is an owner or developer of the app")
	}
	sel, err := c.selection()
	if err != nil {
		return nil, err
	}
	data := c.inspect(c.sim.findToken(c.params.get("input_token")))
	if sel == nil {
		return obj{{"data", data}}, nil
	}
	for _, s := range sel {
		if !slices.Contains(debugFields, s.name) {
			return nil, errNoField(s.name, "DebugToken")
		}
	}
	return obj{{"data", pick(data, sel)}}, nil
}

// debugFields are all that data may hold; asking for another is an error.
var debugFields = []string{"app_id", "type", "application", "data_access_expires_at", "error", "expires_at", "is_valid", "issued_at", "metadata",
	"profile_id", "scopes", "granular_scopes", "user_id"}

// dataAccess is how long a user token may read data after the last login.
const dataAccess = 90 * 24 * time.Hour

// inspect writes data in the order of Meta's samples.
func (c *call) inspect(t *token) obj {
	if t == nil {
		return obj{{"error", obj{{"code", 190}, {"message", "Invalid OAuth access token - Cannot parse access token"}}}, {"is_valid", false}, {"scopes", []any{}}}
	}
	a := c.sim.st.app
	data := obj{{"app_id", a.id}, {"type", t.typeName()}, {"application", a.name}}
	if t.kind != tokenApp {
		access := int64(0)
		if t.kind == tokenUser {
			access = t.issued + int64(dataAccess/time.Second)
		}
		data = append(data, pair{"data_access_expires_at", access})
	}
	failure := t.failure(c.now)
	if failure != nil {
		data = append(data, pair{"error", obj{{"code", failure.code}, {"message", failure.message}, {"subcode", failure.subcode}}})
	}
	if t.kind != tokenApp {
		data = append(data, pair{"expires_at", t.expires})
	}
	data = append(data, pair{"is_valid", failure == nil})
	if t.expires != 0 {
		data = append(data, pair{"issued_at", t.issued}) // never-expiring tokens do not show it
	}
	// What the token says of itself, which is not always what it can do.
	data = append(data, pair{"scopes", t.shownScopes()})
	if t.kind != tokenApp {
		data = append(data, pair{"granular_scopes", c.granular(t)}, pair{"user_id", t.user})
	}
	return data
}

// typeName: a client's business token is a system user's as well.
func (t *token) typeName() string {
	switch t.kind {
	case tokenApp:
		return "APP"
	case tokenUser:
		return "USER"
	}
	return "SYSTEM_USER"
}

func (t *token) shownScopes() []string {
	if t.shown != nil {
		return t.shown
	}
	return append([]string{}, t.scopes...)
}

// granular lists the scopes with their targets: accounts, or for business_management
// the portfolio. No target_ids means all of them; some answers show an empty list for
// the same.
func (c *call) granular(t *token) []any {
	list := []any{}
	for _, scope := range t.shownScopes() {
		o := obj{{"scope", scope}}
		switch {
		case scope == scopePublic:
			continue
		case t.emptyTarget:
			o = append(o, pair{"target_ids", []nid{}})
		case t.unlimited || t.kind == tokenSystemUser:
		case scope == scopeBusiness:
			o = append(o, pair{"target_ids", []nid{t.owner}})
		default:
			o = append(o, pair{"target_ids", t.targets})
		}
		list = append(list, o)
	}
	return list
}
