//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package filestore

import (
	"os"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// lockFile refuses: two processes with one state would overwrite each other.
func lockFile(*os.File) error {
	return &graph.InputError{Field: "state", Reason: "needs file locks, which are not known for this operating system"}
}
