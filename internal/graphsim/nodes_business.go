package graphsim

import (
	"encoding/json"
	"slices"
	"strconv"
)

// addBusinessTypes declares the portfolio, from which everything else is reached.
func addBusinessTypes(sc *schema) {
	t := sc.add(&nodeType{kind: kBusiness, name: "Business", placeholder: "{business-id}", defaults: []string{"id", "name"}, reference: []string{"id", "name"}},
		idField[*business](),
		field("name", "string", func(_ *call, b *business) any { return b.name }),
		field("verification_status", "Business_verification_status", func(_ *call, b *business) any { return b.verification }),
		field("created_time", "datetime", func(_ *call, b *business) any { return iso(b.created) }),
		field("timezone_id", "unsigned int", func(_ *call, b *business) any { return b.timezone }),
		field("link", "string", func(_ *call, b *business) any { return "https://www.facebook.com/" + b.id.String() }),
		field("vertical", "string", func(*call, *business) any { return "OTHER" }),
		field("is_hidden", "bool", func(*call, *business) any { return false }),
		field("two_factor_type", "string", func(*call, *business) any { return "none" }),
		field("whatsapp_business_manager_messaging_limit", "Business_whatsapp_business_manager_messaging_limit",
			func(_ *call, b *business) any { return b.tier }).from(24),
		field("health_status", "WhatsAppBusinessHealthStatusForMessageSend", func(c *call, b *business) any { return healthOf(c.healthOfBusiness(b)) }),
	)
	// Two edges of one shape: what the portfolio owns and what others share with it.
	for _, name := range []string{"owned_whatsapp_business_accounts", "client_whatsapp_business_accounts"} {
		t.edge(&edgeDef{name: name, item: kWABA, defLimit: 25, maxLimit: 100,
			params: []Param{{Name: "filtering", Type: "string"}, {Name: "sort", Type: "string", Enum: []string{"creation_time_ascending", "creation_time_descending"}}},
			// permitted_tasks exists on items of the edge, not on the account itself.
			extra: map[string]*extraField{"permitted_tasks": {"list<string>", permittedTasks}},
			list:  func(c *call, n node, p params) (listing, *apiError) { return listAccounts(c, n.(*business), name, p) }})
	}
	t.edge(&edgeDef{name: "system_users", item: kSystemUser, defLimit: 25, maxLimit: 100, defaults: []string{"id", "name", "role"}, list: listSystemUsers})
	// Only the id comes unasked.
	t.edge(&edgeDef{name: "extendedcredits", item: kLine, defLimit: 25, maxLimit: 100, defaults: []string{"id"},
		params: []Param{{Name: "order_by_is_owned_credential", Type: "bool"}}, list: listCreditLines})
	t.edge(&edgeDef{name: "preverified_numbers", item: kPreVerified, defLimit: 25, maxLimit: 100,
		params: []Param{{Name: "code_verification_status", Type: "string", Enum: []string{"EXPIRED", "NOT_VERIFIED", "VERIFIED"}}, {Name: "phone_number", Type: "string"}},
		list:   listPreVerified})
}

// permittedTasks are what a partner may hand out on an account that is not its own.
func permittedTasks(_ *call, parent, item node) any {
	if item.(*waba).owner == parent.nodeID() {
		return nil
	}
	return []string{"MANAGE", "DEVELOP", "MANAGE_TEMPLATES", "MANAGE_PHONE", "VIEW_COST", "MESSAGING", "MANAGE_BILLING"}
}

// listAccounts lists the accounts a portfolio owns, or those shared with it; newest
// first unless sort says otherwise.
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
		// Virtual accounts have no users yet, so nobody but an admin sees them.
		l.hidden = func(id nid) bool { w := c.sim.st.wabas[id]; return w == nil || !c.seesWABA(w) }
	}
	return l, nil
}

// condition is one object of a filtering parameter.
type condition struct {
	Field    string          `json:"field"`
	Operator string          `json:"operator"`
	Value    json.RawMessage `json:"value"`
}

// parseFiltering reads a filtering parameter: a JSON list, as text, of conditions.
func parseFiltering(text string) ([]condition, *apiError) {
	if text == "" {
		return nil, nil
	}
	var list []condition
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, errParam("Param filtering must be an array of {field, operator, value}")
	}
	for _, f := range list {
		if f.Field == "" || f.Operator == "" || f.Value == nil {
			return nil, errParam("Param filtering[0] must have field, operator and value")
		}
	}
	return list, nil
}

// text reads a condition's value as a string, number or single-element list.
func (f condition) text() string {
	s, _ := scalarText(f.Value)
	return s
}

// accountFilter understands the conditions of the account edges. They look at ids
// only, so that a big world need not be built to be filtered.
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

// accountCondition accepts values as strings or numbers: Meta's samples quote the time,
// clients forget to.
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
	// Shared with all of these partners at once.
	case "partners ALL":
		return func(id nid) bool {
			w := c.sim.st.waba(id)
			return !slices.ContainsFunc(values, func(v string) bool { p, ok := parseID(v); return !ok || !slices.Contains(w.shared, p) })
		}, nil
	// Needs the nodes: only small worlds should be filtered so.
	case "ownership_type IN":
		return func(id nid) bool { return slices.Contains(values, ownership(c.sim.st, c.sim.st.waba(id))) }, nil
	}
	return nil, errParam("Filtering on field '%s' with operation '%s' is not supported", f.Field, f.Operator)
}
