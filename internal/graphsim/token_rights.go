package graphsim

import "slices"

// Who may see and do what. An admin system user reaches every account its portfolio
// owns or is given; an employee only those it was assigned to; a business token only
// what its client granted, and only while the client shares it.

// sees tells whether the call's token may see a node at all. What it may not see does
// not exist for it (100/33).
func (c *call) sees(n node) bool {
	switch n := n.(type) {
	case *app:
		return n.id == c.sim.st.app.id
	case *business:
		return c.seesBusiness(n)
	case *waba:
		return c.seesWABA(n)
	case *number:
		w := c.sim.st.waba(n.waba)
		return w != nil && c.seesWABA(w)
	case *user:
		return c.token.user == n.id || (c.token.kind == tokenSystemUser && c.token.owner == n.owner)
	case *line:
		// A client attaches itself to the line and so must reach it.
		return c.token.owner == n.owner || c.token.kind == tokenBusiness
	case *allocation:
		l := c.sim.st.lines[n.line]
		return l != nil && c.token.owner == l.owner
	case *preverified:
		return c.token.owner == n.owner || slices.Contains(n.partners, c.token.owner)
	case *template:
		w := c.sim.st.waba(n.waba)
		return w != nil && c.seesWABA(w)
	case *solution:
		return c.token.owner == c.sim.st.partner.id
	}
	return false
}

// seesWABA is the heart of it: owning or being given an account is not enough for an
// employee, and a client's grant is worth nothing once the client stopped sharing.
func (c *call) seesWABA(w *waba) bool {
	switch c.token.kind {
	case tokenSystemUser:
		if w.owner != c.token.owner && !slices.Contains(w.shared, c.token.owner) {
			return false
		}
		return c.isAdmin() || len(w.users[c.token.user]) > 0
	case tokenBusiness, tokenUser:
		// The token works through the partner's app: no sharing, no access.
		if w.owner != c.token.owner || !slices.Contains(w.shared, c.sim.st.partner.id) {
			return false
		}
		return c.token.unlimited || slices.Contains(c.token.targets, w.id)
	}
	return false
}

// seesBusiness lets the partner read its clients' portfolios, and everyone the own one.
func (c *call) seesBusiness(b *business) bool {
	if b.id == c.token.owner {
		return true
	}
	if c.token.kind != tokenSystemUser {
		return false
	}
	return c.sim.isClient(b)
}

// isClient tells whether a portfolio shares an account with the partner.
func (s *Sim) isClient(b *business) bool {
	return slices.ContainsFunc(b.owned, func(id nid) bool {
		w := s.st.waba(id)
		return w != nil && slices.Contains(w.shared, s.st.partner.id)
	})
}

// caller is the system user or person behind the token, nil for the app's.
func (c *call) caller() *user { return c.sim.st.users[c.token.user] }

// isAdmin looks at the role on the portfolio, not at permissions of the token: both are
// needed where Meta says so.
func (c *call) isAdmin() bool {
	u := c.caller()
	return u != nil && c.token.kind == tokenSystemUser && u.role == "ADMIN"
}

// has demands permissions of the token.
func (c *call) has(scopes ...string) *apiError {
	for _, s := range scopes {
		if !c.token.can(s) {
			return errPermission("Requires " + s + " permission to manage the object")
		}
	}
	return nil
}

// readsWhatsApp is the permission for reading accounts and numbers: either of the two
// serves, so that a token granted messaging alone can still be examined.
func (c *call) readsWhatsApp() *apiError {
	if c.token.can(scopeManagement) || c.token.can(scopeMessaging) {
		return nil
	}
	return errPermission("You do not have the necessary permissions required to access this account")
}

// adminOnly demands an admin system user.
func (c *call) adminOnly() *apiError {
	if !c.isAdmin() {
		return errPermission("Permissions error: only an admin system user of the business may do this")
	}
	return nil
}

// manages demands the management permission and, of an assigned employee, one of the
// tasks that cover the action.
func (c *call) manages(w *waba, tasks ...string) *apiError {
	if err := c.has(scopeManagement); err != nil {
		return err
	}
	if c.token.kind != tokenSystemUser || c.isAdmin() {
		return nil
	}
	for _, t := range w.users[c.token.user] {
		if t == "MANAGE" || t == "FULL_CONTROL" || slices.Contains(tasks, t) {
			return nil
		}
	}
	return errPermission("The system user is not assigned the task that this action needs on the WhatsApp Business Account")
}

// finance demands what credit calls need: business_management, and an admin or a
// finance editor of the line's portfolio.
func (c *call) finance(owner nid) *apiError {
	if c.token.kind != tokenSystemUser || c.token.owner != owner {
		return errPermission("The credit line may only be used with a system user token of its owner's business")
	}
	if err := c.has(scopeBusiness); err != nil {
		return err
	}
	if !c.isFinance() {
		return errPermission("The system user must be an Admin or Finance Editor of the business")
	}
	return nil
}

// isFinance is the role that credit calls need; admins have it.
func (c *call) isFinance() bool {
	u := c.caller()
	return c.isAdmin() || (u != nil && u.finance == "Editor")
}

// wabaOf is the account of a number; a number without one cannot be reached.
func (c *call) wabaOf(n *number) *waba { return c.sim.st.waba(n.waba) }
