package graphsim

import (
	"slices"
	"strings"
	"time"
)

// addUserTypes declares system users, and the people of the older sign-up.
func addUserTypes(sc *schema) {
	accounts := func() *edgeDef {
		return &edgeDef{name: "assigned_whatsapp_business_accounts", item: kWABA, defLimit: 25, maxLimit: 100, list: listAssignedAccounts,
			extra: map[string]*extraField{"tasks": {"list<string>", func(_ *call, u, w node) any { return w.(*waba).users[u.nodeID()] }}}}
	}
	portfolios := func() *edgeDef {
		return &edgeDef{name: "businesses", item: kBusiness, defLimit: 25, maxLimit: 100, list: listBusinesses}
	}
	// The person behind a user token has no route of its own, only /me.
	person := sc.add(&nodeType{kind: kPerson, name: "User", defaults: []string{"id", "name"}, reference: []string{"id", "name"}, placeholder: ""},
		idField[*user](),
		field("name", "string", func(_ *call, u *user) any { return u.name }),
	)
	person.edge(accounts())
	person.edge(portfolios())
	t := sc.add(&nodeType{kind: kSystemUser, name: "SystemUser", placeholder: "{system-user-id}", defaults: []string{"id", "name"}, reference: []string{"id", "name"}},
		idField[*user](),
		field("name", "string", func(_ *call, u *user) any { return u.name }),
		// Documented on the edge; the node answers it as well.
		field("role", "string", func(_ *call, u *user) any { return u.role }),
		field("created_time", "datetime", func(_ *call, u *user) any { return iso(u.created) }),
		nodeField("created_by", "User", kSystemUser, func(*call, *user) any { return nil }),
		field("finance_permission", "string", func(_ *call, u *user) any { return u.finance }),
		field("ip_permission", "string", func(*call, *user) any { return nil }),
		// Answers a client's business token which portfolio it is of.
		field("client_business_id", "string", func(c *call, u *user) any {
			if c.token.kind != tokenBusiness {
				return nil
			}
			return u.owner
		}),
	)
	t.edge(accounts())
	t.edge(portfolios())
}

// listAssignedAccounts lists the accounts a user was added to. An admin reaches all of
// its portfolio's without being added; those are not assignments.
func listAssignedAccounts(c *call, n node, _ params) (listing, *apiError) {
	if err := c.readsWhatsApp(); err != nil {
		return listing{}, err
	}
	var ids []nid
	for id, w := range c.sim.st.wabas {
		if w != nil && len(w.users[n.nodeID()]) > 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b nid) int { return c.sim.newerFirst(a, b) })
	return listing{ids: ids, get: func(id nid) node { return c.sim.st.waba(id) }}, nil
}

// listBusinesses: a user here belongs to one portfolio.
func listBusinesses(c *call, n node, _ params) (listing, *apiError) {
	if err := c.has(scopeBusiness); err != nil {
		return listing{}, err
	}
	return listing{ids: []nid{n.(*user).owner}, get: func(id nid) node { return c.sim.st.business(id) }}, nil
}

// newerFirst orders accounts by creation, the newest first.
func (s *Sim) newerFirst(a, b nid) int {
	ta, tb := s.st.created(a), s.st.created(b)
	switch {
	case ta != tb:
		return int(max(-1, min(1, tb-ta)))
	default:
		return int(max(-1, min(1, b-a)))
	}
}

// listSystemUsers takes the portfolio's id. One of Meta's guides prints an account's id
// there; its reference does not.
func listSystemUsers(c *call, n node, _ params) (listing, *apiError) {
	b := n.(*business)
	if err := c.has(scopeBusiness); err != nil {
		return listing{}, err
	}
	if b.id != c.token.owner {
		return listing{}, errPermission("Requires business_management permission on this business")
	}
	return listing{ids: b.users, get: func(id nid) node { return c.sim.st.users[id] }}, nil
}

// roles is Meta's whole list; in practice ADMIN, EMPLOYEE and the finance roles count.
var roles = []string{"FINANCE_EDITOR", "FINANCE_ANALYST", "ADS_RIGHTS_REVIEWER", "ADMIN", "EMPLOYEE", "DEVELOPER", "PARTNER_CENTER_ADMIN",
	"PARTNER_CENTER_ANALYST", "PARTNER_CENTER_OPERATIONS", "PARTNER_CENTER_MARKETING", "PARTNER_CENTER_EDUCATION", "MANAGE", "DEFAULT", "FINANCE_EDIT", "FINANCE_VIEW"}

