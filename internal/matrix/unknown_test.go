package matrix_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

// drift is a change of Meta's that must not break anybody.
type drift struct {
	name   string
	change func(key string, value any) any
	// same: the decoded values are what they were.
	same bool
}

var (
	digits    = regexp.MustCompile(`^(0|[1-9]\d*)$`)
	enumValue = regexp.MustCompile(`^[A-Z][A-Z_]+$`)
)

// isID tells a key whose values are ids.
func isID(key string) bool {
	return key == "id" || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "_ids")
}

// drifts are what has happened to Graph's answers, or may: they touch every
// value of every answer.
func drifts() []drift {
	return []drift{
		{"unknown keys everywhere", func(_ string, value any) any {
			if object, ok := value.(map[string]any); ok {
				object["zz_new"] = map[string]any{"of": []any{json.Number("123456789012345678901234567890"), "a kind", nil, map[string]any{"id": true}}}
			}
			return value
		}, true},
		{"ids as numbers", func(key string, value any) any {
			if text, ok := value.(string); ok && isID(key) && digits.MatchString(text) {
				return json.Number(text)
			}
			return value
		}, true},
		{"texts of digits as numbers", func(key string, value any) any {
			if text, ok := value.(string); ok && digits.MatchString(text) && key != "body" {
				return json.Number(text)
			}
			return value
		}, true},
		{"numbers as strings", func(_ string, value any) any {
			if number, ok := value.(json.Number); ok {
				return number.String()
			}
			return value
		}, true},
		{"truths as strings", func(_ string, value any) any {
			if truth, ok := value.(bool); ok {
				return fmt.Sprint(truth)
			}
			return value
		}, true},
		{"truths as numbers", func(_ string, value any) any {
			if truth, ok := value.(bool); ok {
				return json.Number(fmt.Sprint(count(truth)))
			}
			return value
		}, true},
		{"unknown values of enums", func(_ string, value any) any {
			if text, ok := value.(string); ok && enumValue.MatchString(text) {
				return "NEW_" + text
			}
			return value
		}, false},
		{"nulls in place of all but ids", func(key string, value any) any {
			switch value.(type) {
			case map[string]any, []any:
				return value
			}
			if isID(key) || key == "access_token" || key == "code" || key == "body" {
				return value
			}
			return nil
		}, false},
		{"nothing but ids", func(_ string, value any) any {
			object, ok := value.(map[string]any)
			if !ok {
				return value
			}
			for key, inner := range object {
				switch inner.(type) {
				case map[string]any, []any:
				default:
					if !isID(key) && key != "access_token" && key != "code" && key != "body" && key != "next" && key != "after" {
						delete(object, key)
					}
				}
			}
			return value
		}, false},
		{"fields in another order, with blanks", func(_ string, value any) any { return value }, true},
	}
}

// decodeEveryDrift has every call decode every drift of its answers.
func decodeEveryDrift(t *testing.T) {
	t.Helper()
	combinations := 0
	for _, c := range calls() {
		t.Run(c.room+" "+c.name, func(t *testing.T) {
			want := drifted(t, c, drift{name: "as it is", change: func(_ string, value any) any { return value }})
			for _, drift := range drifts() {
				combinations++
				got := drifted(t, c, drift)
				if drift.same {
					require.Equal(t, text(want), text(got), "%s: decoded into something else", drift.name)
				}
			}
		})
	}
	t.Logf("%d combinations: %d calls, %d drifts", combinations, len(calls()), len(drifts()))
}

// drifted makes a call whose answers have drifted, on a simulator of its own,
// and returns what it decoded.
func drifted(t *testing.T, c *call, by drift) (got any) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		f := &fault{strike: spoiled(func(_ *http.Request, body []byte) io.Reader { return changed(body, by.change) })}
		d.wire.strike(c.key(), f, true)
		err := c.make(t.Context(), d)
		if c.finds && !by.same { // it may doubt what it does not know
			require.NotErrorIs(t, err, wagraph.ErrBadResponse, by.name)
		} else {
			require.NoError(t, err, by.name)
		}
		require.Positive(t, d.wire.hits(), by.name)
		got = d.got
	})
	return got
}

// text prints a decoded value whole, following pointers.
func text(value any) string {
	marshalled, err := json.Marshal(value)
	if err != nil { // it holds a secret
		return fmt.Sprintf("%+v", value)
	}
	return string(marshalled)
}

// TestAnIDSurvivesAsANumber keeps ids from passing through a float on the way:
// the numbers of the drifts are above 2^53.
func TestAnIDSurvivesAsANumber(t *testing.T) {
	var id wagraph.WABAID
	require.NoError(t, json.Unmarshal([]byte("9007199254740993"), &id))
	require.EqualValues(t, "9007199254740993", id)
}
