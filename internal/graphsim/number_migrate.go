package graphsim

import "slices"

// migrate moves a number to another account of the same client. Meta has one subcode
// for most refusals, so only the texts differ.
func (c *call) migrate(w *waba, cc, national string) (any, *apiError) {
	refuse := func(why string) (any, *apiError) {
		return nil, errUser(2388103, "Cannot migrate phone number", why)
	}
	n := c.sim.findDigits(cc + national)
	if n == nil {
		return refuse("The phone number can be added to the WhatsApp Business Account directly.")
	}
	n = c.sim.st.number(n.id)
	from := c.wabaOf(n)
	switch {
	case from.id == w.id:
		return nil, errTaken(true)
	case from.owner != w.owner:
		return refuse("The source and the destination WhatsApp Business Account represent different businesses.")
	case n.pin != "":
		return nil, errUser(2388001, "Cannot migrate phone number", "Two-step verification must be disabled for the phone number first.")
	case n.status != "APPROVED" || n.newStatus != "":
		return refuse("The display name of the phone number is not approved, or a change of it is pending.")
	case w.review != "APPROVED":
		return refuse("The destination WhatsApp Business Account is not approved.")
	case w.funding == 0:
		return refuse("The destination WhatsApp Business Account has no payment method.")
	case len(w.subs) == 0:
		return refuse("The destination WhatsApp Business Account has no app subscribed to its webhooks.")
	}
	// Name, quality and history move with the number. It has a new id and must be
	// verified again.
	moved := *n
	c.sim.dropNumber(n, false)
	moved.verified, moved.state, moved.attempts, moved.freshUntil = "NOT_VERIFIED", "PENDING", nil, 0
	c.sim.addNumber(w, &moved)
	c.target = &moved
	return obj{{"id", moved.id}}, nil
}

// dropNumber removes a number. With remember, its digits cannot be registered again for
// some minutes.
func (s *Sim) dropNumber(n *number, remember bool) {
	if w := s.st.waba(n.waba); w != nil {
		w.numbers = slices.DeleteFunc(slices.Clone(w.numbers), func(id nid) bool { return id == n.id })
	}
	s.st.numbers[n.id] = nil
	if remember {
		s.st.gone[n.cc+n.national] = s.now().Unix()
	}
}
