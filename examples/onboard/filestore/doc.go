// Package filestore keeps onboardings and sealed secrets in one file. It is an
// onboard.Store and a vault.Storage for a program on one machine that may be killed
// at any moment. Each write is a line at the end of the file, and is on the disk
// before it is acknowledged; a line that a killed process left unfinished is
// ignored. A lock allows one process at a time. Open writes the file anew, so
// that it does not grow for ever.
//
// It keeps everything in memory as well. That is enough for an example and for some
// thousand clients. A service takes signup/sqlstore, which is as easy to open.
package filestore
