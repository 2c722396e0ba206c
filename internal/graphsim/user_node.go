package graphsim

import (
	"slices"
)

// addUserTypes declares system users, and the persons of the older sign-up callback.
func addUserTypes(sc *schema) {
	accounts := func() *edgeDef {
		return &edgeDef{name: "assigned_whatsapp_business_accounts", item: kWABA, defLimit: 25, maxLimit: 100, list: listAssignedAccounts,
			extra: map[string]*extraField{"tasks": {"list<string>", func(_ *call, u, w node) any { return w.(*waba).users[u.nodeID()] }}}}
	}
	portfolios := func() *edgeDef {
		return &edgeDef{name: "businesses", item: kBusiness, defLimit: 25, maxLimit: 100, list: listBusinesses}
	}
	// A person has no route, only /me.
	person := sc.add(&nodeType{kind: kPerson, name: "User", defaults: []string{"id", "name"}, reference: []string{"id", "name"}, placeholder: ""},
		idField[*user](),
		field("name", "string", func(_ *call, u *user) any { return u.name }),
	)
	person.edge(accounts())
	person.edge(portfolios())
	t := sc.add(&nodeType{kind: kSystemUser, name: "SystemUser", placeholder: "{system-user-id}", defaults: []string{"id", "name"}, reference: []string{"id", "name"}},
		idField[*user](),
		field("name", "string", func(_ *call, u *user) any { return u.name }),
		// Meta documents this field on the edge; the node has it too.
		field("role", "string", func(_ *call, u *user) any { return u.role }),
		field("created_time", "datetime", func(_ *call, u *user) any { return iso(u.created) }),
		nodeField("created_by", "User", kSystemUser, func(*call, *user) any { return nil }),
		field("finance_permission", "string", func(_ *call, u *user) any { return u.finance }),
		field("ip_permission", "string", func(*call, *user) any { return nil }),
		// This field tells a client's business token to which portfolio it belongs.
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

// listAssignedAccounts lists the accounts that a user is assigned to. An admin reaches
// the accounts of its portfolio without being assigned; these are not listed.
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

// listBusinesses lists the portfolio of a user. Here each user belongs to one.
func listBusinesses(c *call, n node, _ params) (listing, *apiError) {
	if err := c.has(scopeBusiness); err != nil {
		return listing{}, err
	}
	return listing{ids: []nid{n.(*user).owner}, get: func(id nid) node { return c.sim.st.business(id) }}, nil
}

// listSystemUsers lists the system users of a portfolio. One of Meta's guides shows the
// id of an account in the path; its reference has that of the portfolio.
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
