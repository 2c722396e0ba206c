package filebudget_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graph/pacing/filebudget"
)

// The tests start processes of their own test binary. With a task in the
// environment, the binary does the task instead of testing.
const (
	envTask = "FILEBUDGET_TASK" // count, endless, pace or rush
	envDir  = "FILEBUDGET_DIR"
	envURL  = "FILEBUDGET_URL"
)

func TestMain(m *testing.M) {
	task := os.Getenv(envTask)
	if task == "" {
		os.Exit(m.Run())
	}
	budget, err := filebudget.Open(os.Getenv(envDir))
	if err == nil {
		err = work(task, budget)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// scaled is the window of the tests: 200 calls in ten seconds.
const scaled = 10 * time.Second

func work(task string, budget *filebudget.Budget) error {
	ctx := context.Background()
	switch task {
	case "count", "endless": // lets calls go as fast as it can, and prints a line after each
		pacer := pacing.New(pacing.Config{Budget: budget, Limit: 1 << 20})
		for n := 0; n < 300 || task == "endless"; n++ {
			if err := pacer.WaitFor(ctx, call(fmt.Sprint(1+n%3))); err != nil {
				return err
			}
			fmt.Println("went")
		}
		return nil
	case "pace":
		return callServer(graph.WithPacer(pacing.New(pacing.Config{Budget: budget, Window: scaled})))
	case "rush":
		return callServer()
	}
	return fmt.Errorf("unknown task %q", task)
}

// callServer makes ninety calls on one account. A throttle is an answer too.
func callServer(opts ...graph.Option) error {
	opts = append(opts, graph.WithBaseURL(os.Getenv(envURL)), graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1}))
	client, err := graph.New(graph.StaticToken("token"), opts...)
	if err != nil {
		return err
	}
	for range 90 {
		err := client.Do(context.Background(), graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"1"}}, nil)
		if err != nil && graph.KindOf(err) != graph.ErrThrottled {
			return err
		}
	}
	return nil
}

func call(asset string) graph.TraceStart {
	return graph.TraceStart{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{asset}}
}

// process is a process that a test started.
type process struct {
	*exec.Cmd
	stdout *bufio.Scanner
	stderr strings.Builder
}

func startProcess(t *testing.T, task, dir, url string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0])}
	p.Env = append(os.Environ(), envTask+"="+task, envDir+"="+dir, envURL+"="+url)
	p.Stderr = &p.stderr
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	p.stdout = bufio.NewScanner(stdout)
	require.NoError(t, p.Start())
	return p
}

// lines counts what the process prints until it ends, or until it has printed most lines.
func (p *process) lines(most int) int {
	n := 0
	for n < most && p.stdout.Scan() {
		n++
	}
	return n
}
