package graphsim

import (
	"slices"
	"time"
)

const day = 24 * time.Hour

var clientNames = []string{"Nordwind Reisen", "Harbour Books", "Casa Lumen", "Tamarind Foods", "Blue Heron Clinics", "Alpenglow Sports",
	"Kiruna Outfitters", "Saffron Street", "Meridian Opticians", "Pine & Pixel"}

// seed builds the default world. It makes everything in the same order from the same
// seed, so the ids are the same in every run.
func (s *Sim) seed() {
	st := s.st
	st.retain = true
	defer func() { st.retain = false }()
	st.app = &app{id: firstID[kApp], name: "Relay Messaging", secret: s.random("0123456789abcdef", 32), subscriptions: map[string]*subscription{}}
	st.partner = s.newBusiness("Relay Communications GmbH", "DE")
	st.app.owner = st.partner.id
	st.partner.created -= int64(900 * day / time.Second)
	s.world = World{AppID: st.app.id.String(), AppSecret: st.app.secret, AppToken: st.app.appToken(), Version: exampleVersion.String(),
		BusinessID: st.partner.id.String(), BusinessName: st.partner.name, ExtraWABAs: s.cfg.WABAs, NumbersPerWABA: s.cfg.Numbers}
	s.seedUsers()
	s.seedCredit()
	s.seedOwned()
	s.seedClients()
	s.seedPreVerified()
	s.seedBulk()
}

// seedUsers makes the admin, who sees everything, and the employee, who sees nothing
// yet.
func (s *Sim) seedUsers() {
	scopes := []string{scopeBusiness, scopeManagement, scopeMessaging, scopePublic}
	admin := s.newUser(s.st.partner, "relay-admin", "ADMIN")
	employee := s.newUser(s.st.partner, "relay-onboarding", "EMPLOYEE")
	for _, u := range []*user{admin, employee} {
		u.apps[s.st.app.id] = true
		u.created -= int64(800 * day / time.Second)
	}
	admin.finance = "Editor"
	s.world.AdminID, s.world.EmployeeID = admin.id.String(), employee.id.String()
	s.world.AdminToken = s.newToken(&token{kind: tokenSystemUser, user: admin.id, owner: admin.owner, scopes: scopes}, 0).text
	s.world.EmployeeToken = s.newToken(&token{kind: tokenSystemUser, user: employee.id, owner: employee.owner, scopes: scopes}, 0).text
}

func (s *Sim) seedCredit() {
	l := &line{id: s.newID(kLine), owner: s.st.partner.id, legal: "Relay Communications GmbH", currency: "EUR", max: 5_000_000}
	s.st.lines[l.id] = l
	s.st.partner.lines = []nid{l.id}
	s.world.CreditLineID = l.id.String()
}

// seedNumber describes one number of the default world.
type seedNumber struct {
	name, status, state, verified, quality, mode, newName string
	approved                                              bool // Meta approved the new name
	onBizApp                                              bool
}

func (s *Sim) seedOwned() {
	// The partner's own accounts have no credit line. The last one is a sandbox.
	for i, name := range []string{"Relay Support", "Relay Notifications", "Relay Sandbox"} {
		mode := "LIVE"
		if i == 2 {
			mode = "SANDBOX"
		}
		w := s.seedWABA(s.st.partner, name, "EUR", 700-i*120, seedNumber{name: name, status: "APPROVED", state: "CONNECTED", verified: "VERIFIED", quality: "GREEN", mode: mode})
		s.world.OwnedWABAs = append(s.world.OwnedWABAs, w.id.String())
	}
	slices.Reverse(s.world.OwnedWABAs)
}

