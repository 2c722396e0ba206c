package graphsim

import (
	"strconv"
	"strings"
)

// version is the major number of a Graph API version.
type version int

// The versions from oldestVersion to newestVersion are served. Older ones, and paths
// without a version, are answered by the oldest without a warning. Newer ones are
// unknown paths.
const (
	oldestVersion  version = 21
	newestVersion  version = 26
	exampleVersion version = 25
)

func (v version) String() string { return "v" + strconv.Itoa(int(v)) + ".0" }

// splitVersion separates the version from a path. asked is the version as it was sent,
// "" without one.
func splitVersion(path string) (v version, asked, rest string, err *apiError) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	major, minor, ok := strings.Cut(strings.TrimPrefix(first, "v"), ".")
	n, bad := strconv.Atoi(major)
	if !ok || !strings.HasPrefix(first, "v") || bad != nil || strings.Trim(minor, "0123456789") != "" {
		return oldestVersion, "", strings.TrimPrefix(path, "/"), nil
	}
	switch {
	case version(n) > newestVersion || minor != "0" && n >= int(oldestVersion):
		return oldestVersion, first, rest, errUnknownPath("/" + first + "/" + rest)
	case version(n) < oldestVersion:
		return oldestVersion, first, rest, nil
	}
	return version(n), first, rest, nil
}
