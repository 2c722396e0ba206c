// Package killtest kills processes in the middle of an onboarding, and checks that
// the next process completes it. It has only tests.
//
// A test serves the simulator on a loopback socket and starts its own binary again.
// That process onboards a client, with a database and a sealed vault, and ends itself
// with SIGKILL at a chosen point (see package crash): before or after a write, before
// a call is sent, after it took effect, or after its answer was read. A new process
// then continues the record, as any worker would. The simulator stays in the process
// of the test, so that the test can compare the record with the simulator's state.
//
// The kill matrix kills an ordinary signup at every point with SQLite, each step of
// it once with PostgreSQL, and every other kind of signup around each of its writes.
// TestRandomKills kills at random points, several times in one onboarding; -runs sets
// how many onboardings:
//
//	go test -run TestRandomKills -v -timeout 0 . -runs 1000
package killtest
