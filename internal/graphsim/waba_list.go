package graphsim

import (
	"slices"
	"strconv"
)

// permittedTasks are the tasks that a partner may give on an account of a client.
func permittedTasks(_ *call, parent, item node) any {
	if item.(*waba).owner == parent.nodeID() {
		return nil
	}
	return []string{"MANAGE", "DEVELOP", "MANAGE_TEMPLATES", "MANAGE_PHONE", "VIEW_COST", "MESSAGING", "MANAGE_BILLING"}
}

// listAccounts lists the accounts that a portfolio owns, or those that are shared with
// it. The newest is first unless sort says otherwise.
func listAccounts(c *call, b *business, edge string, p params) (listing, *apiError) {
	if b.id != c.token.owner {
		return listing{}, errPermission("Requires whatsapp_business_management permission on this business")
	}
	if err := c.readsWhatsApp(); err != nil {
		return listing{}, err
	}
	// Both lists are kept newest first; nothing is sorted for a request.
	ids := b.owned
	if edge == "client_whatsapp_business_accounts" {
		ids = b.client
	}
	keep, err := c.accountFilter(p.get("filtering"))
	if err != nil {
		return listing{}, err
	}
	if keep != nil {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id nid) bool { return !keep(id) })
	}
	switch sort := p.get("sort"); sort {
	case "", "creation_time_descending":
	case "creation_time_ascending":
		ids = slices.Clone(ids)
		slices.Reverse(ids)
	default:
		return listing{}, errParam("Param sort must be one of {creation_time_ascending, creation_time_descending} - got %q.", sort)
	}
	l := listing{ids: ids, get: func(id nid) node { return c.sim.st.waba(id) }}
	if !c.isAdmin() {
		// A virtual account has no users yet, so only an admin sees it.
		l.hidden = func(id nid) bool { w := c.sim.st.wabas[id]; return w == nil || !c.seesWABA(w) }
	}
	return l, nil
}

// accountFilter returns the filter for the account edges. Most conditions look at the
// ids only, so that a big world can be filtered without building it.
func (c *call) accountFilter(text string) (func(nid) bool, *apiError) {
	list, err := parseFiltering(text)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var keep []func(nid) bool
	for _, f := range list {
		k, err := c.accountCondition(f)
		if err != nil {
			return nil, err
		}
		keep = append(keep, k)
	}
	return func(id nid) bool {
		return !slices.ContainsFunc(keep, func(k func(nid) bool) bool { return !k(id) })
	}, nil
}

// accountCondition accepts the time as a string or a number: Meta's samples quote it,
// and clients forget the quotes.
func (c *call) accountCondition(f condition) (func(nid) bool, *apiError) {
	values, isList := jsonList(string(f.Value))
	created := c.sim.st.created
	switch f.Field + " " + f.Operator {
	case "creation_time GREATER_THAN", "creation_time LESS_THAN":
		limit, err := strconv.ParseInt(f.text(), 10, 64)
		if err != nil {
			return nil, errParam("Param filtering[0][value] must be a Unix time in seconds")
		}
		if f.Operator == "LESS_THAN" {
			return func(id nid) bool { return created(id) < limit }, nil
		}
		return func(id nid) bool { return created(id) > limit }, nil
	case "creation_time IN_RANGE":
		if !isList || len(values) != 2 {
			return nil, errParam("Param filtering[0][value] must be a list of two Unix times")
		}
		lo, err1 := strconv.ParseInt(values[0], 10, 64)
		hi, err2 := strconv.ParseInt(values[1], 10, 64)
		if err1 != nil || err2 != nil {
			return nil, errParam("Param filtering[0][value] must be a list of two Unix times")
		}
		return func(id nid) bool { t := created(id); return t >= lo && t <= hi }, nil
	// The account is shared with all of these partners.
	case "partners ALL":
		return func(id nid) bool {
			w := c.sim.st.waba(id)
			return !slices.ContainsFunc(values, func(v string) bool { p, ok := parseID(v); return !ok || !slices.Contains(w.shared, p) })
		}, nil
	// This condition builds the nodes, so it is slow in a big world.
	case "ownership_type IN":
		return func(id nid) bool { return slices.Contains(values, ownership(c.sim.st, c.sim.st.waba(id))) }, nil
	}
	return nil, errParam("Filtering on field '%s' with operation '%s' is not supported", f.Field, f.Operator)
}

// ownership returns who owns an account, from the view of the partner's portfolio.
func ownership(st *state, w *waba) string {
	if w.owner == st.partner.id {
		return "SELF"
	}
	return "CLIENT_OWNED"
}

// newerFirst compares accounts by the time of creation, the newest first.
func (s *Sim) newerFirst(a, b nid) int {
	ta, tb := s.st.created(a), s.st.created(b)
	switch {
	case ta != tb:
		return int(max(-1, min(1, tb-ta)))
	default:
		return int(max(-1, min(1, b-a)))
	}
}
