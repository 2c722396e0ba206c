package graphsim

import "slices"

func numberAddActions() []*action {
	return []*action{
		{method: "POST", node: kWABA, edge: "phone_numbers", do: addNumber, params: []Param{
			{Name: "cc", Type: "string"}, {Name: "phone_number", Type: "string"}, {Name: "verified_name", Type: "string"},
			{Name: "migrate_phone_number", Type: "bool"}, {Name: "preverified_id", Type: "string"}}},
	}
}

// addNumber adds a number to an account: a new one, a pre-verified one, or one that
// moves from another account of the same client.
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
	// Meta's sample repeats the country code in front of the number.
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
	// A second call is an error, so after a lost answer the client has to look at the
	// list.
	if other := c.sim.findDigits(cc + national); other != nil {
		return nil, errTaken(other.waba == w.id)
	}
	n := &number{waba: w.id, cc: cc, national: national, name: p.get("verified_name"), status: "NONE", verified: "NOT_VERIFIED",
		state: "PENDING", mode: "LIVE", quality: "UNKNOWN"}
	c.sim.addNumber(w, n)
	c.target = n
	return obj{{"id", n.id}}, nil
}

// errTaken is the error for a number that exists. If it is on this account, the call
// has been made before; if not, another account has it.
func errTaken(here bool) *apiError {
	if here {
		return errUser(2388012, "Phone Number Already Added", "This phone number has already been added to the WhatsApp Business Account.")
	}
	e := errParam("")
	e.code, e.message = 200000, numbered(200000, "Cannot add phone number to the WhatsApp Business Account")
	e.status, e.title, e.text = 400, "Phone Number In Use", "This phone number is in use by another account."
	return e
}

// findDigits returns the number with these digits, or nil. It does not search virtual
// numbers.
func (s *Sim) findDigits(all string) *number {
	for _, n := range s.st.numbers {
		if n != nil && n.cc+n.national == all {
			return n
		}
	}
	return nil
}

// addNumber completes a new number and makes it the first of its account.
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

// callingCode returns the country code of a full number. It knows the codes of the
// simulated countries and takes two digits for any other.
func (s *Sim) callingCode(all string) string {
	for _, c := range bulkCountries {
		if len(all) > len(c.cc) && all[:len(c.cc)] == c.cc {
			return c.cc
		}
	}
	return all[:min(2, len(all))]
}
