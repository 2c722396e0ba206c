package zero_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	layers "github.com/seed-8fdceacd/wagraph/internal/checks/layers"
	"github.com/seed-8fdceacd/wagraph/internal/checks/zero"
)

const module = layers.Module

// exception is a set of calls that are not made, with the reason.
type exception struct {
	name   string // a pattern of path.Match: "graphtest.Server.*"
	how    string // how the receiver begins: "nil pointer"; "" for all
	reason string
}

// exceptions is the list of all exceptions.
var exceptions = []exception{
	{"graph.NewSentinel", "", "its result is an error that it makes, not a failure"},
	{"graph.Time.In", "", "time.Time.In documents that it panics without a location"},
	{"graph.Secret.Format", "", "only package fmt calls it, and never with a nil State"},
	{"graph.Secret.EncodeValues", "", "only go-querystring calls it, and always with Values"},
	{"graphtest.roundTripper.RoundTrip", "", "only an http.Client calls it, and never without a request"},
	{"graphtest.New", "", "a test always has a testing.TB"},
	{"storetest.*", "", "a test always has a testing.T"},
	{"graphtest.Server.ClientFor", "", "it documents that it panics if the token source or an option is wrong"},
	{"popup.ParseEvent", "", "its argument is a message of a browser, and an empty one has a named error"},
	{"vault.MemoryStorage.GetSealed", "", "an empty store has no secret, and that has a named error"},
	{"onboard.MemoryStore.Get", "", "an empty store has no record, and that has a named error"},
	{"signup.TokenInfo.Err", "", "its result is the reason why Meta calls the token invalid, not a failure"},
}

// dataMethods are methods of the interfaces of fmt, errors and encoding. On a nil
// pointer they panic in the standard library too, and are not called. On a zero value
// they are called, and may return an error of any kind.
var dataMethods = []string{
	"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue", "IsZero", "EncodeValues", "GobDecode",
	"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalBinary", "UnmarshalBinary",
}

func isDataMethod(name string) bool {
	return slices.Contains(dataMethods, name[strings.LastIndexByte(name, '.')+1:])
}

// ignored reports whether a call is not made.
func ignored(name, how string) bool {
	if isDataMethod(name) && strings.HasPrefix(how, "nil pointer") {
		return true
	}
	return slices.ContainsFunc(exceptions, func(e exception) bool { return e.covers(name, how) })
}

func (e exception) covers(name, how string) bool {
	matched, err := path.Match(e.name, name)
	return matched && err == nil && strings.HasPrefix(how, e.how)
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
	require.Empty(t, findings)
}
