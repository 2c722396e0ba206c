//go:build race

package bench

// RaceDetector is true where memory is not what it is otherwise: the detector
// allocates too, and has pools forget things on purpose.
const RaceDetector = true
