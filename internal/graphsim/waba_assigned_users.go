package graphsim

import (
	"maps"
	"slices"
)

// assignedUser is a user with its tasks on one account.
type assignedUser struct {
	*user
	tasks []string
}

func (assignedUser) kind() kind { return kAssignedUser }

// addAssignedUserType serves the fields of Meta's schema and of its guides: the schema
// has no tasks on this type, while the guides show them.
func addAssignedUserType(sc *schema) {
	sc.add(&nodeType{kind: kAssignedUser, name: "AssignedUser", defaults: []string{"id", "name", "tasks"}},
		idField[assignedUser](),
		field("name", "string", func(_ *call, u assignedUser) any { return u.name }),
		field("tasks", "list<string>", func(_ *call, u assignedUser) any { return u.tasks }),
		nodeField("business", "Business", kBusiness, func(c *call, u assignedUser) any { return c.sim.st.business(u.owner) }),
		field("user_type", "string", func(_ *call, u assignedUser) any {
			if u.person {
				return "BUSINESS_USER"
			}
			return "SYSTEM_USER"
		}),
	)
}

// tasks holds every task that one of Meta's lists names. MANAGE is full control.
var tasks = []string{"DEVELOP", "MANAGE", "MANAGE_EXTENSIONS", "MANAGE_PHONE", "MANAGE_PHONE_ASSETS", "MANAGE_TEMPLATES", "MESSAGING",
	"VIEW_COST", "VIEW_PHONE_ASSETS", "VIEW_TEMPLATES", "VIEW_INSIGHTS", "MANAGE_USERS", "MANAGE_BILLING", "FULL_CONTROL", "RECEIVE_INCOMING_MESSAGES"}

func assignedUserActions() []*action {
	return []*action{
		{method: "POST", node: kWABA, edge: "assigned_users", do: assignUser, params: []Param{
			{Name: "user", Type: "unsigned int", Required: true}, {Name: "tasks", Type: "list<string>", Required: true, Enum: tasks}}},
		{method: "DELETE", node: kWABA, edge: "assigned_users", do: unassignUser, params: []Param{{Name: "user", Type: "unsigned int", Required: true}}},
	}
}

// listAssignedUsers lists the users of one portfolio that are assigned to the account.
// The parameter business is the id of the portfolio. One of Meta's samples shows the id
// of the account there, which does not work.
func listAssignedUsers(c *call, n node, p params) (listing, *apiError) {
	w := n.(*waba)
	if p.get("business") == "" {
		return listing{}, errMissing("business")
	}
	id, ok := parseID(p.get("business"))
	if !ok || (id != w.owner && !slices.Contains(w.shared, id)) {
		return listing{}, errParam("Param business must be a business that owns the account or has access to it")
	}
	ids := slices.DeleteFunc(slices.Clone(w.userOrder), func(u nid) bool { return c.sim.st.users[u].owner != id })
	return listing{ids: ids, get: func(u nid) node { return assignedUser{c.sim.st.users[u], w.users[u]} }}, nil
}

// assignUser gives tasks to a system user of the caller's portfolio. A second call
// replaces the tasks.
func assignUser(c *call) (any, *apiError) {
	w := c.node.(*waba)
	u, err := c.assignable()
	if err != nil {
		return nil, err
	}
	list := c.params.list("tasks")
	if len(list) == 0 {
		return nil, errParam("Param tasks must not be empty")
	}
	slices.Sort(list)
	w.assign(u.id, slices.Compact(list))
	c.target = w
	return success(), nil
}

// assign keeps the order in which users were assigned, because the list is paged in
// that order.
func (w *waba) assign(id nid, tasks []string) {
	if w.users == nil {
		w.users = map[nid][]string{}
	}
	if _, ok := w.users[id]; !ok {
		w.userOrder = append(w.userOrder, id)
	}
	w.users[id] = tasks
}

// unassignUser takes all tasks away at once. Meta has no call to take away one task.
func unassignUser(c *call) (any, *apiError) {
	w := c.node.(*waba)
	u, err := c.assignable()
	if err != nil {
		return nil, err
	}
	if _, ok := w.users[u.id]; !ok {
		return nil, errParam("The user is not assigned to this WhatsApp Business Account")
	}
	w.unassign(u.id)
	return success(), nil
}

// unassign works on a copy, because a page that is being read may still hold the map.
func (w *waba) unassign(id nid) {
	w.users = maps.Clone(w.users)
	delete(w.users, id)
	w.userOrder = slices.DeleteFunc(slices.Clone(w.userOrder), func(u nid) bool { return u == id })
}

// assignable refuses a caller that is not an admin with both permissions. It returns
// the user, which has to belong to the caller's own portfolio.
func (c *call) assignable() (*user, *apiError) {
	if err := c.adminOnly(); err != nil {
		return nil, err
	}
	if err := c.has(scopeManagement, scopeBusiness); err != nil {
		return nil, err
	}
	id, _ := parseID(c.params.get("user"))
	u := c.sim.st.users[id]
	if u == nil || u.owner != c.token.owner {
		return nil, errBlame("user", "Param user must be a user of a business with access to the account")
	}
	return u, nil
}
