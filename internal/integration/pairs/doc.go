// Package pairs begins two onboardings of one client in two processes at the same time,
// and checks from Meta's side that nothing was done twice. It has only tests.
//
// A test serves the simulator on a loopback socket, where each call takes 150 ms, and
// starts its own binary again, as several processes with one database. Each process runs
// Flow.RunDue in loops. The test sends the two calls of a pair to different processes.
// The kinds of pairs and the verdict are those of the package internal/pairs.
//
// TestPairs runs pairs with two and four processes, on SQLite and on PostgreSQL. The
// other tests disturb four processes: they are killed and stopped, their clocks are
// wrong, their stores cannot write, and the database restarts. The environment variables
// say how much runs: WAGRAPH_PAIRS is the count of pairs for each database and number
// of processes, WAGRAPH_MACHINES the count for each disturbance, and
// WAGRAPH_PAIRS_SEED repeats a run.
package pairs
