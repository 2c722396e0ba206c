package zero_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/house"
	"github.com/seed-8fdceacd/wagraph/internal/zero"
)

const module = layers.Module

// exceptions are functions and methods that are not called, with the reason.
var exceptions = map[string]string{}

// dataMethods are methods of the interfaces of fmt, errors and encoding. On a nil
// pointer they panic in the standard library too. On a zero value they are called.
var dataMethods = []string{
	"Error", "Unwrap", "Is", "String", "GoString", "Format", "LogValue", "IsZero", "EncodeValues",
	"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalBinary", "UnmarshalBinary",
}

func ignored(name, how string) bool {
	if exceptions[name] != "" {
		return true
	}
	for _, method := range dataMethods {
		if strings.HasSuffix(name, "."+method) && strings.HasPrefix(how, "nil pointer") {
			return true
		}
	}
	return false
}

// TestMain makes requests fail at once, if one is sent by mistake. In a child process
// it walks instead of running tests.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		if err := os.Setenv(name, "http://127.0.0.1:1"); err != nil {
			panic(err)
		}
	}
	if crashed, isChild := os.LookupEnv(childVariable); isChild {
		if err := walkInChild(crashed); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// TestRegistry_IsUpToDate fails when a function or type was added, renamed or
// removed: run go generate in this directory.
func TestRegistry_IsUpToDate(t *testing.T) {
	tree, err := layers.LoadRepository()
	require.NoError(t, err)
	want, err := zero.Registry(tree)
	require.NoError(t, err)
	got, err := os.ReadFile("registry_test.go")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run go generate in internal/checks/zero")
}

func TestRegistry_RefusesConstraints(t *testing.T) {
	tree, err := layers.Load(fstest.MapFS{
		"go.mod": {Data: []byte("module m\n")}, "a/a.go": {Data: []byte("package a\n\nfunc F[T comparable]() {}\n")},
	})
	require.NoError(t, err)
	_, err = zero.Registry(tree)
	require.ErrorContains(t, err, "no type argument is known for the constraint of T")
}

// TestZeroValues_NeverPanic is the test of this package.
func TestZeroValues_NeverPanic(t *testing.T) {
	findings, calls := walkInProcesses(t)
	t.Logf("%d calls with zero arguments of %d functions and types", calls, len(registry))
	require.Greater(t, calls, 500)
	for _, f := range findings {
		t.Logf("%-44s %-44s %s", f.name, f.how, f.what)
	}
	if !layers.Moved && len(findings) > 0 {
		t.Skipf("%d of %d calls panic, block or fail before the move", len(findings), calls)
	}
	require.Empty(t, findings)
}
