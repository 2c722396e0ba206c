//go:build !race

package bench

// RaceDetector reports whether the race detector is on.
const RaceDetector = false
