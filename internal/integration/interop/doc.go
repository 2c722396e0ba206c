// Package interop tests that rate limiters of other modules work with
// graph.WithPacer. It has no code. It is a module of its own, so that the users
// of wagraph do not depend on those limiters.
package interop
