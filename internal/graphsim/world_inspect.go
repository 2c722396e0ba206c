package graphsim

import "slices"

// Allocation is the truth about one credit allocation.
type Allocation struct {
	ID, CreditLineID, ReceivingBusinessID, FundingID string
	Deleted                                          bool
	// WABAs lists every attachment in order: an account that was attached twice is
	// there twice.
	WABAs []string
}

// Allocations returns all allocations of the default world and those made since, the
// deleted ones too, oldest first. Untouched allocations of a big world are left out.
func (s *Sim) Allocations() []Allocation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Allocation
	for _, id := range sortedIDs(s.st.allocations) {
		a := s.st.allocations[id]
		out := Allocation{ID: a.id.String(), CreditLineID: a.line.String(), ReceivingBusinessID: a.receiver.String(),
			FundingID: a.funding.String(), Deleted: a.deleted}
		for _, w := range a.attached {
			out.WABAs = append(out.WABAs, w.String())
		}
		list = append(list, out)
	}
	return list
}

// Subscription is an app subscribed to an account.
type Subscription struct{ AppID, OverrideCallbackURI string }

// Subscriptions returns the apps subscribed to an account.
func (s *Sim) Subscriptions(wabaID string) []Subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := parseID(wabaID)
	w := s.st.waba(id)
	if w == nil {
		return nil
	}
	var list []Subscription
	for _, app := range sortedIDs(w.subs) {
		list = append(list, Subscription{app.String(), w.subs[app].callback})
	}
	return list
}

// AssignedUsers returns the users added to an account with their tasks.
func (s *Sim) AssignedUsers(wabaID string) map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := parseID(wabaID)
	out := map[string][]string{}
	if w := s.st.waba(id); w != nil {
		for u, tasks := range w.users {
			out[u.String()] = slices.Clone(tasks)
		}
	}
	return out
}

// Exchanges returns how often a code was presented to the token endpoint, whatever
// came of it.
func (s *Sim) Exchanges(code string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.st.codes[code]; c != nil {
		return c.presented
	}
	return 0
}

// Registrations returns how often a number's registration was attempted.
func (s *Sim) Registrations(numberID string) int {
	return s.numberCount(numberID, func(n *number) int { return n.registers })
}

// Deregistrations returns how often a number's deregistration was attempted.
func (s *Sim) Deregistrations(numberID string) int {
	return s.numberCount(numberID, func(n *number) int { return n.deregisters })
}

func (s *Sim) numberCount(numberID string, count func(*number) int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := parseID(numberID)
	if n := s.st.number(id); n != nil {
		return count(n)
	}
	return 0
}

// Number is the truth about one phone number.
type Number struct {
	ID, WABAID, Status, VerifiedName, NameStatus, NewName, NewNameStatus, CodeVerification string
	PINSet                                                                                 bool
}

// Number returns a number's state; ok is false when there is none.
func (s *Sim) Number(numberID string) (out Number, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := parseID(numberID)
	n := s.st.number(id)
	if n == nil {
		return Number{}, false
	}
	return Number{ID: n.id.String(), WABAID: n.waba.String(), Status: n.state, VerifiedName: n.name, NameStatus: n.status,
		NewName: n.newName, NewNameStatus: n.newStatus, CodeVerification: n.verified, PINSet: n.pin != ""}, true
}

// Funding returns an account's primary_funding_id and currency; "" without a line.
func (s *Sim) Funding(wabaID string) (fundingID, currency string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := parseID(wabaID)
	w := s.st.waba(id)
	if w == nil {
		return "", ""
	}
	if w.funding != 0 {
		fundingID = w.funding.String()
	}
	return fundingID, w.currency
}

// sortedIDs orders a map of nodes, leaving the deleted ones out.
func sortedIDs[T any](m map[nid]*T) []nid {
	ids := make([]nid, 0, len(m))
	for id, v := range m {
		if v != nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Secrets returns everything that must never show in a log: the app's secret, and all
// tokens, codes and PINs. A test can search its output for them.
func (s *Sim) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []string{s.st.app.secret}
	for text := range s.st.tokens {
		list = append(list, text)
	}
	for text := range s.st.codes {
		list = append(list, text)
	}
	for _, n := range s.st.numbers {
		if n != nil && n.pin != "" {
			list = append(list, n.pin)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
