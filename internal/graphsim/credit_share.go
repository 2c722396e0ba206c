package graphsim

import (
	"regexp"
	"slices"
)

// creditActions move money: none of them is idempotent by contract.
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

// reachable finds the account of a waba_id parameter. What the caller cannot reach is
// error 100 here, not 100/33: the account is a parameter, not the node.
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
	// A finance editor who is no admin also needs the billing task on the account.
	if !c.isAdmin() {
		if err := c.manages(w, "MANAGE_BILLING"); err != nil {
			return nil, err
		}
	}
	if err := c.attachable(l, w); err != nil {
		return nil, err
	}
	// Sharing belongs to the portfolio, attaching to the account.
	a := c.sim.liveAllocation(l, w.owner)
	if a == nil {
		a = c.sim.allocate(l, w.owner)
	}
	c.sim.attach(a, w, c.params.get("waba_currency"))
	c.target = a
	return obj{{"allocation_config_id", a.id}, {"waba_id", w.id}}, nil
}

// attachable checks currency and line: both are fixed once an account was attached.
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

// allocate makes the one allocation between a line and a portfolio, with the funding
// source that appears at the client.
func (s *Sim) allocate(l *line, receiver nid) *allocation {
	a := &allocation{id: s.newID(kAllocation), line: l.id, receiver: receiver, funding: s.newID(kFunding), created: s.now().Unix()}
	s.st.allocations[a.id] = a
	l.allocations = slices.Insert(slices.Clone(l.allocations), 0, a.id)
	return a
}

// attach is where an account starts to be billed; from here its currency is fixed.
func (s *Sim) attach(a *allocation, w *waba, currency string) {
	w.allocation, w.funding, w.currency, w.currencyFixed = a.id, a.funding, currency, true
	a.attached = append(a.attached, w.id)
	s.note(w, "CREDIT_LINE_ATTACHED")
}

// shareCredit is the first half of the two-step method. A portfolio that has an
// allocation of this line answers 4000: that is our reading of Meta's description of
// the code, and the client then looks the allocation up.
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

// attachCredit is the second half, for each account, with the client's business token.
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

// allocateCredit is the general form, for which apps must be listed by Meta.
func allocateCredit(*call) (any, *apiError) {
	return nil, &apiError{code: 3, message: numbered(3, "App must be on whitelist")}
}

// currencyForm is checked apart from the list, as the list will grow.
var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// currencies are those of the credit page and of the rate cards of 2026.
var currencies = []string{"AUD", "EUR", "GBP", "IDR", "INR", "USD", "AED", "ARS", "CLP", "COP", "MXN", "MYR", "PEN", "SAR", "SGD"}