// seedClients makes three clients: one with two accounts and one allocation, one
// without credit, and one that also uses the WhatsApp Business app.
func (s *Sim) seedClients() {
	connected := seedNumber{name: "Nordwind Reisen", status: "APPROVED", state: "CONNECTED", verified: "VERIFIED", quality: "GREEN", mode: "LIVE"}
	renamed := seedNumber{name: "Nordwind Fähren", status: "APPROVED", state: "CONNECTED", verified: "EXPIRED", quality: "YELLOW", mode: "LIVE", newName: "Nordwind Inselfähren", approved: true}
	nordwind := s.seedClient("Nordwind Reisen GmbH", "DE", 400)
	first := s.seedWABA(nordwind, "Nordwind Reisen", "EUR", 390, connected)
	second := s.seedWABA(nordwind, "Nordwind Fähren", "EUR", 260, renamed)

	harbour := s.seedClient("Harbour Books Ltd", "GB", 90)
	third := s.seedWABA(harbour, "Harbour Books", "GBP", 85,
		seedNumber{name: "Harbour Books", status: "AVAILABLE_WITHOUT_REVIEW", state: "PENDING", verified: "VERIFIED", quality: "UNKNOWN", mode: "LIVE"},
		seedNumber{name: "Harbour Events", status: "PENDING_REVIEW", state: "PENDING", verified: "NOT_VERIFIED", quality: "UNKNOWN", mode: "LIVE"})

	tamarind := s.seedClient("Tamarind Foods Pvt Ltd", "IN", 30)
	fourth := s.seedWABA(tamarind, "Tamarind Foods", "INR", 25,
		seedNumber{name: "Tamarind Foods", status: "APPROVED", state: "CONNECTED", verified: "VERIFIED", quality: "GREEN", mode: "LIVE", onBizApp: true},
		seedNumber{name: "Tamarind Wholesale", status: "DECLINED", state: "DISCONNECTED", verified: "VERIFIED", quality: "RED", mode: "LIVE"})

	bundle := &solution{id: s.newID(kSolution), name: "Relay travel bundle", status: "ACTIVE"}
	s.st.solutions[bundle.id] = bundle
	first.solutions = []nid{bundle.id}

	l := s.st.lines[s.st.partner.lines[0]]
	// Two accounts of one client have one allocation. Harbour has none.
	a := s.allocate(l, nordwind.id)
	s.attach(a, first, "EUR")
	s.attach(a, second, "EUR")
	s.attach(s.allocate(l, tamarind.id), fourth, "INR")

	for _, w := range []*waba{first, second, third, fourth} {
		s.share(w)
		s.world.ClientWABAs = slices.Insert(s.world.ClientWABAs, 0, w.id.String())
		for _, id := range w.numbers {
			s.world.Numbers = append(s.world.Numbers, id.String())
		}
	}
	for _, b := range []*business{tamarind, harbour, nordwind} {
		s.integrationUser(b)
		s.world.ClientBusinesses = append(s.world.ClientBusinesses, b.id.String())
	}
	s.world.CertifiedNumberID, s.world.RenamedNumberID = first.numbers[0].String(), second.numbers[0].String()
	s.world.PendingNumberID = third.numbers[1].String()
	s.world.SharedBusinessID, s.world.UnsharedBusinessID, s.world.AllocationID = nordwind.id.String(), harbour.id.String(), a.id.String()
}

func (s *Sim) seedClient(name, country string, days int) *business {
	b := s.newBusiness(name, country)
	b.created = s.now().Add(-time.Duration(days) * day).Unix()
	return b
}

// seedWABA makes an account with a date in the past, so that the default world has a
// history.
func (s *Sim) seedWABA(b *business, name, currency string, days int, numbers ...seedNumber) *waba {
	created := s.now().Add(-time.Duration(days) * day)
	w := s.newWABA(b, name, currency, created.Unix())
	for i, sn := range numbers {
		n := s.makeNumber(w)
		n.name, n.status, n.state, n.verified, n.quality, n.mode, n.onBizApp = sn.name, sn.status, sn.state, sn.verified, sn.quality, sn.mode, sn.onBizApp
		n.onboarded, n.certTime = created.Add(time.Duration(i+1)*time.Hour).Unix(), created.Add(2*day).Unix()
		// Registration sets the PIN. A number of the WhatsApp Business app has none.
		if n.state == "CONNECTED" && !n.onBizApp {
			n.pin = SeedPIN
		}
		if sn.newName != "" {
			n.newName, n.newStatus = sn.newName, "PENDING_REVIEW"
			if sn.approved {
				s.approve(n)
			}
		}
	}
	return w
}

// SeedPIN is the two-step PIN of the registered numbers of the default world.
const SeedPIN = "150954"

func (s *Sim) seedPreVerified() {
	pv := s.addPreVerified(s.st.partner, "15550104477")
	pv.verify(s.now().Add(-10 * day))
	s.world.PreVerifiedNumberID = pv.id.String()
}

