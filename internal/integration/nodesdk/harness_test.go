package nodesdk_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// TestNodeSDK installs Meta's SDK once and runs each program against the simulator.
func TestNodeSDK(t *testing.T) {
	sdk, ok := install(t)
	if !ok {
		return
	}
	t.Run("accounts", sdk.accounts)
	t.Run("numbers", sdk.numbers)
	t.Run("users", sdk.users)
	t.Run("subscriptions", sdk.subscriptions)
	t.Run("share credit", sdk.shareCredit)
	t.Run("revoke credit", sdk.revokeCredit)
	t.Run("batch", sdk.batch)
	t.Run("several ids", sdk.severalIDs)
	t.Run("every field", sdk.everyField)
	t.Run("errors", sdk.errors)
	t.Run("on the wire", sdk.onTheWire)
}

// program is a directory with the programs of client and the SDK that they need.
type program struct{ dir string }

// missing says what to do on a machine without Node.
const missing = "Meta's SDK needs node and npm: install them (Debian: apt-get install nodejs npm), " +
	"or set WAGRAPH_NO_NODE=1 to test without them"

// install fetches the SDK in the versions of client/package-lock.json. It returns
// false if WAGRAPH_NO_NODE says that there is no Node.
func install(t *testing.T) (program, bool) {
	t.Helper()
	if os.Getenv("WAGRAPH_NO_NODE") == "1" {
		t.Log("WAGRAPH_NO_NODE=1: Meta's SDK did not run against the simulator")
		return program{}, false
	}
	for _, tool := range []string{"node", "npm"} {
		_, err := exec.LookPath(tool)
		require.NoError(t, err, missing)
	}
	p := program{t.TempDir()}
	require.NoError(t, os.CopyFS(p.dir, os.DirFS("client")))
	// No package of the lock file may run an install script.
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
	npm.Dir = p.dir
	said, err := npm.CombinedOutput()
	require.NoError(t, err, "npm ci (where there is no registry, set WAGRAPH_NO_NODE=1): %s", said)
	return p, true
}

// simulator is a simulator on a loopback address, with its URL.
type simulator struct {
	*graphtest.Server
	world graphtest.World
	base  string
}

func serve(t *testing.T, opts ...graphtest.Option) simulator {
	t.Helper()
	server := graphtest.New(t, opts...)
	listener := httptest.NewServer(server.Handler())
	t.Cleanup(listener.Close)
	return simulator{server, server.World(), listener.URL}
}

// input is what a program gets on its standard input.
type input map[string]any

// run runs a program against the simulator as the partner's admin, and decodes
// what it prints. The environment has only PATH, so that no proxy is used.
func (p program) run(t *testing.T, sim simulator, name string, in input, out any) {
	t.Helper()
	told := input{"base_url": sim.base, "token": sim.world.Admin.Token.Reveal(), "business_id": sim.world.Business}
	maps.Copy(told, in)
	stdin, err := json.Marshal(told)
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", filepath.Join(p.dir, name))
	node.Env = []string{"PATH=" + os.Getenv("PATH")}
	node.Stdin, node.Stdout, node.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	require.NoError(t, node.Run(), "%s: %s", name, &stderr)
	decoder := json.NewDecoder(strings.NewReader(stdout.String()))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(out), "%s: %s", name, &stdout)
}

// success is how most writes answer.
type success struct {
	Success bool `json:"success"`
}
