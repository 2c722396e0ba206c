package pairs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// clockShift is the environment variable that a program with another clock reads: by how
// many seconds its time.Now is off.
const clockShift = "WAGRAPH_CLOCK_SHIFT"

// The change of time.Now in the source of package time.
const (
	nowBefore = "\tsec, nsec, mono := runtimeNow()\n\tif mono == 0 {\n"
	nowAfter  = "\tsec, nsec, mono := runtimeNow()\n\tsec += clockShift\n\tif mono == 0 {\n"
	shiftFile = `package time

import "syscall"

var clockShift = readClockShift()

func readClockShift() (shift int64) {
	text, _ := syscall.Getenv("` + clockShift + `")
	negative := len(text) > 0 && text[0] == '-'
	for _, c := range []byte(text) {
		if c >= '0' && c <= '9' {
			shift = 10*shift + int64(c-'0')
		}
	}
	if negative {
		return -shift
	}
	return shift
}
`
)

// overlay writes the file for go build -overlay that gives a program another clock. It
// fails if package time does not look as expected.
func overlay(t *testing.T) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	source := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(source, "time.go"))
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), nowBefore),
		"time.Now of %s has another form: adapt nowBefore and nowAfter", runtime.Version())
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(source, "time.go"):        write("time.go", strings.Replace(string(text), nowBefore, nowAfter, 1)),
		filepath.Join(source, "clock_shift.go"): write("clock_shift.go", shiftFile),
	}})
	require.NoError(t, err)
	return write("overlay.json", string(replace))
}

// shifted builds the test's program with a clock that can be off.
func shifted(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "shifted.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", overlay(t), "-o", program, ".")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return program
}

// The overlay fits the version of Go, also where TestClocks does not run.
func TestOverlay(t *testing.T) { require.FileExists(t, overlay(t)) }
