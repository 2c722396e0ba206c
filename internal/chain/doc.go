// Package chain joins errors so that the result has one kind.
//
// An error of this module unwraps to its kind. If it also unwrapped to a cause that
// has a kind, errors.Is would be true for both, and a caller that decides on the kind
// could decide twice.
package chain
