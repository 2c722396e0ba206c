package promises_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage less often: each of thousands of combinations has a
// simulator of its own, and all of them are small.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