// seedBulk lists the ids of the big world. Its nodes are made when they are read.
func (s *Sim) seedBulk() {
	st := s.st
	st.bulk = bulk{wabas: s.cfg.WABAs, numbers: s.cfg.Numbers, start: s.now().Add(-1000 * day).Unix(), partner: st.partner.id, line: st.partner.lines[0]}
	l := st.lines[st.bulk.line]
	// They are older than the named accounts, so the named ones stay first.
	st.partner.client = slices.Grow(st.partner.client, s.cfg.WABAs)
	l.allocations = slices.Grow(l.allocations, s.cfg.WABAs)
	for i := range s.cfg.WABAs {
		st.partner.client = append(st.partner.client, bulkWABAs.at(i))
		if bulkAllocated(i) {
			l.allocations = append(l.allocations, bulkAllocations.at(i))
		}
	}
}

func (s *Sim) newBusiness(name, country string) *business {
	b := &business{id: s.newID(kBusiness), name: name, country: country, verification: "verified", created: s.now().Unix(), timezone: 1, tier: "TIER_10K"}
	s.st.businesses[b.id] = b
	return b
}

// newWABA makes an account and inserts it into its owner's list.
func (s *Sim) newWABA(b *business, name, currency string, created int64) *waba {
	timezone := "1"
	for _, c := range bulkCountries {
		if c.country == b.country {
			timezone = c.timezone
		}
	}
	w := &waba{id: s.newID(kWABA), name: name, owner: b.id, created: created, currency: currency, timezone: timezone, country: b.country,
		namespace: s.random("0123456789abcdef", 8) + "_" + s.random("0123456789abcdef", 24), review: "APPROVED", status: "ACTIVE", autoArchive: true}
	s.st.wabas[w.id] = w
	b.owned = s.insertByAge(b.owned, w.id)
	return w
}

// share gives the partner access to an account.
func (s *Sim) share(w *waba) {
	p := s.st.partner
	if slices.Contains(w.shared, p.id) {
		return
	}
	w.shared = append(w.shared, p.id)
	p.client = s.insertByAge(p.client, w.id)
}

// insertByAge inserts an account into a list that has the newest first.
func (s *Sim) insertByAge(list []nid, id nid) []nid {
	i, _ := slices.BinarySearchFunc(list, id, s.newerFirst)
	return slices.Insert(slices.Clone(list), i, id)
}

// World names the objects of the default world: the partner's app, portfolio, system
// users and credit line, and the accounts. The ids are strings. Tokens and the secret
// are in clear text, because a client has to send them.
type World struct {
	AppID     string `json:"app_id"`
	AppSecret string `json:"app_secret"`
	AppToken  string `json:"app_token"`
	// Version is the API version that examples use; v21.0 to v26.0 are served.
	Version       string `json:"version"`
	BusinessID    string `json:"business_id"`
	BusinessName  string `json:"business_name"`
	AdminID       string `json:"system_user_id"`
	AdminToken    string `json:"token"`
	EmployeeID    string `json:"employee_id"`
	EmployeeToken string `json:"employee_token"`
	CreditLineID  string `json:"credit_line_id"`
	// The accounts, portfolios and numbers of the default world, newest first. Those
	// that Config.WABAs added are not listed.
	OwnedWABAs       []string `json:"owned_waba_ids"`
	ClientWABAs      []string `json:"waba_ids"`
	ClientBusinesses []string `json:"client_business_ids"`
	Numbers          []string `json:"phone_number_ids"`

	CertifiedNumberID   string `json:"certified_number_id"` // approved name, certificate ready, connected
	RenamedNumberID     string `json:"renamed_number_id"`   // a rename was approved: new_certificate waits for register
	PendingNumberID     string `json:"pending_number_id"`   // verified, not registered yet
	SharedBusinessID    string `json:"shared_business_id"`  // a client with an allocation of the credit line
	UnsharedBusinessID  string `json:"unshared_business_id"`
	AllocationID        string `json:"allocation_id"` // the allocation of SharedBusinessID
	PreVerifiedNumberID string `json:"preverified_number_id"`

	ExtraWABAs     int `json:"extra_wabas"` // the size of the big world, from Config
	NumbersPerWABA int `json:"numbers_per_waba"`
}

// World returns the ids and secrets of the default world.
func (s *Sim) World() World {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.world
	w.OwnedWABAs = slices.Clone(w.OwnedWABAs)
	w.ClientWABAs = slices.Clone(w.ClientWABAs)
	w.ClientBusinesses = slices.Clone(w.ClientBusinesses)
	w.Numbers = slices.Clone(w.Numbers)
	return w
}
