// Package crash ends onboardings at chosen points, and says what must hold
// whatever the point was.
//
// A [Points] goes around a store, a vault's storage and an http.RoundTripper. Each
// write and each call is numbered and has points in it:
//
//	update #3 before, update #3 after                   of a write
//	POST /v25.0/5/register #1 before, lost, after       of a call
//
// "before" is before it leaves, "lost" after it took effect and before the answer
// is known, "after" once the answer was read and before anything is noted. At the
// chosen point the process ends. A signal ends a real process. In a test of one
// process, every later write and call fails without effect.
//
// A [Variant] is a kind of signup with the partner's configuration for it. Its Wrong
// compares what an onboarding left behind with the simulator's truth.
package crash
