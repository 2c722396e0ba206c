// Package ratelimit tests that rate limiters of other modules work with
// graph.WithPacer. It has only tests. The limiters are requirements of this nested
// module, so that the users of wagraph do not depend on them.
package ratelimit
