//go:build !race

package bench

// RaceDetector is true where memory is not what it is otherwise.
const RaceDetector = false
