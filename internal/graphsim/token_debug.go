package graphsim

import (
	"slices"
	"time"
)

// debug_token has a fields parameter of its own, so its answer is not read like a node.
func tokenDebugActions() []*action {
	return []*action{{method: "GET", path: "/debug_token", do: debugToken, ownFields: true,
		params: []Param{{Name: "input_token", Type: "string", Required: true}, {Name: "fields", Type: "string"}}}}
}

// debugToken describes a token. For an invalid or malformed token there is no error:
// is_valid is false and data holds the reason. The parameter fields selects members of
// data.
func debugToken(c *call) (any, *apiError) {
	// The caller must be the app or a user of its owner. A client may not inspect
	// tokens.
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

// debugFields are the members that data can have. A request for another one is an
// error.
var debugFields = []string{"app_id", "type", "application", "data_access_expires_at", "error", "expires_at", "is_valid", "issued_at", "metadata",
	"profile_id", "scopes", "granular_scopes", "user_id"}

// dataAccess is how long after the last login a user token may read data.
const dataAccess = 90 * 24 * time.Hour

// inspect writes data, in the order of Meta's samples.
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
	// The scopes that are shown are not always the ones that work.
	data = append(data, pair{"scopes", t.shownScopes()})
	if t.kind != tokenApp {
		data = append(data, pair{"granular_scopes", c.granular(t)}, pair{"user_id", t.user})
	}
	return data
}

// typeName returns Meta's name of the token's type. A client's business token belongs
// to a system user too.
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

// granular lists the scopes with their targets: accounts, or the portfolio for
// business_management. Without target_ids a scope covers all accounts. Some answers of
// Meta show an empty list with the same meaning.
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
