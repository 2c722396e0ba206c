package graphtest

import (
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Summary counts what must not happen twice, over the whole world and at one moment.
// Accounts that WithClients added are in it once they change.
type Summary struct {
	// Registered has each number that was registered with success since the Server
	// started, except deleted ones.
	Registered map[graph.PhoneNumberID]Registered
	// Allocations counts the credit allocations that were not deleted. A credit line
	// and a client's business have one at most, if nothing went wrong.
	Allocations map[CreditPair]int
	// Subscriptions has each account with a subscribed app: the app, and the callback
	// that overrides the one of the app, or "".
	Subscriptions map[graph.WABAID]map[graph.AppID]string
}

// Registered is how often a number was registered with success, and with how many
// different PINs. Server.Registrations counts the attempts.
type Registered struct{ Times, PINs int }

// CreditPair is a credit line and the client's business that it is shared with.
type CreditPair struct {
	Line     graph.CreditLineID
	Business graph.BusinessID
}

// Summary returns the counts of this moment. The maps are the caller's own.
func (s *Server) Summary() Summary {
	seen := read(s, (*graphsim.Sim).Summary)
	out := Summary{
		Registered:    make(map[graph.PhoneNumberID]Registered, len(seen.Registered)),
		Allocations:   make(map[CreditPair]int, len(seen.Allocations)),
		Subscriptions: make(map[graph.WABAID]map[graph.AppID]string, len(seen.Subscriptions)),
	}
	for id, r := range seen.Registered {
		out.Registered[graph.PhoneNumberID(id)] = Registered(r)
	}
	for pair, n := range seen.Allocations {
		out.Allocations[CreditPair{graph.CreditLineID(pair.CreditLineID), graph.BusinessID(pair.BusinessID)}] = n
	}
	for id, subs := range seen.Subscriptions {
		apps := make(map[graph.AppID]string, len(subs))
		for _, sub := range subs {
			apps[graph.AppID(sub.AppID)] = sub.OverrideCallbackURI
		}
		out.Subscriptions[graph.WABAID(id)] = apps
	}
	return out
}
