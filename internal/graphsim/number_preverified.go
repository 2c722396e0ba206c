package graphsim

import (
	"slices"
	"time"
)

const (
	preVerifiedLife  = 90 * 24 * time.Hour
	preVerifiedRenew = 45 * 24 * time.Hour // how long before its end a verification can be renewed
)

// addPreVerifiedTypes declares the pre-verified number. Its edges request_code and
// verify_code have the same names as those of a business number.
func addPreVerifiedTypes(sc *schema) {
	t := sc.add(&nodeType{kind: kPreVerified, name: "WhatsAppBusinessPreVerifiedPhoneNumber", placeholder: "{preverified-id}",
		defaults: []string{"id", "phone_number", "code_verification_status"}, reference: []string{"id", "phone_number"}},
		idField[*preverified](),
		field("phone_number", "string", func(_ *call, p *preverified) any { return p.display }),
		field("code_verification_status", "WhatsAppBusinessPreVerifiedPhoneNumber_code_verification_status",
			func(c *call, p *preverified) any { return p.status(c.now) }),
		field("code_verification_time", "datetime", func(_ *call, p *preverified) any { return iso(p.at) }),
		field("verification_expiry_time", "datetime", func(_ *call, p *preverified) any { return iso(p.expires) }),
		nodeField("owner_business", "Business", kBusiness, func(c *call, p *preverified) any { return c.sim.st.business(p.owner) }),
	)
	t.edge(&edgeDef{name: "partners", item: kBusiness, defLimit: 25, maxLimit: 100, list: func(c *call, n node, _ params) (listing, *apiError) {
		return listing{ids: n.(*preverified).partners, get: func(id nid) node { return c.sim.st.business(id) }}, nil
	}})
}

// status returns the status of the verification, which ends after 90 days.
func (pv *preverified) status(now time.Time) string {
	if pv.verified == "VERIFIED" && now.Unix() >= pv.expires {
		return "EXPIRED"
	}
	return pv.verified
}

func preVerifiedActions() []*action {
	share := []Param{{Name: "partner_business_id", Type: "string", Required: true}, {Name: "preverified_id", Type: "string", Required: true}}
	return []*action{
		{method: "POST", node: kBusiness, edge: "add_phone_numbers", do: addPreVerifiedNumber, params: []Param{{Name: "phone_number", Type: "string", Required: true}}},
		{method: "POST", node: kBusiness, edge: "share_preverified_numbers", do: sharePreVerified, params: share},
		{method: "DELETE", node: kBusiness, edge: "share_preverified_numbers", do: unsharePreVerified, params: share},
		{method: "POST", node: kPreVerified, edge: "request_code", do: requestPreVerifiedCode, params: []Param{
			{Name: "code_method", Type: "string", Required: true, Enum: []string{"SMS", "VOICE", "IVR"}}, {Name: "language", Type: "string", Required: true}}},
		{method: "POST", node: kPreVerified, edge: "verify_code", do: verifyPreVerifiedCode, params: []Param{{Name: "code", Type: "string", Required: true}}},
		{method: "DELETE", node: kPreVerified, do: deletePreVerified},
	}
}

// ownNumbers refuses a caller without both permissions, and one of another portfolio
// than the owner's.
func (c *call) ownNumbers(owner nid) *apiError {
	if c.token.kind != tokenSystemUser || c.token.owner != owner {
		return errPermission("Requires business_management permission on this business")
	}
	return c.has(scopeBusiness, scopeManagement)
}

// listPreVerified lists the pre-verified numbers that no client has taken. The filter
// looks at today's status.
func listPreVerified(c *call, n node, p params) (listing, *apiError) {
	b := n.(*business)
	if err := c.ownNumbers(b.id); err != nil {
		return listing{}, err
	}
	status, want := p.get("code_verification_status"), digits(p.get("phone_number"))
	ids := slices.DeleteFunc(slices.Clone(b.preverified), func(id nid) bool {
		pv := c.sim.st.preverified[id]
		// A number that a client has taken is a business number now.
		return pv.claimed != 0 || status != "" && pv.status(c.now) != status || want != "" && pv.digits != want
	})
	return listing{ids: ids, get: func(id nid) node { return c.sim.st.preverified[id] }}, nil
}

