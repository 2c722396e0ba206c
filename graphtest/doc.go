// Package graphtest runs a Graph API inside the process: what a program built
// on wagraph is tested against, and tried out on.
//
//	func TestOnboarding(t *testing.T) {
//		server := graphtest.New(t)
//		client, err := server.Signup(graphtest.Signup{})
//		...
//		graph := server.Client() // a graph.Client of the partner's admin
//		...
//		server.LoseReply("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach")
//		// the next share takes effect, and its answer never arrives
//	}
//
// The simulator behind it keeps state: portfolios, accounts, numbers with their
// certificates and name reviews, system users, tokens with granular scopes,
// codes that live 30 seconds, credit lines with their allocations,
// subscriptions, registrations with their 72-hour lock. It is a reading of
// Meta's wire format of its own and shares no code with the SDK, so that a
// mistake in one shows in the other. What it is not: Meta. It does what the
// documentation says, and where that is silent or disagrees it does the
// stricter thing; DESIGN.md lists those places.
//
// # In the process, on a socket
//
// [Server.RoundTripper] answers in the goroutine of the caller, without a
// socket, so that testing/synctest can own the time: an hour of waiting for a
// throttle takes microseconds. [Server.Handler] serves any client in any
// language.
//
// # Faults
//
// [Server.Control] is the one hook: it sees each call of a route and may have it
// fail. The ready-made faults are written with it.
package graphtest
