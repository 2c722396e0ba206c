package promises_test

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

	"github.com/seed-8fdceacd/wagraph/graph"
)

// drift is a change of Graph's answers that must not break a program.
type drift struct {
	name   string
	change func(key string, value any) any
	// same: the decoded values do not change.
	same bool
}

var (
	digits    = regexp.MustCompile(`^(0|[1-9]\d*)$`)
	enumValue = regexp.MustCompile(`^[A-Z][A-Z_]+$`)
)

// isID reports whether the values of a key are ids.
func isID(key string) bool {
	return key == "id" || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "_ids")
}

// drifts returns changes that Graph has made to its answers, or can make. Each
// changes every value of every answer.
func drifts() []drift {
	return []drift{
		{"unknown keys everywhere", addUnknownKeys, true},
		{"ids as numbers", idsAsNumbers, true},
		{"strings of digits as numbers", digitsAsNumbers, true},
		{"numbers as strings", numbersAsStrings, true},
		{"booleans as strings", booleansAsStrings, true},
		{"booleans as numbers", booleansAsNumbers, true},
		{"unknown values of enums", unknownEnumValues, false},
		{"nulls in place of all but ids", nullsExceptIDs, false},
		{"nothing but ids", onlyIDs, false},
		{"fields in another order, with spaces", unchanged, true},
	}
}

func addUnknownKeys(_ string, value any) any {
	if object, ok := value.(map[string]any); ok {
		object["zz_new"] = map[string]any{"of": []any{json.Number("123456789012345678901234567890"), "a kind", nil, map[string]any{"id": true}}}
	}
	return value
}

func idsAsNumbers(key string, value any) any {
	if text, ok := value.(string); ok && isID(key) && digits.MatchString(text) {
		return json.Number(text)
	}
	return value
}

func digitsAsNumbers(key string, value any) any {
	if text, ok := value.(string); ok && digits.MatchString(text) && key != "body" {
		return json.Number(text)
	}
	return value
}

func numbersAsStrings(_ string, value any) any {
	if number, ok := value.(json.Number); ok {
		return number.String()
	}
	return value
}

func booleansAsStrings(_ string, value any) any {
	if boolean, ok := value.(bool); ok {
		return fmt.Sprint(boolean)
	}
	return value
}

func booleansAsNumbers(_ string, value any) any {
	if boolean, ok := value.(bool); ok {
		return json.Number(fmt.Sprint(boolToInt(boolean)))
	}
	return value
}

func unknownEnumValues(_ string, value any) any {
	if text, ok := value.(string); ok && enumValue.MatchString(text) {
		return "NEW_" + text
	}
	return value
}

func nullsExceptIDs(key string, value any) any {
	switch value.(type) {
	case map[string]any, []any:
		return value
	}
	if isID(key) || key == "access_token" || key == "code" || key == "body" {
		return value
	}
	return nil
}

func onlyIDs(_ string, value any) any {
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
}

func unchanged(_ string, value any) any { return value }

// decodeEveryDrift lets each call decode each drift of its answers.
func decodeEveryDrift(t *testing.T) {
	t.Helper()
	combinations := 0
	for _, c := range calls() {
		t.Run(c.pkg+" "+c.name, func(t *testing.T) {
			want := decodeDrifted(t, c, drift{name: "unchanged", change: unchanged})
			for _, drift := range drifts() {
				combinations++
				got := decodeDrifted(t, c, drift)
				if drift.same {
					require.Equal(t, marshalled(want), marshalled(got), "%s: decoded into something else", drift.name)
				}
			}
		})
	}
	t.Logf("%d combinations: %d calls, %d drifts", combinations, len(calls()), len(drifts()))
}

// decodeDrifted makes a call whose answers are changed, on a new simulator, and
// returns the decoded value.
func decodeDrifted(t *testing.T, c *call, by drift) (got any) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		f := &fault{answer: withBody(func(_ *http.Request, body []byte) io.Reader { return changedJSON(body, by.change) })}
		fx.wire.inject(c.key(), f, true)
		err := c.make(t.Context(), fx)
		if c.looksFirst && !by.same { // a method that checks values can refuse unknown ones
			require.NotErrorIs(t, err, graph.ErrBadResponse, by.name)
		} else {
			require.NoError(t, err, by.name)
		}
		require.Positive(t, fx.wire.hitCount(), by.name)
		got = fx.got
	})
	return got
}

// marshalled returns a decoded value as text, with the values behind pointers.
func marshalled(value any) string {
	marshalled, err := json.Marshal(value)
	if err != nil { // it holds a secret
		return fmt.Sprintf("%+v", value)
	}
	return string(marshalled)
}

// TestWABAID_DecodesLargeNumbersExactly: a float64 cannot hold each number above
// 2^53, and ids are larger.
func TestWABAID_DecodesLargeNumbersExactly(t *testing.T) {
	var id graph.WABAID
	require.NoError(t, json.Unmarshal([]byte("9007199254740993"), &id))
	require.EqualValues(t, "9007199254740993", id)
}
