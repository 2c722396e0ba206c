package graphsim

// addAppTypes declares the app with the few fields that a partner reads of its own app.
func addAppTypes(sc *schema) {
	t := sc.add(&nodeType{kind: kApp, name: "Application", placeholder: "{app-id}", defaults: []string{"id", "name", "link"}, reference: []string{"id", "name"}},
		idField[*app](),
		field("name", "string", func(_ *call, a *app) any { return a.name }),
		field("link", "string", func(_ *call, a *app) any { return "https://www.facebook.com/games/?app_id=" + a.id.String() }),
		field("category", "string", func(*call, *app) any { return "Business" }),
		nodeField("owner_business", "Business", kBusiness, func(c *call, a *app) any { return c.sim.st.business(a.owner) }),
		nodeField("business", "Business", kBusiness, func(c *call, a *app) any { return c.sim.st.business(a.owner) }),
	)
	t.edge(&edgeDef{name: "connected_client_businesses", item: kBusiness, defLimit: 25, maxLimit: 100, list: listConnected})
}

// listConnected lists each client once, in the order of its newest account.
func listConnected(c *call, _ node, _ params) (listing, *apiError) {
	var ids []nid
	seen := map[nid]bool{}
	for _, id := range c.sim.st.partner.client {
		owner := c.sim.st.ownerOf(id)
		if seen[owner] {
			continue
		}
		seen[owner] = true
		if b := c.sim.st.business(owner); b != nil && b.connected {
			ids = append(ids, owner)
		}
	}
	return listing{ids: ids, get: func(id nid) node { return c.sim.st.business(id) }}, nil
}
