// Package meter counts the calls of an example program, and says on stderr which
// call it is waiting for when that takes long. It is a graph.Tracer: see there
// for what a program can learn about its calls.
package meter
