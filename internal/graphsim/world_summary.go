package graphsim

// Summary counts what must not happen twice, over the whole world and at one moment. Of
// a big world it has the nodes that a write changed.
type Summary struct {
	// Registered has each number that was registered with success and was not deleted.
	Registered map[string]Registered
	// Allocations counts the allocations that were not deleted.
	Allocations map[CreditPair]int
	// Subscriptions has the apps of each account with a subscribed app.
	Subscriptions map[string][]Subscription
}

// Registered is how often a number was registered with success, and with how many
// different PINs.
type Registered struct{ Times, PINs int }

// CreditPair is a credit line and the portfolio that it is shared with.
type CreditPair struct{ CreditLineID, BusinessID string }

// Summary returns the counts.
func (s *Sim) Summary() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Summary{Registered: map[string]Registered{}, Allocations: map[CreditPair]int{}, Subscriptions: map[string][]Subscription{}}
	for id, n := range s.st.numbers {
		if n != nil && n.registered > 0 {
			out.Registered[id.String()] = Registered{n.registered, len(n.pins)}
		}
	}
	for _, a := range s.st.allocations {
		if a != nil && !a.deleted {
			out.Allocations[CreditPair{a.line.String(), a.receiver.String()}]++
		}
	}
	for id, w := range s.st.wabas {
		if w != nil && len(w.subs) > 0 {
			out.Subscriptions[id.String()] = w.subscriptions()
		}
	}
	return out
}
