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
package graphsim
