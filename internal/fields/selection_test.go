package fields_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":           nil,
		"id":         {"id"},
		"id,name":    {"id", "name"},
		"a{b,c},d":   {"a{b,c}", "d"},
		"a{b{c,d}}":  {"a{b{c,d}}"},
		"a.limit(5)": {"a.limit(5)"},
		`a.filtering([{"field":"x","value":"1"}]).limit(2){b,c},d`: {`a.filtering([{"field":"x","value":"1"}]).limit(2){b,c}`, "d"},
		"a,":   {"a"},
		"a{b,": {"a{b,"},
	} {
		require.Equal(t, want, fields.Split(text), text)
	}
}

func TestFind(t *testing.T) {
	selection := fields.Split(`id, phone, phone_numbers.limit(5).filtering([{"a":"(1)"}]){id,owner{name,id}},plain{x},bare,odd.limit`)
	for name, want := range map[string]struct {
		modifiers url.Values
		inner     []string
	}{
		"id":            {},
		"phone":         {},
		"missing":       {},
		"pho":           {},
		"bare":          {},
		"plain":         {nil, []string{"x"}},
		"phone_numbers": {url.Values{"limit": {"5"}, "filtering": {`[{"a":"(1)"}]`}}, []string{"id", "owner{name,id}"}},
		"odd":           {url.Values{"limit": {""}}, nil},
	} {
		modifiers, inner := fields.Find(selection, name)
		require.Equal(t, want.modifiers, modifiers, name)
		require.Equal(t, want.inner, inner, name)
	}
	modifiers, inner := fields.Find([]string{"a.limit(5"}, "a")
	require.Equal(t, url.Values{"limit": {"5"}}, modifiers, "a bracket that is left open")
	require.Nil(t, inner)
}
