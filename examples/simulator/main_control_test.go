package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// documented returns the words in code type of a call's rows in README.md's table:
// the keys of its body, and a few values.
func documented(t *testing.T, call string) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, rows, found := strings.Cut(string(text), "| `"+call+"` |")
	require.True(t, found, call)
	var words []string
	for line := range strings.Lines(rows) {
		if len(words) > 0 && !strings.HasPrefix(line, "| |") {
			break
		}
		keys, _, _ := strings.Cut(strings.TrimPrefix(line, "| |"), "|")
		for _, word := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(keys, -1) {
			words = append(words, word[1])
		}
	}
	return words
}

// The control API takes each key that README.md names;
// one that does not exist would be refused.
func TestControlAPI_TakesTheKeysOfReadme(t *testing.T) {
	vars := exampletest.Serve(t, graphtest.New(t, graphtest.WithControlAPI()))
	post := func(path string, body map[string]any) int {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, vars[target.BaseURL]+"/__sim/"+path, bytes.NewReader(text))
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	choices := map[string]string{
		"coexistence": "variant", "only_waba": "variant", "hosted": "variant", "pre_verified": "variant",
		"manage_events": "drift", "no_targets": "drift", "empty_targets": "drift", "messaging_only": "drift",
	}
	for path, test := range map[string]struct {
		keys int
		body map[string]any
	}{
		"signup": {15, map[string]any{}},
		"faults": {21, map[string]any{"code": 4, "times": 1}},
		"clock":  {1, map[string]any{"advance": "1s"}},
	} {
		keys := map[string]bool{}
		for _, word := range documented(t, "POST "+path) {
			if key := choices[word]; key != "" {
				require.Equal(t, http.StatusOK, post(path, map[string]any{key: word}), word)
				continue
			}
			keys[word] = true
			body := map[string]any{word: nil} // as if it were left out
			maps.Copy(body, test.body)
			require.Equal(t, http.StatusOK, post(path, body), word)
		}
		require.Len(t, keys, test.keys, path)
		require.Equal(t, http.StatusBadRequest, post(path, map[string]any{"rain": nil}), path)
	}
}
