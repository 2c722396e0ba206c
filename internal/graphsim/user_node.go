package graphsim

import (
	"slices"
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
