package graphsim

import "slices"

// The functions below decide what a token may see and do. An admin system user reaches
// every account that its portfolio owns or that is shared with it. An employee reaches
// only the accounts it is assigned to. A business token reaches only what its client
// granted, and only while the client shares it.

// sees reports whether the token of the call may see a node. A node that it may not see
// does not exist for it: Graph answers 100/33. The function is long because its switch
// has one case for each type of node; it has no other logic.
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
		// A client attaches itself to the line, so it has to reach the line.
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

// seesWABA decides about accounts, and so about their numbers and templates. An
// employee also has to be assigned to the account. A token that a client granted works
// only while the client shares the account.
func (c *call) seesWABA(w *waba) bool {
	switch c.token.kind {
	case tokenSystemUser:
		if w.owner != c.token.owner && !slices.Contains(w.shared, c.token.owner) {
			return false
		}
		return c.isAdmin() || len(w.users[c.token.user]) > 0
	case tokenBusiness, tokenUser:
		// The token works through the partner's app, so it needs the sharing.
		if w.owner != c.token.owner || !slices.Contains(w.shared, c.sim.st.partner.id) {
			return false
		}
		return c.token.unlimited || slices.Contains(c.token.targets, w.id)
	}
	return false
}

// seesBusiness lets each token read its own portfolio, and the partner those of its
// clients.
func (c *call) seesBusiness(b *business) bool {
	if b.id == c.token.owner {
		return true
	}
	if c.token.kind != tokenSystemUser {
		return false
	}
	return c.sim.isClient(b)
}

// isClient reports whether a portfolio shares an account with the partner.
func (s *Sim) isClient(b *business) bool {
	return slices.ContainsFunc(b.owned, func(id nid) bool {
		w := s.st.waba(id)
		return w != nil && slices.Contains(w.shared, s.st.partner.id)
	})
}

// caller returns the system user or person behind the token, and nil for an app token.
func (c *call) caller() *user { return c.sim.st.users[c.token.user] }

// isAdmin reports whether the caller has the admin role in its portfolio. The role does
// not replace the permissions of the token: where Meta says so, both are needed.
func (c *call) isAdmin() bool {
	u := c.caller()
	return u != nil && c.token.kind == tokenSystemUser && u.role == "ADMIN"
}

// has refuses a token that lacks one of the permissions.
func (c *call) has(scopes ...string) *apiError {
	for _, s := range scopes {
		if !c.token.can(s) {
			return errPermission("Requires " + s + " permission to manage the object")
		}
	}
	return nil
}

// readsWhatsApp refuses a token that may not read accounts and numbers. One of the two
// permissions is enough, so that a token with messaging alone can still be examined.
func (c *call) readsWhatsApp() *apiError {
	if c.token.can(scopeManagement) || c.token.can(scopeMessaging) {
		return nil
	}
	return errPermission("You do not have the necessary permissions required to access this account")
}

// adminOnly refuses a caller that is not an admin system user.
func (c *call) adminOnly() *apiError {
	if !c.isAdmin() {
		return errPermission("Permissions error: only an admin system user of the business may do this")
	}
	return nil
}

// manages refuses a token without the management permission, and an employee that is
// assigned to the account without one of the tasks.
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

// finance refuses a caller that may not use the credit line of a portfolio. Credit
// calls need business_management, and an admin or a finance editor of that portfolio.
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

// isFinance reports whether the caller has a role that credit calls need. Admins have
// it.
func (c *call) isFinance() bool {
	u := c.caller()
	return c.isAdmin() || (u != nil && u.finance == "Editor")
}

// wabaOf returns the account of a number.
func (c *call) wabaOf(n *number) *waba { return c.sim.st.waba(n.waba) }
