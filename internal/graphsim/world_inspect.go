package graphsim

import (
	"maps"
	"slices"
)

// Allocation is the state of one credit allocation.
type Allocation struct {
	ID, CreditLineID, ReceivingBusinessID, FundingID string
	Deleted                                          bool
	// WABAs lists the accounts in the order in which they were attached. An account
	// that was attached twice is listed twice.
	WABAs []string
}

// Allocations returns the allocations of the default world and the later ones, oldest
// first, with the deleted ones. Of a big world it returns those that a write changed.
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
	return w.subscriptions()
}

func (w *waba) subscriptions() []Subscription {
	var list []Subscription
	for _, app := range sortedIDs(w.subs) {
		list = append(list, Subscription{app.String(), w.subs[app].callback})
	}
	return list
}

// AssignedUsers returns the users that are assigned to an account, with their tasks.
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

// Exchanges returns how often a code arrived at the token endpoint, with or without
// success.
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

// Number is the state of one phone number.
type Number struct {
	ID, WABAID, Status, VerifiedName, NameStatus, NewName, NewNameStatus, CodeVerification string
	PINSet                                                                                 bool
}

// Number returns the state of a number; ok is false if there is none.
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

// Funding returns the primary_funding_id of an account, "" without a line, and its
// currency.
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

// sortedIDs returns the ids of a map in order, without the deleted nodes.
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

// Secrets returns the texts that must not appear in a log: the app's secret, and all
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
		if n == nil {
			continue
		}
		list = slices.AppendSeq(list, maps.Keys(n.pins))
		if n.pin != "" {
			list = append(list, n.pin)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
