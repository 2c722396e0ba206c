// Package graphtest simulates Meta's Graph API in the process of the caller.
// Programs that use wagraph are tested against it, and examples run on it.
//
// # Start a server
//
// [New] makes a [Server] for a test and [Start] makes one for a program. It
// holds a world: the portfolio of a solution partner with an app, two system
// users, a credit line and accounts, and three clients who share accounts with
// the partner. [Server.World] names the objects. [Server.Client] returns a
// wagraph client that calls the Server with the token of the partner's admin
// system user.
//
//	func TestOnboarding(t *testing.T) {
//		server := graphtest.New(t)
//		partner := server.Client()
//		...
//	}
//
// # Sign a client up
//
// [Server.Signup] does what a client does in Embedded Signup. The result is what
// the browser would send to the partner: a code that is valid for 30 seconds and
// works once, and the ids of the shared accounts and numbers.
//
//	signup, err := server.Signup(graphtest.SignupOptions{WABAs: 2})
//
// # Provoke a fault
//
// The ready-made faults happen to the next calls of a route. A route is a method
// and a template, as in Meta's reference.
//
//	server.Throttle("GET /{waba-id}", 1, 2*time.Minute)
//	server.LoseReply("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach")
//
// [Server.Control] decides for each call of a route which [Fault] happens to it.
// The ready-made faults use it.
//
// # Move the clock
//
// [Server.Advance] moves the time of the Server forward, for example past the
// life of a code or of a token. It does not move the clock of the process. To
// move both, run the test in a bubble of testing/synctest: the Server answers in
// the goroutine of the caller and starts none, so an hour of waiting takes
// microseconds there.
//
// # Look at what was called
//
// [Server.Calls] lists the calls that arrived, without their secrets.
// [Server.Allocations], [Server.Number], [Server.Subscribers] and their
// neighbours report the state of the world, which can differ from what a client
// was told: after a lost answer, for example. [Server.Summary] counts at one moment what
// must not happen twice. [Server.Secrets] returns all
// tokens, codes and PINs, so that a test can search its logs for them.
//
// # Serve other programs
//
// [Server.Handler] serves the same API over HTTP, to clients in any language.
// [WithControlAPI] lets them steer the simulator over HTTP too.
//
// # What the simulator is
//
// The simulator reads Meta's documentation independently and shares no code with
// the SDK: a mistake in one shows as a failing test of the other. It does what
// the documentation says. Where the documentation is silent or contradicts
// itself, the simulator does the stricter thing; DESIGN.md lists these places.
// It is not Meta: a call that works here can still fail there.
package graphtest
