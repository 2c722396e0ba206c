// Package ordered has the map of the stores in memory: it lists its values in the
// order of their keys.
package ordered