func addPreVerifiedNumber(c *call) (any, *apiError) {
	b := c.node.(*business)
	if err := c.ownNumbers(b.id); err != nil {
		return nil, err
	}
	all := digits(c.params.get("phone_number"))
	if len(all) < 7 || len(all) > 15 {
		return nil, errBlame("phone_number", "Param phone_number is not a valid phone number")
	}
	taken := slices.ContainsFunc(b.preverified, func(id nid) bool { return c.sim.st.preverified[id].digits == all })
	if taken || c.sim.findDigits(all) != nil {
		return nil, errTaken(false)
	}
	pv := c.sim.addPreVerified(b, all)
	c.target = pv
	return obj{{"id", pv.id}}, nil
}

// addPreVerified makes a pre-verified number of a full number: this call has no
// parameter for the country code.
func (s *Sim) addPreVerified(b *business, all string) *preverified {
	cc := s.callingCode(all)
	pv := &preverified{id: s.newID(kPreVerified), owner: b.id, digits: all, display: displayNumber(cc, all[len(cc):]),
		verified: "NOT_VERIFIED", added: s.now().Unix()}
	s.st.preverified[pv.id] = pv
	b.preverified = slices.Insert(slices.Clone(b.preverified), 0, pv.id)
	return pv
}

func (pv *preverified) verify(now time.Time) {
	pv.verified, pv.at, pv.expires = "VERIFIED", now.Unix(), now.Add(preVerifiedLife).Unix()
}

// requestPreVerifiedCode sends a verification code. In the last 45 days of a
// verification the code renews it.
func requestPreVerifiedCode(c *call) (any, *apiError) {
	pv := c.node.(*preverified)
	if err := c.ownNumbers(pv.owner); err != nil {
		return nil, err
	}
	if pv.status(c.now) == "VERIFIED" && c.now.Unix() < pv.expires-int64(preVerifiedRenew/time.Second) {
		return nil, errWhatsApp(136024, "Request code error", "The phone number is verified already; it can be renewed in the last 45 days.")
	}
	if err := c.sendCode(&pv.codeSent); err != nil {
		return nil, err
	}
	pv.codeTries = 0
	return success(), nil
}

func verifyPreVerifiedCode(c *call) (any, *apiError) {
	pv := c.node.(*preverified)
	if err := c.ownNumbers(pv.owner); err != nil {
		return nil, err
	}
	if err := c.takeCode(&pv.codeSent, &pv.codeTries); err != nil {
		return nil, err
	}
	pv.verify(c.now)
	c.target = pv
	return success(), nil
}

func deletePreVerified(c *call) (any, *apiError) {
	pv := c.node.(*preverified)
	if err := c.ownNumbers(pv.owner); err != nil {
		return nil, err
	}
	delete(c.sim.st.preverified, pv.id)
	b := c.sim.st.business(pv.owner)
	b.preverified = slices.DeleteFunc(slices.Clone(b.preverified), func(id nid) bool { return id == pv.id })
	return success(), nil
}

// shared returns the number and the partner of a share_preverified_numbers call.
func (c *call) shared() (*preverified, nid, *apiError) {
	b := c.node.(*business)
	if err := c.ownNumbers(b.id); err != nil {
		return nil, 0, err
	}
	id, _ := parseID(c.params.get("preverified_id"))
	pv := c.sim.st.preverified[id]
	if pv == nil || pv.owner != b.id {
		return nil, 0, errBlame("preverified_id", "Param preverified_id must be a pre-verified phone number of this business")
	}
	partner, ok := parseID(c.params.get("partner_business_id"))
	if !ok || c.sim.st.business(partner) == nil {
		return nil, 0, errBlame("partner_business_id", "Param partner_business_id must be a valid business id")
	}
	return pv, partner, nil
}

func sharePreVerified(c *call) (any, *apiError) {
	pv, partner, err := c.shared()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(pv.partners, partner) {
		pv.partners = append(pv.partners, partner)
	}
	return success(), nil
}

func unsharePreVerified(c *call) (any, *apiError) {
	pv, partner, err := c.shared()
	if err != nil {
		return nil, err
	}
	pv.partners = slices.DeleteFunc(slices.Clone(pv.partners), func(id nid) bool { return id == partner })
	return success(), nil
}

// addPreVerified adds a pre-verified number. It becomes a business number with a new id
// and needs no verification.
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
