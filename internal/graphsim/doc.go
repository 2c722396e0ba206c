// Package graphsim simulates the part of Meta's Graph API with which a WhatsApp
// Business Solution Provider manages its clients. It keeps state.
//
// It reads Meta's documentation independently of the SDK and imports nothing of
// this module: a wrong field name in the SDK shows as a failing test. The
// simulator answers as Meta documents. Where Meta's pages contradict each other, the
// stricter reading is the default, and a switch in [Config] selects the other one.
//
// # Where to look
//
// The files are grouped by their prefix.
//
//   - http_: how a request is served. http_serve.go is the pipeline; around it are the
//     handler, the round tripper, the routes, the hooks, the faults, the log of calls
//     and the control API.
//   - wire_: what Graph's requests and answers look like: parameters, fields, paging,
//     batches, errors, usage headers, versions.
//   - world_: the state, the default world, ids, the clock, changes that Meta or a
//     client makes, and the functions that inspect the state.
//   - One prefix for each kind of object: business_, waba_, number_, credit_, user_,
//     app_, token_, signup_, template_. A file x_node.go has the fields and edges of the
//     object. The other files have its calls: POST /{phone-number-id}/register is in
//     number_register.go.
//
// # The world
//
// A new [Sim] has one portfolio (that of the solution partner) with an app, an admin
// and an employee system user, a credit line and accounts, and a few client portfolios
// that share accounts with it. [Sim.World] names everything that a client program
// needs. [Sim.Signup] takes a client through Embedded Signup. Methods such as
// ApproveName, Unshare and RevokeToken change the world as Meta or the client would.
// Methods such as Allocations, Subscriptions and Exchanges return the state, whatever
// the answers said.
//
// # Serving
//
// [Sim.RoundTripper] answers in the caller's goroutine, without a socket and without
// starting a goroutine, so that it can be used inside testing/synctest.
// [Sim.ServeHTTP] serves the same API to clients in any language. The time is time.Now
// plus an offset that [Sim.Advance] changes.
//
// A request passes through one pipeline (http_serve.go). Parameters are read from query,
// form, multipart and JSON. The kind of the node selects the route. Hooks of
// [Sim.Control] can replace or change the answer. Then token, proof, quota and
// permission are checked, and only then the call has an effect.
//
// # Tables
//
// Nodes, fields, edges and actions are tables. [Routes] and [NodeTypes] export them, so
// that a test can compare them with Meta's published specifications.
//
// # Readings
//
// Where Meta's pages are silent or contradict each other, the simulator does the
// stricter thing:
//
//   - Register and deregister share 10 attempts in 72 hours. The next attempt locks the
//     number for another 72 hours. Refused attempts count too.
//   - whatsapp_credit_sharing for a portfolio that has an allocation answers 4000. The
//     one-call method attaches the account to the existing allocation.
//   - To delete an allocation a second time is 100/33. The deleted node can still be read.
//   - The currency of an account stays fixed after its credit was revoked.
//   - If a share names an account that its caller cannot reach, the error is 100 without
//     a subcode. An admin needs no assignment.
//   - Registering needs no payment method. With Config.RequirePayment it does, for the
//     accounts of clients: Meta asks for one where a number comes from another provider.
//   - Certificates are served to system users of the partner, not to business or user
//     tokens.
//   - An approved new name takes effect when the number is registered again.
//   - Local storage cannot be set while registering, in any version served here.
//   - To read accounts and numbers, one of the two WhatsApp permissions is enough. Writes
//     need management, and registering needs both.
//   - A limit beyond an edge's maximum is an error, and so is a cursor whose item is gone.
//   - A proof that was sent must be right, even where none is required.
//   - An account beyond its quota answers 80008, the credit line answers 4. Calls beyond
//     the quota count, and so make the wait longer.
//   - fetch_only gives no token (200) until a code of that client was exchanged. A lost
//     answer counts as exchanged. It is given for hosted sign-up, which has no code, for
//     the clients of the default world, and for one whose token was taken with
//     BusinessToken.
//   - Code 1 comes with status 500, code 2 with 503, 190 with 401, 200 to 299 with 403,
//     803 with 404, and nearly all others with 400.
//   - Meta publishes no figures for the limit behind "reduce the amount of data", the pace
//     of verification codes, and the wait after wrong PINs. The simulator has its own.
package graphsim
