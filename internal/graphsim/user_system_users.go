package graphsim

import (
	"slices"
	"strings"
)

// roles is Meta's whole list. ADMIN, EMPLOYEE and the finance roles have an effect
// here.
var roles = []string{"FINANCE_EDITOR", "FINANCE_ANALYST", "ADS_RIGHTS_REVIEWER", "ADMIN", "EMPLOYEE", "DEVELOPER", "PARTNER_CENTER_ADMIN",
	"PARTNER_CENTER_ANALYST", "PARTNER_CENTER_OPERATIONS", "PARTNER_CENTER_MARKETING", "PARTNER_CENTER_EDUCATION", "MANAGE", "DEFAULT", "FINANCE_EDIT", "FINANCE_VIEW"}

func systemUserActions() []*action {
	return []*action{
		{method: "POST", node: kBusiness, edge: "system_users", do: createSystemUser, params: []Param{
			{Name: "name", Type: "string", Required: true}, {Name: "role", Type: "string", Enum: roles}, {Name: "system_user_id", Type: "int"}}},
		{method: "POST", node: kSystemUser, do: updateSystemUser, params: []Param{{Name: "name", Type: "string"}}},
	}
}

// createSystemUser makes a system user, or renames one if system_user_id is sent.
// Without a role it is an employee.
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
	// Names are unique in a portfolio, in upper or lower case.
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
	// A finance role is a permission in addition to the role EMPLOYEE.
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
