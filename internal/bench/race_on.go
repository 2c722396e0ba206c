//go:build race

package bench

// RaceDetector reports whether the race detector is on. It allocates, and it makes
// pools drop values, so that figures of memory are different.
const RaceDetector = true
