// Package exampletest has the parts that the tests of the example programs share:
// golden files, an environment that points to a server, a person at a terminal,
// and a search for secrets in everything that a program printed.
package exampletest
