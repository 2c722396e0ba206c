// Package killtest kills processes in the middle of an onboarding, and looks at
// what the next one makes of it. It is tests only, in a module of its own because
// of the database drivers.
//
// A test serves the simulator on a loopback socket and starts its own binary
// again: that process onboards a client, with a database of its own and a sealed
// vault, and ends itself with SIGKILL at a chosen point (see package crash): before
// or after a write, before a call is sent, after it took effect, or after its
// answer was read. A fresh process then takes the record over, as any worker
// would. The simulator lives on in the test, and knows the truth.
//
// The matrix kills the base signup at every point on SQLite, each step of it once
// on PostgreSQL, and every other kind of signup around each of its writes.
// TestTorture kills at random, several times in a row; -runs says how many
// onboardings:
//
//	go test -run TestTorture -v -timeout 0 . -runs 1000
package killtest
