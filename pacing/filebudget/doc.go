// Package filebudget is a pacing.Budget in a directory: the processes of one
// machine that open the same one spend Meta's quotas together, without a server.
//
//	budget, err := filebudget.Open("/var/lib/acme/graph-quota")
//	...
//	pacer := pacing.New(pacing.Options{App: appID, Budget: budget})
//
// Each account has a small file of two records, which are written in turn while
// the process holds a lock that the operating system gives back if the process
// dies. So a process that is killed at any moment leaves the state before its
// change or after it, and holds nobody up. A restart finds the counts of the
// last hour where they were.
//
// A change costs some tens of microseconds, a call to Meta two of them and a
// thousand times as long. Accounts are spread over 64 locks. Files of accounts
// that have been idle for an hour are removed on the way.
//
// What it does not do: nothing is synced to the disk, for a count that a power
// failure loses is told again by the next usage header, as is one whose file
// was damaged. The directory has to be on a local disk: locks of network
// file systems are too often none. The clocks of the processes are one clock,
// since it is one machine.
package filebudget
