// Package guard keeps a panic in code of the application (a Tracer, a Store, an
// Approve function) from ending the process: it becomes an error that names
// the code that panicked.
package guard
