package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckWords_FindsEachWord(t *testing.T) {
	bad := []string{
		"F tells whether it works", "It tells if it works", "GetOp is Get as a value.", "the House", "two floors", "the desk",
		"needles", "songs", "echoes", "somebody else", "whoever has it", "nobody", "whatever it is", "is no good", "is no type of theirs",
		"a figure of ours", "all the same", "as it is", "it comes to nothing", "appointed", "Error makes an Error an error",
	}
	for _, text := range bad {
		require.NotEmpty(t, CheckWords(load(t, map[string]string{"a/a.go": "package a\n\n// " + text + "\n"}), Words, nil), text)
		require.NotEmpty(t, CheckWords(load(t, map[string]string{"README.md": text}), Words, nil), text)
	}
	for _, text := range []string{"F reports whether it works", "warehouse", "floored", "roommate", "math.Floor2", "http.NoBody", "for as long as it is open"} {
		require.Empty(t, CheckWords(load(t, map[string]string{"a/a.go": "package a\n\n// " + text + "\n"}), Words, nil), text)
	}
	tree := load(t, map[string]string{"a/a.go": "package a\n\n// nobody\n"})
	require.Empty(t, CheckWords(tree, Words, map[string]string{"a/a.go": "a name"}))
	requireProblems(t, CheckWords(tree, Words, map[string]string{"a/a.go": "a name", "a/b.go": "it had one"}), "the exception for a/b.go is not needed")
	for _, w := range Words {
		require.NotEmpty(t, w.Instead)
	}
}
