package zero_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A panic in a goroutine that a call started ends the whole process. So the walk runs
// in a child process. When that ends early, its last call is a finding, and another
// child walks again without this call.

// childVariable is the environment variable that makes a process a child. It has the
// calls that ended earlier children.
const childVariable = "WAGRAPH_ZERO_CHILD"

// message is one line of a child's output.
type message struct {
	Name, How string // the call that begins
	Done      bool   // the walk is complete
	Calls     int
	Findings  []message
	What      string // what is wrong, in a finding
}

// walkInChild walks all entries, and prints each call before it begins.
func walkInChild(crashed string) error {
	skip := strings.Split(crashed, "\n")
	out := json.NewEncoder(os.Stdout)
	var failed error
	findings, calls := walk(registry, func(name, how string) bool {
		return ignored(name, how) || slices.Contains(skip, name+", "+how)
	}, func(name, how string) {
		if err := out.Encode(message{Name: name, How: how}); err != nil {
			failed = err
		}
	})
	if failed != nil {
		return failed
	}
	done := message{Done: true, Calls: calls}
	for _, f := range findings {
		done.Findings = append(done.Findings, message{Name: f.name, How: f.how, What: f.what})
	}
	return out.Encode(done)
}

// maxCrashes is how many calls may end a child before the walk is given up.
const maxCrashes = 50

// walkInProcesses walks all entries in child processes.
func walkInProcesses(t *testing.T) (findings []finding, calls int) {
	t.Helper()
	var crashed []string
	for range maxCrashes {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childVariable+"="+strings.Join(crashed, "\n"))
		var errors bytes.Buffer
		child.Stderr = &errors
		output, _ := child.Output() // a crash shows in the output
		last := lastMessage(t, output)
		if last.Done {
			for _, f := range last.Findings {
				findings = append(findings, finding{f.Name, f.How, f.What})
			}
			return findings, last.Calls + len(crashed)
		}
		reason, _, _ := strings.Cut(errors.String(), "\n")
		findings = append(findings, finding{last.Name, last.How, "ends the process: " + reason})
		require.NotContains(t, crashed, last.Name+", "+last.How)
		crashed = append(crashed, last.Name+", "+last.How)
	}
	require.Fail(t, "too many calls end the process")
	return nil, 0
}

func lastMessage(t *testing.T, output []byte) message {
	t.Helper()
	var last message
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var next message
		if decoder.Decode(&next) != nil {
			break
		}
		last = next
	}
	require.True(t, last.Done || last.Name != "", "a child printed nothing")
	return last
}
