package layers

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckWords_FindsEachWord(t *testing.T) {
	texts, err := os.ReadFile("testdata/refused.txt") // one text a line
	require.NoError(t, err)
	refused := strings.Split(strings.TrimSpace(string(texts)), "\n")
	require.Greater(t, len(refused), 15)
	for _, text := range refused {
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
