package graphsim

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFields checks that text which parses can be written back, and then parses to the
// same.
func FuzzFields(f *testing.F) {
	for _, s := range []string{"id,name", "phone_numbers.limit(5).after(x){id,name.as(y)}", `a.filtering([{"f":"(","v":")\""}]){b{c}}`, "a{", "a..b", "a.b(", "{}", "a{}", strings.Repeat("a{", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseFields(text)
		if err != nil {
			require.Contains(t, []int{2500, 1}, err.code)
			return
		}
		if aliased(list) {
			return // an alias can contain any text, and a second .as() replaces the first
		}
		again, err := parseFields(fieldsText(list))
		require.Nil(t, err, fieldsText(list))
		require.Equal(t, fieldsText(list), fieldsText(again))
	})
}

func aliased(list []selection) bool {
	for _, s := range list {
		if s.alias != "" || aliased(s.sub) {
			return true
		}
	}
	return false
}

// FuzzFiltering checks that a filter is refused or works, and never panics.
func FuzzFiltering(f *testing.F) {
	for _, s := range []string{`[{"field":"creation_time","operator":"GREATER_THAN","value":"1604962813"}]`, `[{"field":"creation_time","operator":"IN_RANGE","value":[1,2]}]`,
		`[{"field":"partners","operator":"ALL","value":["1"]}]`, `[{"field":"ownership_type","operator":"IN","value":"SELF"}]`, `[{}]`, `{`, `[{"field":"creation_time","operator":"IN_RANGE","value":null}]`} {
		f.Add(s)
	}
	s := New(Config{WABAs: 3, Numbers: 1})
	f.Fuzz(func(t *testing.T, text string) {
		c := &call{sim: s, now: s.Now()}
		keep, err := c.accountFilter(text)
		if err != nil {
			require.Equal(t, 100, err.code)
			return
		}
		for _, id := range s.st.partner.client {
			if keep != nil {
				keep(id)
			}
		}
	})
}

// FuzzCursor checks that only cursors of this edge of this node are accepted, and lead
// to their item.
func FuzzCursor(f *testing.F) {
	e, parent := &edgeDef{name: "phone_numbers"}, &waba{id: 102290129340398}
	f.Add(newCursor(e, parent, 106540352242922), int64(7))
	f.Add("QVFIxxxxxxxxxxxxxxxxZD", int64(1))
	f.Fuzz(func(t *testing.T, text string, n int64) {
		if id, ok := openCursor(e, parent, text); ok {
			require.Equal(t, text, newCursor(e, parent, id))
		}
		made := newCursor(e, parent, nid(n))
		id, ok := openCursor(e, parent, made)
		require.True(t, ok)
		require.Equal(t, nid(n), id)
		_, ok = openCursor(&edgeDef{name: "message_templates"}, parent, made)
		require.False(t, ok)
		_, ok = openCursor(e, &waba{id: 1}, made)
		require.False(t, ok)
	})
}

// FuzzBatch checks that every batch has one answer for each operation, or an error.
func FuzzBatch(f *testing.F) {
	s := New(Config{ForgetCalls: true})
	w := s.World()
	for _, ops := range []string{`[{"method":"GET","relative_url":"me"}]`, `[{"method":"GET","name":"a","relative_url":"me"},{"method":"GET","relative_url":"{result=a:$.id}"}]`,
		`[{"method":"POST","relative_url":"x","body":{"a":[1]}}]`, `[{"method":"GET","depends_on":"a","name":"a","relative_url":"?ids=1"}]`, `[null]`, `[1]`, `{}`,
		`[{"method":"GET","relative_url":"me","headers":[{"name":"A","value":"b"},"C: d",3]}]`} {
		f.Add(ops)
	}
	f.Fuzz(func(t *testing.T, ops string) {
		rep, err := s.serve(t.Context(), &request{method: "POST", path: "/", query: url.Values{"access_token": {w.AdminToken}}, header: map[string][]string{
			"Content-Type": {"application/x-www-form-urlencoded"}}, body: []byte(url.Values{"batch": {ops}}.Encode()), base: "https://graph.facebook.com"})
		require.NoError(t, err)
		require.True(t, json.Valid(rep.body), string(rep.body))
		if rep.status == 200 {
			var sent, got []any
			require.NoError(t, json.Unmarshal([]byte(ops), &sent))
			require.NoError(t, json.Unmarshal(rep.body, &got))
			require.Len(t, got, len(sent))
		}
	})
}

// FuzzString checks that the encoder writes JSON with the same meaning.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "a/b", "ä☕🚢", "\x00\"\\\n", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		require.NoError(t, json.Unmarshal(encoder{}.bytes(s), &back))
		require.Equal(t, string([]rune(s)), back) // bytes that are not UTF-8 become U+FFFD
	})
}
