package layers

import "strings"

// Moved reports whether the packages are at their final paths. Until then, checks
// of the final tree report what they find and are skipped.
const Moved = false

// finalPaths maps the present directories to the final ones. It goes away with
// Moved.
var finalPaths = []struct{ now, final string }{
	{".", "graph"},
	{"pacing", "graph/pacing"},
	{"signup/storetest", "signup/storetest"},
	{"signup/internal/crash", "internal/crash"},
	{"internal/house", "internal/checks/layers"},
	{"internal/matrix", "internal/checks/promises"},
	{"internal/contract", "internal/checks/contract"},
	{"internal/readme", "internal/checks/readme"},
	{"internal/zero", "internal/checks/zero"},
}

// finalPath returns the path that a directory has in Layers.
func finalPath(dir string) string {
	if Moved {
		return dir
	}
	for _, p := range finalPaths {
		if dir == p.now {
			return p.final
		}
		if rest, below := strings.CutPrefix(dir, p.now+"/"); below && p.now != "." {
			return p.final + "/" + rest
		}
	}
	return dir
}
