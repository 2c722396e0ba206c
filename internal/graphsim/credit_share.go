package graphsim

import (
	"regexp"
	"slices"
)

// creditShareActions move money. Meta does not promise for any of them that a
// repetition changes nothing.
func creditShareActions() []*action {
	attach := []Param{{Name: "waba_id", Type: "string", Required: true}, {Name: "waba_currency", Type: "string", Required: true}}
	return []*action{
		{method: "POST", node: kLine, edge: "whatsapp_credit_sharing_and_attach", do: shareAndAttach, params: attach},
		{method: "POST", node: kLine, edge: "whatsapp_credit_sharing", do: shareCredit, params: []Param{{Name: "receiving_business_id", Type: "string", Required: true}}},
		{method: "POST", node: kLine, edge: "whatsapp_credit_attach", do: attachCredit, params: attach},
		{method: "POST", node: kLine, edge: "owning_credit_allocation_configs", do: allocateCredit, params: []Param{
			{Name: "receiving_business_id", Type: "string", Required: true}, {Name: "amount", Type: "map"},
			{Name: "liability_type", Type: "string"}, {Name: "partition_type", Type: "string"}, {Name: "send_bill_to", Type: "string"}}},
	}
}

// reachable returns the account of the parameter waba_id. If the caller cannot reach
// it, the error is 100 without a subcode: the account is a parameter here, not the
// node.
func (c *call) reachable(text string) (*waba, *apiError) {
	id, ok := parseID(text)
	w := c.sim.st.waba(id)
	if !ok || w == nil {
		return nil, errBlame("waba_id", "Param waba_id must be a valid WhatsApp Business Account id")
	}
	assigned := len(w.users[c.token.user]) > 0
	if !c.seesWABA(w) || c.sim.cfg.ShareNeedsAssignment && !assigned && c.token.kind == tokenSystemUser {
		e := errBlame("waba_id", "The specified system user does not have permission to update the WhatsApp Business Account")
		e.title, e.text = "Permission Denied", "Add the system user to the WhatsApp Business Account and try again."
		return nil, e
	}
	if w.owner == c.sim.st.partner.id {
		return nil, errBlame("waba_id", "A credit line cannot be shared with an account of its owner's own business")
	}
	return w, nil
}

// shareAndAttach shares the line with the client's portfolio, once, and attaches this
// account to the allocation. A portfolio that has an allocation keeps it.
func shareAndAttach(c *call) (any, *apiError) {
	l := c.node.(*line)
	w, err := c.reachable(c.params.get("waba_id"))
	if err != nil {
		return nil, err
	}
	// A finance editor who is not an admin also needs the billing task on the account.
	if !c.isAdmin() {
		if err := c.manages(w, "MANAGE_BILLING"); err != nil {
			return nil, err
		}
	}
	if err := c.attachable(l, w); err != nil {
		return nil, err
	}
	// The line is shared with a portfolio once. Each account is attached to it.
	a := c.sim.liveAllocation(l, w.owner)
	if a == nil {
		a = c.sim.allocate(l, w.owner)
	}
	c.sim.attach(a, w, c.params.get("waba_currency"))
	c.target = a
	return obj{{"allocation_config_id", a.id}, {"waba_id", w.id}}, nil
}

// attachable checks the currency and the line. Both are fixed once an account was
// attached.
func (c *call) attachable(l *line, w *waba) *apiError {
	currency := c.params.get("waba_currency")
	switch {
	case !currencyForm.MatchString(currency) || !slices.Contains(currencies, currency):
		return errBlame("waba_currency", "Param waba_currency must be a supported currency - got %q.", currency)
	case l.revoked:
		return errPermission("Access to the credit line was revoked")
	case w.currencyFixed && w.currency != currency:
		return errBlame("waba_currency", "The currency of the WhatsApp Business Account is %s and cannot be changed", w.currency)
	}
	if w.allocation != 0 {
		if a := c.sim.st.allocation(w.allocation); a != nil && a.line != l.id {
			return errParam("Another credit line is attached to the WhatsApp Business Account; it cannot be changed")
		}
	}
	return nil
}

// allocate makes the allocation between a line and a portfolio, and its funding source.
func (s *Sim) allocate(l *line, receiver nid) *allocation {
	a := &allocation{id: s.newID(kAllocation), line: l.id, receiver: receiver, funding: s.newID(kFunding), created: s.now().Unix()}
	s.st.allocations[a.id] = a
	l.allocations = slices.Insert(slices.Clone(l.allocations), 0, a.id)
	return a
}

// attach makes the line pay for an account. From now on the currency of the account is
// fixed.
func (s *Sim) attach(a *allocation, w *waba, currency string) {
	w.allocation, w.funding, w.currency, w.currencyFixed = a.id, a.funding, currency, true
	a.attached = append(a.attached, w.id)
	s.note(w, "CREDIT_LINE_ATTACHED")
}

// shareCredit is the first half of the two-step method. For a portfolio that has an
// allocation of this line the answer is 4000, and the client then searches for the
// allocation. Meta only describes the code; this is how the simulator reads it.
func shareCredit(c *call) (any, *apiError) {
	l := c.node.(*line)
	id, ok := parseID(c.params.get("receiving_business_id"))
	b := c.sim.st.business(id)
	if !ok || b == nil || b.id == l.owner || !c.sim.isClient(b) {
		return nil, errBlame("receiving_business_id", "Param receiving_business_id must be the business of a client who shares a WhatsApp Business Account with you")
	}
	if l.revoked {
		return nil, errPermission("Access to the credit line was revoked")
	}
	if c.sim.liveAllocation(l, id) != nil {
		return nil, &apiError{code: 4000, message: numbered(4000, "A credit allocation between the two businesses exists already")}
	}
	a := c.sim.allocate(l, id)
	c.target = a
	return obj{{"success", true}, {"allocation_config_id", a.id}}, nil
}

// attachCredit is the second half, once for each account, with the client's business
// token.
func attachCredit(c *call) (any, *apiError) {
	l := c.node.(*line)
	if c.token.kind != tokenBusiness {
		return nil, errPermission("The business token of the client is required to attach its WhatsApp Business Account")
	}
	w, err := c.reachable(c.params.get("waba_id"))
	if err != nil {
		return nil, err
	}
	if err := c.manages(w); err != nil {
		return nil, err
	}
	if err := c.attachable(l, w); err != nil {
		return nil, err
	}
	a := c.sim.liveAllocation(l, w.owner)
	if a == nil {
		return nil, errParam("The credit line is not shared with the business of the WhatsApp Business Account")
	}
	c.sim.attach(a, w, c.params.get("waba_currency"))
	c.target = w
	return obj{{"success", true}, {"waba_id", w.id}, {"allocation_config_id", a.id}}, nil
}

// allocateCredit is the general method. Meta has to list an app before it can use it.
func allocateCredit(*call) (any, *apiError) {
	return nil, &apiError{code: 3, message: numbered(3, "App must be on whitelist")}
}

// currencyForm is checked before the list, because the list will grow.
var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// currencies are the currencies of Meta's credit page and of its rate cards of 2026.
var currencies = []string{"AUD", "EUR", "GBP", "IDR", "INR", "USD", "AED", "ARS", "CLP", "COP", "MXN", "MYR", "PEN", "SAR", "SGD"}
