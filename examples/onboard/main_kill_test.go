package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/onboard/filestore"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// asProgram makes the test's binary the program: a process that can be killed.
const asProgram = "WAGRAPH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// killer serves a simulator, and kills the program at one call: before the call
// has an effect, or after it and before the answer.
type killer struct {
	api   http.Handler
	point string // method and the end of the path; empty kills nothing
	after bool

	mu      sync.Mutex
	program *exec.Cmd
	killed  bool
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !k.isPoint(r) {
		k.api.ServeHTTP(w, r)
		return
	}
	if k.after {
		k.api.ServeHTTP(httptest.NewRecorder(), r)
	}
	k.mu.Lock()
	_ = k.program.Process.Kill()
	k.mu.Unlock()
	panic(http.ErrAbortHandler) // no answer
}

func (k *killer) isPoint(r *http.Request) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	method, path, _ := strings.Cut(k.point, " ")
	if k.killed || k.point == "" || r.Method != method || !strings.HasSuffix(r.URL.Path, path) {
		return false
	}
	k.killed = true
	return true
}

// start runs the program in a process of its own, and returns how it ended.
func (k *killer) start(t *testing.T, vars map[string]string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, os.Args[0], args...)
	program.Env = append(os.Environ(), asProgram+"=1")
	for name, value := range vars {
		program.Env = append(program.Env, name+"="+value)
	}
	var out, progress bytes.Buffer
	program.Stdout, program.Stderr = &out, &progress
	k.mu.Lock()
	err := program.Start()
	k.program = program
	k.mu.Unlock()
	require.NoError(t, err)
	_ = program.Wait() // the exit code says it
	return program.ProcessState.ExitCode(), out.String(), progress.String()
}

// A program that is killed at a call, and started again with the same command,
// ends with the client onboarded and nothing done twice.
func TestRun_KilledAndStartedAgain(t *testing.T) {
	for name, point := range map[string]struct {
		point string
		after bool
	}{
		"before the exchange":   {point: "POST /oauth/access_token"},
		"after the exchange":    {point: "POST /oauth/access_token", after: true},
		"during the inspection": {point: "GET /debug_token"},
		"after the subscribing": {point: "POST /subscribed_apps", after: true},
		"before the share":      {point: "POST /whatsapp_credit_sharing_and_attach"},
		"after the share":       {point: "POST /whatsapp_credit_sharing_and_attach", after: true},
		"before the register":   {point: "POST /register"},
		"after the register":    {point: "POST /register", after: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := graphtest.New(t)
			client, err := server.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency})
			require.NoError(t, err)
			k := &killer{api: server.Handler(), point: point.point, after: point.after}
			listening := httptest.NewServer(k)
			t.Cleanup(listening.Close)
			vars, state := exampletest.Vars(server, listening.URL), filepath.Join(t.TempDir(), "state")
			args := append(codeFlags(client), "-waba", string(client.WABAs[0]), "-business", string(client.Business), "-state", state)

			exit, _, _ := k.start(t, vars, args...)
			require.Equal(t, -1, exit, "it was killed")

			// Calls of the killed process may still be on their way: its lease keeps
			// the next one from the record.
			calls := len(server.Calls())
			exit, _, stderr := k.start(t, vars, append(args, "-wait", "0s")...)
			require.Equal(t, cli.ExitLater, exit, stderr)
			require.Contains(t, exampletest.Flat(stderr), "not finished: a run that was killed has a lease on the record, which ends in ")
			require.Len(t, server.Calls(), calls)
			endLeases(t, state)

			exit, stdout, stderr := k.start(t, vars, args...)
			require.Equal(t, cli.ExitDone, exit, stdout+stderr)
			require.Contains(t, stdout, "can send     yes")
			exchanges := 1
			if name == "before the exchange" { // the record says that the code was sent: the token is fetched
				exchanges = 0
			}
			require.Equal(t, exchanges, server.Exchanges(client.Code))
			requireOnce(t, server, client)
			requireSealed(t, server, state)
		})
	}
}

// endLeases moves the ends of all leases into the past: the next program does not
// have to wait for them.
func endLeases(t *testing.T, path string) {
	t.Helper()
	store, err := filestore.Open(path)
	require.NoError(t, err)
	leases := 0
	for record, err := range store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		require.NotEmpty(t, record.Lease.Owner)
		record.Lease.Until = time.Now().Add(-time.Second)
		_, err = store.Update(t.Context(), record)
		require.NoError(t, err)
		leases++
	}
	require.Equal(t, 1, leases)
	require.NoError(t, store.Close())
}

// requireOnce checks that nothing was done twice.
func requireOnce(t *testing.T, server *graphtest.Server, client graphtest.SignupResult) {
	t.Helper()
	require.Equal(t, 1, server.Registrations(client.Numbers[0]))
	live := slices.DeleteFunc(server.Allocations(), func(a graphtest.Allocation) bool { return a.Business != client.Business || a.Deleted })
	require.Len(t, live, 1)
	require.Equal(t, client.WABAs, live[0].WABAs)
	require.Contains(t, server.Subscribers(client.WABAs[0]), server.World().App)
	number, _ := server.Number(client.Numbers[0])
	require.Equal(t, "CONNECTED", number.Status)
}

// requireSealed checks that no file of the state holds a secret in clear.
func requireSealed(t *testing.T, server *graphtest.Server, state string) {
	t.Helper()
	files, err := filepath.Glob(state + "*")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3, "the state, its lock, its key")
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		exampletest.NoSecrets(t, string(text), server.Secrets()...)
		info, err := os.Stat(file)
		require.NoError(t, err)
		if runtime.GOOS != "windows" { // Windows has other permissions
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
		}
	}
}

// Two programs cannot use one state at the same time.
func TestRun_OneProcessAtATime(t *testing.T) {
	_, client, vars := signedUp(t)
	state := filepath.Join(t.TempDir(), "state")
	opened, err := openState(t.Context(), state, exampletest.Env(nil))
	require.NoError(t, err)
	exit, _, stderr := (&killer{}).start(t, vars, append(codeFlags(client), "-state", state)...)
	require.Equal(t, cli.ExitUsage, exit)
	require.Contains(t, exampletest.Flat(stderr), "another process uses "+state)
	require.NoError(t, opened.Close())
	exit, _, stderr = (&killer{}).start(t, vars, append(codeFlags(client), "-state", state)...)
	require.Equal(t, cli.ExitDone, exit, stderr)
}
