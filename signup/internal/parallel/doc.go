// Package parallel works on many items at the same time and returns the results in
// the order of the items.
package parallel
