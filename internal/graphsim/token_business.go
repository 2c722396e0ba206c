package graphsim

import (
	"slices"
	"time"
)

func tokenBusinessActions() []*action {
	return []*action{
		{method: "POST", node: kBusiness, edge: "system_user_access_tokens", writes: makesBusinessToken, do: businessToken, params: []Param{
			{Name: "appsecret_proof", Type: "string"}, {Name: "fetch_only", Type: "bool"}, {Name: "asset", Type: "csv"}, {Name: "scope", Type: "csv"},
			{Name: "system_user_id", Type: "unsigned int"}, {Name: "set_token_expires_in_60_days", Type: "bool"}}},
	}
}

// makesBusinessToken reports whether the call makes a token. With fetch_only it reads one.
func makesBusinessToken(c *call) bool { return !c.params.boolean("fetch_only") }

// businessToken returns the business token that a client has (fetch_only), or makes
// another one with a part of its assets and scopes. The node is the client's portfolio,
// not the partner's. The proof of the calling token is mandatory. Until a code of the
// client was exchanged there is no token; Meta does not document that error, and 200 is
// the one that its page has for a caller without access.
func businessToken(c *call) (any, *apiError) {
	b := c.node.(*business)
	if err := c.checkProof(true); err != nil {
		return nil, err
	}
	if err := c.has(scopeBusiness); err != nil {
		return nil, err
	}
	own := c.token.kind == tokenBusiness && c.token.owner == b.id
	partner := c.token.kind == tokenSystemUser && c.token.owner == c.sim.st.partner.id && b.id != c.token.owner
	if !own && !(partner && c.isAdmin()) {
		return nil, errPermission("The token may not create access tokens for this business")
	}
	switch {
	case !b.connected:
		return nil, errPermission("The business has not connected this app")
	case !b.fetchable:
		return nil, errPermission("The business has not granted this app an access token")
	}
	if c.params.boolean("fetch_only") {
		return obj{{"access_token", c.sim.validBusinessToken(b).text}}, nil
	}
	t, err := c.narrowToken(b)
	if err != nil {
		return nil, err
	}
	return obj{{"access_token", t.text}}, nil
}

// narrowToken makes a business token with a part of what the client granted.
func (c *call) narrowToken(b *business) (*token, *apiError) {
	base := c.sim.validBusinessToken(b)
	t := &token{kind: tokenBusiness, user: base.user, owner: b.id, scopes: base.scopes, targets: base.targets, unlimited: base.unlimited}
	if list := c.params.list("scope"); len(list) > 0 {
		for _, s := range list {
			if !slices.Contains(base.scopes, s) {
				return nil, &apiError{code: 3962, message: numbered(3962, "Invalid permission: "+s)}
			}
		}
		t.scopes = list
	}
	if list := c.params.list("asset"); len(list) > 0 {
		t.targets, t.unlimited = nil, false
		for _, text := range list {
			id, ok := parseID(text)
			w := c.sim.st.waba(id)
			if !ok || w == nil || w.owner != b.id {
				return nil, errBlame("asset", "Param asset must be assets that the business shared")
			}
			t.targets = append(t.targets, id)
		}
	}
	return c.sim.newToken(t, c.tokenLife()), nil
}

// validBusinessToken returns the client's newest valid business token. It makes one if the
// client connected the app without a callback, as in hosted sign-up.
func (s *Sim) validBusinessToken(b *business) *token {
	var best *token
	now := s.now()
	for _, t := range s.st.tokens {
		if t.kind == tokenBusiness && t.owner == b.id && t.failure(now) == nil && !s.awaitsExchange(t) &&
			(best == nil || t.issued > best.issued || t.issued == best.issued && t.text > best.text) {
			best = t
		}
	}
	if best == nil {
		best = s.grant(b, 0)
	}
	return best
}

// awaitsExchange reports whether the token belongs to a code that was not exchanged yet.
func (s *Sim) awaitsExchange(t *token) bool {
	for _, c := range s.st.codes {
		if c.token == t && !c.used {
			return true
		}
	}
	return false
}

// grant makes a business token for everything that the client shares with the partner.
func (s *Sim) grant(b *business, life time.Duration) *token {
	return s.newToken(&token{kind: tokenBusiness, user: s.integrationUser(b).id, owner: b.id, targets: s.sharedBy(b),
		scopes: []string{scopeBusiness, scopeManagement, scopeMessaging, scopePublic}}, life)
}

// sharedBy lists the accounts a client shares with the partner, newest first.
func (s *Sim) sharedBy(b *business) []nid {
	return slices.DeleteFunc(slices.Clone(b.owned), func(id nid) bool {
		w := s.st.waba(id)
		return w == nil || !slices.Contains(w.shared, s.st.partner.id)
	})
}

// integrationUser returns the system user that Meta makes in a client's portfolio for
// the partner's app.
func (s *Sim) integrationUser(b *business) *user {
	for _, id := range b.users {
		if u := s.st.users[id]; u != nil && u.apps[s.st.app.id] {
			return u
		}
	}
	u := s.newUser(b, s.st.app.name+" integration", "EMPLOYEE")
	u.apps[s.st.app.id] = true
	b.connected = true
	return u
}
