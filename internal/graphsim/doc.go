// Package graphsim is a stateful stand-in for the part of Meta's Graph API with
// which a WhatsApp Business Solution Provider manages its clients.
//
// It is a second, independent reading of the wire: it imports nothing of this
// module, so that a wrong field name in the SDK shows as a failing test and does
// not agree with itself. What Meta documents is served as documented; where its
// pages disagree, the stricter reading is the default and a switch in [Config]
// gives the other one.
//
// # The world
//
// A new [Sim] holds one portfolio (the solution partner) with an app, an admin and
// an employee system user, a credit line and accounts of its own, and a few client
// portfolios that share theirs. [Sim.World] names everything a client needs.
// [Sim.Signup] plays a client who finishes Embedded Signup. The verbs (ApproveName,
// Unshare, RevokeToken, ...) move the world on the way Meta or the client would, and
// the inspectors (Allocations, Subscriptions, Exchanges, ...) tell what is true
// whatever the wire said.
//
// # Serving
//
// [Sim.RoundTripper] answers in the caller's goroutine, without a socket and
// without starting a goroutine, so that it may be used inside testing/synctest.
// [Sim.ServeHTTP] is the same API as a handler for any client in any language.
// Time is time.Now plus an offset that [Sim.Advance] moves.
//
// A request passes through one pipeline (serve.go): parameters are gathered from
// query, form, multipart and JSON alike; the route is found by the kind of the node;
// hooks registered with [Sim.Control] may answer instead, or spoil the answer; then
// token, proof, quota and permission are checked, and only then something happens.
//
// # Data, not code
//
// Nodes, fields, edges and actions are tables (nodes_*.go, edges.go and the files
// of the route families); [Routes] and [NodeTypes] export them so that a test can
// hold them against Meta's published specifications.
//
// # Readings
//
// Where Meta's pages are silent or disagree, these are the choices, each the stricter
// one:
//
//   - Register and deregister spend one budget of 10 in 72 hours; the attempt beyond it
//     locks the number for another 72 hours. Refused attempts count as well.
//   - whatsapp_credit_sharing for a portfolio that has an allocation answers 4000; the
//     one-call method attaches the account to the allocation that is there.
//   - Deleting an allocation a second time is 100/33; the deleted node can still be read.
//   - The currency of an account stays fixed after its credit was revoked.
//   - An account that a share names but its caller cannot reach is error 100, without a
//     subcode; admins need no assignment of their own.
//   - Certificates go to system users of the partner, not to business or user tokens.
//   - An approved rename takes effect when the number is registered again, not by itself.
//   - Local storage cannot be set while registering, in any version served here.
//   - Reading accounts and numbers takes either WhatsApp permission; writing takes
//     management, and registering both.
//   - A limit beyond an edge's maximum, and a cursor whose item is gone, are errors.
//   - A proof that is sent must be right even where none is demanded.
//   - An account's used-up allowance answers 80008, the credit line's answers 4; calls made
//     while blocked count and prolong the block.
//   - Codes 1 and 2 come with 500 and 503, 190 with 401, 200 to 299 with 403, 803 with
//     404; nearly everything else with 400.
//   - The bound behind "reduce the amount of data", the pace of verification codes, and
//     the wait after wrong PINs are ours: Meta publishes no figures.
package graphsim