func userActions() []*action {
	return []*action{
		{method: "POST", node: kBusiness, edge: "system_users", do: createSystemUser, params: []Param{
			{Name: "name", Type: "string", Required: true}, {Name: "role", Type: "string", Enum: roles}, {Name: "system_user_id", Type: "int"}}},
		{method: "POST", node: kSystemUser, do: updateSystemUser, params: []Param{{Name: "name", Type: "string"}}},
		{method: "POST", node: kSystemUser, edge: "applications", do: installApp, params: []Param{{Name: "business_app", Type: "string", Required: true}}},
		{method: "POST", node: kSystemUser, edge: "access_tokens", do: generateToken, params: []Param{
			{Name: "business_app", Type: "string", Required: true}, {Name: "scope", Type: "csv", Required: true},
			{Name: "appsecret_proof", Type: "string"}, {Name: "set_token_expires_in_60_days", Type: "bool"}}},
		{method: "POST", node: kBusiness, edge: "system_user_access_tokens", do: businessToken, params: []Param{
			{Name: "appsecret_proof", Type: "string"}, {Name: "fetch_only", Type: "bool"}, {Name: "asset", Type: "csv"}, {Name: "scope", Type: "csv"},
			{Name: "system_user_id", Type: "unsigned int"}, {Name: "set_token_expires_in_60_days", Type: "bool"}}},
	}
}

// createSystemUser creates a system user, or with system_user_id renames one. Without
// a role it is an employee.
func createSystemUser(c *call) (any, *apiError) {
	b := c.node.(*business)
	if b.id != c.token.owner {
		return nil, errPermission("Requires business_management permission on this business")
	}
	if err := c.adminOnly(); err != nil {
		return nil, err
	}
	if err := c.has(scopeBusiness); err != nil {
		return nil, err
	}
	name := c.params.get("name")
	id, _ := parseID(c.params.get("system_user_id"))
	// Names are unique in a portfolio, letters of either case.
	for _, other := range b.users {
		if other != id && strings.EqualFold(c.sim.st.users[other].name, name) {
			return nil, &apiError{code: 1690089, message: numbered(1690089, "System user name is already taken")}
		}
	}
	if id != 0 {
		u := c.sim.st.users[id]
		if u == nil || u.owner != b.id {
			return nil, errBlame("system_user_id", "Param system_user_id must be a system user of this business")
		}
		u.name, c.target = name, u
		return obj{{"id", u.id}}, nil
	}
	role := c.params.get("role")
	if role == "" || role == "DEFAULT" {
		role = "EMPLOYEE"
	}
	u := c.sim.newUser(b, name, role)
	c.target = u
	return obj{{"id", u.id}}, nil
}

func (s *Sim) newUser(b *business, name, role string) *user {
	u := &user{id: s.newID(kSystemUser), name: name, owner: b.id, role: role, created: s.now().Unix(), apps: map[nid]bool{}}
	switch {
	// Finance roles are permissions beside the base role.
	case strings.HasPrefix(role, "FINANCE_EDIT"):
		u.role, u.finance = "EMPLOYEE", "Editor"
	case strings.HasPrefix(role, "FINANCE"):
		u.role, u.finance = "EMPLOYEE", "Analyst"
	}
	s.st.users[u.id] = u
	b.users = slices.Insert(slices.Clone(b.users), 0, u.id)
	return u
}

func updateSystemUser(c *call) (any, *apiError) {
	if err := c.adminOnly(); err != nil {
		return nil, err
	}
	u := c.node.(*user)
	setText(c.params, "name", &u.name)
	c.target = u
	return success(), nil
}

// ownApp checks a business_app parameter: there is one app.
func (c *call) ownApp() *apiError {
	if id, ok := parseID(c.params.get("business_app")); !ok || id != c.sim.st.app.id {
		return errBlame("business_app", "Param business_app must be an app of this business")
	}
	return nil
}

// installApp must come before a token can be made.
func installApp(c *call) (any, *apiError) {
	u := c.node.(*user)
	if err := c.ownApp(); err != nil {
		return nil, err
	}
	u.apps[c.sim.st.app.id] = true
	return success(), nil
}

// sixtyDays is the life of tokens that expire at all.
const sixtyDays = 60 * 24 * time.Hour

// tokenLife: never, unless the caller asks for 60 days.
func (c *call) tokenLife() time.Duration {
	if c.params.boolean("set_token_expires_in_60_days") {
		return sixtyDays
	}
	return 0
}

// knownScopes are the permissions a token can be given here.
var knownScopes = []string{scopeBusiness, scopeManagement, scopeMessaging, scopeEvents, scopePublic, "ads_read", "ads_management"}

// generateToken makes a token for a system user on which the app is installed. The
// proof of the calling token is mandatory.
func generateToken(c *call) (any, *apiError) {
	u := c.node.(*user)
	if err := c.checkProof(true); err != nil {
		return nil, err
	}
	if err := c.ownApp(); err != nil {
		return nil, err
	}
	// Anyone may make a token for itself.
	if c.token.user != u.id && !c.isAdmin() {
		return nil, errPermission("Only an admin may generate tokens for other system users")
	}
	if !u.apps[c.sim.st.app.id] {
		return nil, errParam("The app is not installed for this system user")
	}
	scopes := c.params.list("scope")
	for _, s := range scopes {
		if !slices.Contains(knownScopes, s) {
			return nil, errBlame("scope", "Invalid scope: %s", s)
		}
	}
	t := c.sim.newToken(&token{kind: tokenSystemUser, user: u.id, owner: u.owner, scopes: append(scopes, scopePublic)}, c.tokenLife())
	return obj{{"access_token", t.text}}, nil
}
