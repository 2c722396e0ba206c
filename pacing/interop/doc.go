// Package interop holds tests that other people's rate limiters fit
// graph.WithPacer. It has no code, and is a module of its own so that nobody
// else depends on those limiters.
package interop
