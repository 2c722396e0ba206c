//go:build !unix

package bench

import "time"

// processTime returns 0: this system does not report it.
func processTime() time.Duration { return 0 }
