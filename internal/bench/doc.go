// Package bench measures what the SDK costs, against net/http and encoding/json
// alone, and holds it to limits.
//
// Both sides ask one server for the same targets with the same headers, and
// read the answers into the same structs; the other side has a timeout, a bound
// on bodies and idle connections too (see [Raw]). The server, a [Replay], sends
// bytes that were made before, so that what is measured is the clients. Works
// are interleaved in random order in one process (see [Interleave]), because a
// machine is never as fast in one minute as in the next, and what is reported
// is medians and the ratio between them.
//
// The command below prints the whole table: make bench. It marks what is over
// its limit and fails for nothing, since time depends on who else is on the
// machine. What is exact whoever else is there (allocations, bytes, calls,
// connections) is asserted by this package's tests, in the default run.
package bench
