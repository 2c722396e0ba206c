package graphsim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// userTokenLife is how long a token of the older callback is valid.
const userTokenLife = 2 * time.Hour

// Signup takes a client through Embedded Signup. The client shares its accounts with
// the partner.
func (s *Sim) Signup(spec SignupSpec) (Signup, error) {
	if err := spec.check(); err != nil {
		return Signup{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.retain = true
	defer func() { s.st.retain = false }()
	b, err := s.signupBusiness(spec)
	if err != nil {
		return Signup{}, err
	}
	wabas, err := s.signupAccounts(b, spec)
	if err != nil {
		return Signup{}, err
	}
	out := Signup{BusinessID: b.id.String(), WABAIDs: []string{}, PhoneNumberIDs: []string{}} // empty lists instead of null
	for _, w := range wabas {
		ids, err := s.signupNumbers(w, spec)
		if err != nil {
			return Signup{}, err
		}
		out.WABAIDs = slices.Insert(out.WABAIDs, 0, w.id.String())
		out.PhoneNumberIDs = append(ids, out.PhoneNumberIDs...)
	}
	b.connected = true
	t := s.signupToken(b, spec)
	if spec.Variant == VariantHosted {
		b.fetchable = true
		return out, nil
	}
	out.Code = "AQB" + s.random(traceLetters, 180)
	s.st.codes[out.Code] = &code{token: t, issued: s.now().UnixNano(), redirect: spec.RedirectURI}
	out.AccessToken = s.callbackToken(b, t).text
	return out, nil
}

// signupBusiness returns the existing client or makes a new one.
func (s *Sim) signupBusiness(spec SignupSpec) (*business, error) {
	if spec.BusinessID != "" {
		id, _ := parseID(spec.BusinessID)
		b := s.st.business(id)
		if b == nil || b.id == s.st.partner.id {
			return nil, fmt.Errorf("graphsim: there is no client business %q", spec.BusinessID)
		}
		return b, nil
	}
	name := spec.BusinessName
	if name == "" {
		name = clientNames[s.rng.IntN(len(clientNames))] + " " + strconv.Itoa(len(s.st.businesses))
	}
	b := s.newBusiness(name, orText(spec.Country, "US"))
	// A new portfolio is not verified and has the lowest limit.
	b.verification, b.tier = "not_verified", "TIER_250"
	return b, nil
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// signupAccounts makes or finds the accounts, oldest first.
func (s *Sim) signupAccounts(b *business, spec SignupSpec) ([]*waba, error) {
	var list []*waba
	count := spec.WABAs
	if spec.WABAID != "" {
		id, _ := parseID(spec.WABAID)
		w := s.st.waba(id)
		if w == nil || w.owner != b.id {
			return nil, fmt.Errorf("graphsim: business %s has no account %q", b.id, spec.WABAID)
		}
		s.share(w)
		list = append(list, w)
	} else if count == 0 {
		count = 1
	}
	for i := range count {
		name := b.name
		if i > 0 {
			name += " " + strconv.Itoa(i+1)
		}
		w := s.newWABA(b, name, orText(spec.Currency, "USD"), s.now().Unix())
		s.share(w)
		list = append(list, w)
	}
	return list, nil
}

// signupNumbers adds the numbers, in the state in which the flow leaves them.
func (s *Sim) signupNumbers(w *waba, spec SignupSpec) ([]string, error) {
	switch spec.Variant {
	case VariantOnlyWABA:
		return nil, nil
	case VariantPreVerified:
		pv := s.availablePreVerified(spec.PreVerifiedID)
		if pv == nil {
			return nil, errors.New("graphsim: no pre-verified number is available")
		}
		return []string{s.claim(w, pv, w.name).id.String()}, nil
	}
	var ids []string
	for range max(spec.Numbers, 1) {
		n := s.makeNumber(w)
		n.verified = orText(spec.CodeVerification, "VERIFIED")
		n.status = orText(spec.NameStatus, "AVAILABLE_WITHOUT_REVIEW")
		n.pin = spec.PIN
		if spec.Variant == VariantCoexistence {
			n.onBizApp, n.state, n.verified = true, "CONNECTED", "VERIFIED"
		}
		ids = append(ids, n.id.String())
	}
	return ids, nil
}

// makeNumber adds a number with generated digits that is not registered.
func (s *Sim) makeNumber(w *waba) *number {
	cc := "1"
	for _, c := range bulkCountries {
		if c.country == w.country {
			cc = c.cc
		}
	}
	n := &number{cc: cc, national: fmt.Sprintf("555%07d", len(s.st.numbers)*7+1000003), name: w.name, status: "AVAILABLE_WITHOUT_REVIEW",
		verified: "VERIFIED", state: "PENDING", mode: "LIVE", quality: "UNKNOWN"}
	s.addNumber(w, n)
	return n
}

// availablePreVerified returns a number that is verified and not taken, or nil.
func (s *Sim) availablePreVerified(id string) *preverified {
	for _, pid := range s.st.partner.preverified {
		pv := s.st.preverified[pid]
		if pv.claimed == 0 && pv.status(s.now()) == "VERIFIED" && (id == "" || id == pid.String()) {
			return pv
		}
	}
	return nil
}

// signupToken makes the business token, with the drift.
func (s *Sim) signupToken(b *business, spec SignupSpec) *token {
	t := s.grant(b, spec.TokenLifetime)
	switch spec.Drift {
	case DriftManageEvents:
		t.shown = []string{scopeBusiness, scopeEvents, scopeMessaging, scopePublic}
	case DriftNoTargets:
		t.unlimited, t.targets = true, nil
	case DriftEmptyTargets:
		t.unlimited, t.emptyTarget, t.targets = true, true, nil
	case DriftMessagingOnly:
		t.scopes = []string{scopeMessaging, scopePublic}
	}
	return t
}

// callbackToken makes the user token of the older callback, with the same grants.
func (s *Sim) callbackToken(b *business, grant *token) *token {
	person := &user{id: s.newID(kPerson), name: "Admin of " + b.name, owner: b.id, person: true, created: s.now().Unix()}
	s.st.users[person.id] = person
	// The person has the grants of the business token, for two hours.
	t := *grant
	t.kind, t.user, t.expires = tokenUser, person.id, 0
	return s.newToken(&t, userTokenLife)
}
