package layers

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckDocLines_FindsLongPackages(t *testing.T) {
	const source = `package a

// A and B are constants.
const (
	A = 1
	B = 2
)

const hidden = 3

// V is a variable.
var V = 4

// T is a type.
type T string

// T1 and T2 are its values.
const (
	T1 T = "1"
	T2 T = "2"
)

// NewT returns a T.
func NewT() T { return T1 }

// M is a method.
func (T) M() {}

// F is a function.
func F() {}

func g() {}
`
	tree := load(t, map[string]string{"a/a.go": source, "a/a_test.go": "package a\n\nfunc Helper() {}\n", "internal/b/b.go": source})
	n, err := DocLines(tree, "a")
	require.NoError(t, err)
	require.Equal(t, 6, n, "A, V, F, T, T1 and NewT")
	require.Empty(t, CheckDocLines(tree, nil))
	requireProblems(t, CheckDocLines(tree, map[string]DocLimit{"a": {5, "it is small"}}), "a: go doc -short prints 6 lines, and 5 are allowed")
}

// TestDocLines_AgreesWithGoDoc compares the count with the program itself.
func TestDocLines_AgreesWithGoDoc(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	tree := repository(t)
	for _, dir := range []string{"waba", "signup"} {
		out, err := exec.CommandContext(t.Context(), "go", "-C", root, "doc", "-short", Module+"/"+dir).Output()
		require.NoError(t, err)
		n, err := DocLines(tree, dir)
		require.NoError(t, err)
		require.Equal(t, strings.Count(strings.TrimSpace(string(out)), "\n")+1, n, "%s:\n%s", dir, out)
	}
}
