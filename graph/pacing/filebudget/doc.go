// Package filebudget has a pacing.Budget in a directory. The processes of one
// machine that open the same directory share Meta's quotas, without a server.
//
//	budget, err := filebudget.Open("/var/lib/acme/graph-quota")
//	...
//	pacer := pacing.New(pacing.Config{App: appID, Budget: budget})
//
// It is a module of its own, because it needs a library for file locks.
//
// # What it guarantees
//
//   - No count is lost. A process changes the file of a quota only while it holds a
//     lock of the operating system.
//   - A process that is killed at any moment leaves the state before its change or
//     after it. The operating system releases its lock, so the other processes go
//     on.
//   - A restarted process finds the counts of the last hour.
//   - A damaged file does not stop an account: it is read as an unused quota, and
//     the next usage header says again what is used.
//
// # What it does not guarantee
//
//   - Nothing is synced to the disk. A power failure can lose the last counts. The
//     next usage header says them again.
//   - The directory must be on a local disk. Locks on network file systems often do
//     not work. The processes of several machines cannot share a directory.
//   - All processes must run as the same user. Directories and files are created
//     with the modes 0700 and 0600.
//   - A process that hangs while it holds a lock delays the calls on one in 64
//     accounts. Those calls end with their contexts.
//
// # Costs
//
// A change takes some tens of microseconds. A call needs two changes, and takes
// more than a thousand times as long itself. Quotas are spread over 64 locks.
// Each quota has a file of at most 8 KB. Files of accounts that were not called
// for an hour are deleted when other accounts are called.
package filebudget
