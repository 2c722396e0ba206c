// Package bench measures the cost of the SDK, compares it with that of net/http and
// encoding/json alone, and asserts limits.
//
// Both sides request the same targets with the same headers from one server, and
// decode the answers into the same structs. The other side also has a timeout, a
// limit for bodies and idle connections (see [Raw]). The server, a [Replay], sends
// bytes that were made before, so that only the clients are measured. The works of
// both sides run in turns, in random order, in one process (see [Interleave]),
// because the speed of a machine changes from minute to minute. The results are
// medians and their ratio.
//
// The command in cmd prints the whole table: make bench. It marks figures that are
// over their limit, and does not fail for them, because times depend on the other
// processes of the machine. Figures that do not depend on them (allocations, bytes,
// calls, connections) are asserted by the tests of this package.
package bench
