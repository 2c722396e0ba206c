// Package readme holds the code that README.md shows, and tests that README.md shows
// the same lines.
//
// A block of Go in README.md follows a mark, <!-- name -->. Its lines stand in this
// directory, where they are compiled: in the program name/main.go, or between the
// comments "// begin name" and "// end name" of a Go file. Hyphens in the name are
// left out in the name of a directory. If a block follows the mark
// <!-- name-output -->, the program prints it.
package readme
