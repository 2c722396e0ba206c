// Package sortedmap has the map of the stores in memory. It lists its values in the
// order of their keys.
package sortedmap
