package graphsim

import "slices"

// addNumber puts a number on an account: a new one, a pre-verified one, or one that
// migrates from another account of the same client.
func addNumber(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	p := c.params
	if p.get("preverified_id") != "" {
		return c.addPreVerified(w)
	}
	cc, national := digits(p.get("cc")), digits(p.get("phone_number"))
	switch {
	case cc == "":
		return nil, errMissing("cc")
	case national == "":
		return nil, errMissing("phone_number")
	}
	// The guide's sample repeats the country code in front of the number.
	if len(national) > 10 && len(cc) < len(national) && national[:len(cc)] == cc {
		national = national[len(cc):]
	}
	if len(cc) > 3 || len(national) < 4 || len(cc+national) > 15 {
		return nil, errBlame("phone_number", "Param phone_number is not a valid phone number")
	}
	if p.boolean("migrate_phone_number") {
		return c.migrate(w, cc, national)
	}
	if p.get("verified_name") == "" {
		return nil, errMissing("verified_name")
	}
	// Repeating the call is an error, so a lost answer needs a look at the list.
	if other := c.sim.findDigits(cc + national); other != nil {
		return nil, errTaken(other.waba == w.id)
	}
	n := &number{waba: w.id, cc: cc, national: national, name: p.get("verified_name"), status: "NONE", verified: "NOT_VERIFIED",
		state: "PENDING", mode: "LIVE", quality: "UNKNOWN"}
	c.sim.addNumber(w, n)
	c.target = n
	return obj{{"id", n.id}}, nil
}

// errTaken tells a number that is here already, which is as good as a success, from one
// that somebody else has.
func errTaken(here bool) *apiError {
	if here {
		return errUser(2388012, "Phone Number Already Added", "This phone number has already been added to the WhatsApp Business Account.")
	}
	e := errParam("")
	e.code, e.message = 200000, numbered(200000, "Cannot add phone number to the WhatsApp Business Account")
	e.status, e.title, e.text = 400, "Phone Number In Use", "This phone number is in use by another account."
	return e
}

// findDigits finds a living number by its digits. Virtual numbers are not searched.
func (s *Sim) findDigits(all string) *number {
	for _, n := range s.st.numbers {
		if n != nil && n.cc+n.national == all {
			return n
		}
	}
	return nil
}

// addNumber completes a new number and puts it first on its account.
func (s *Sim) addNumber(w *waba, n *number) {
	now := s.now().Unix()
	n.id, n.waba = s.newID(kNumber), w.id
	n.onboarded, n.certTime = now, now
	n.serial = 4_000_000_000_000 + int64(n.id)
	n.display = displayNumber(n.cc, n.national)
	if n.country == "" {
		n.country = w.country
	}
	if at, ok := s.st.gone[n.cc+n.national]; ok {
		n.freshUntil = at + int64(deletedWait.Seconds())
	}
	s.st.numbers[n.id] = n
	w.numbers = slices.Insert(slices.Clone(w.numbers), 0, n.id)
	s.note(w, "PHONE_NUMBER_ADDED")
}

// addPreVerified claims a pre-verified number: it becomes a business number with an
// id of its own, verified already.
func (c *call) addPreVerified(w *waba) (any, *apiError) {
	id, _ := parseID(c.params.get("preverified_id"))
	pv := c.sim.st.preverified[id]
	if pv == nil || !c.sees(pv) {
		return nil, errBlame("preverified_id", "Param preverified_id must be a pre-verified phone number of this business")
	}
	if pv.status(c.now) != "VERIFIED" || pv.claimed != 0 {
		return nil, errParam("The pre-verified phone number is not available")
	}
	n := c.sim.claim(w, pv, c.params.get("verified_name"))
	c.target = n
	return obj{{"id", n.id}}, nil
}

// claim makes a business number of a pre-verified one, with a new id.
func (s *Sim) claim(w *waba, pv *preverified, name string) *number {
	if name == "" {
		name = w.name
	}
	cc := s.callingCode(pv.digits)
	n := &number{cc: cc, national: pv.digits[len(cc):], name: name, status: "AVAILABLE_WITHOUT_REVIEW", verified: "VERIFIED",
		state: "PENDING", mode: "LIVE", quality: "UNKNOWN", preVerified: true}
	s.addNumber(w, n)
	pv.claimed = n.id
	return n
}

// callingCode splits the country code off a number in full; only the codes of the
// simulated countries are known, others count as two digits.
func (s *Sim) callingCode(all string) string {
	for _, c := range bulkCountries {
		if len(all) > len(c.cc) && all[:len(c.cc)] == c.cc {
			return c.cc
		}
	}
	return all[:min(2, len(all))]
}

// migrate moves a number to another account of the same client. What forbids it is
// told apart only by the texts.
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
	// Name, quality and history move along; ownership must be shown again, and the id
	// is a new one.
	moved := *n
	c.sim.dropNumber(n, false)
	moved.verified, moved.state, moved.attempts, moved.freshUntil = "NOT_VERIFIED", "PENDING", nil, 0
	c.sim.addNumber(w, &moved)
	c.target = &moved
	return obj{{"id", moved.id}}, nil
}

// dropNumber takes a number off the world; remember makes its digits wait before they
// can be registered again.
func (s *Sim) dropNumber(n *number, remember bool) {
	if w := s.st.waba(n.waba); w != nil {
		w.numbers = slices.DeleteFunc(slices.Clone(w.numbers), func(id nid) bool { return id == n.id })
	}
	s.st.numbers[n.id] = nil
	if remember {
		s.st.gone[n.cc+n.national] = s.now().Unix()
	}
}
