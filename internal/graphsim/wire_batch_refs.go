package graphsim

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// An operation of a batch can use the answer of another one: {result=name:$.data.*.id}
// in relative_url or body stands for the values at that path, joined with commas.

// reference matches the whole syntax. A name cannot contain the characters that end it.
var reference = regexp.MustCompile(`\{result=([^:{}]+):(\$[^{}]*)\}`)

// referencedNames finds the references in a text, URL-encoded or not: clients write
// both.
func referencedNames(text string) []string {
	var names []string
	for _, t := range []string{text, unescaped(text)} {
		for _, m := range reference.FindAllStringSubmatch(t, -1) {
			names = append(names, m[1])
		}
	}
	return names
}

func unescaped(text string) string {
	if u, err := url.QueryUnescape(text); err == nil {
		return u
	}
	return ""
}

// resolve replaces the references in a text. The bool is false if one of them finds
// nothing.
func (b *batchRun) resolve(text string) (string, bool) {
	ok := true
	out := reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		i, known := b.byName[m[1]]
		if !known || b.replies[i] == nil {
			ok = false
			return ""
		}
		found, good := jsonPath(b.replies[i].body, m[2])
		ok = ok && good
		return strings.Join(found, ",")
	})
	return out, ok
}

// resolveAll replaces the references in decoded parameters.
func (b *batchRun) resolveAll(values url.Values) bool {
	for _, list := range values {
		for i, v := range list {
			r, ok := b.resolve(v)
			if !ok {
				return false
			}
			list[i] = r
		}
	}
	return true
}

// jsonPath evaluates the part of JSONPath that Graph documents: members, indexes and
// the wildcard.
func jsonPath(doc []byte, path string) ([]string, bool) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return nil, false
	}
	values := []any{root}
	path = strings.NewReplacer("[", ".", "]", "", "'", "", `"`, "").Replace(strings.TrimPrefix(path, "$"))
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			continue
		}
		var next []any
		for _, v := range values {
			next = append(next, children(v, step)...)
		}
		values = next
	}
	var found []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			found = append(found, v)
		case json.Number:
			found = append(found, v.String())
		case bool:
			found = append(found, strconv.FormatBool(v))
		}
	}
	return found, len(found) > 0
}

// children returns the values that one step of a path leads to.
func children(v any, step string) []any {
	switch v := v.(type) {
	case map[string]any:
		if step == "*" {
			var all []any
			for _, c := range v {
				all = append(all, c)
			}
			return all
		}
		if c, ok := v[step]; ok {
			return []any{c}
		}
	case []any:
		if step == "*" {
			return v
		}
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i : i+1]
		}
	}
	return nil
}
