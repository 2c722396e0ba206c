package fields

import (
	"net/url"
	"strings"
)

// Split cuts a selection at its outermost commas.
func Split(text string) []string {
	var parts []string
	depth, start := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			depth--
		case ',':
			if depth == 0 {
				parts, start = append(parts, text[start:i]), i+1
			}
		}
	}
	if start < len(text) {
		parts = append(parts, text[start:])
	}
	return parts
}

// Find returns what a selection asks of one field: its modifiers, which the field's
// own address takes as parameters, and the selection inside. Both are nil for a
// field that is asked for by its name alone, or not at all.
//
//	Find(Split("id,phone_numbers.limit(5){id,status}"), "phone_numbers")
func Find(selection []string, name string) (modifiers url.Values, inner []string) {
	for _, field := range selection {
		rest, ok := strings.CutPrefix(strings.TrimSpace(field), name)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '{' {
			continue
		}
		for strings.HasPrefix(rest, ".") {
			modifier, argument, after := cutModifier(rest[1:])
			if modifiers == nil {
				modifiers = url.Values{}
			}
			modifiers.Set(modifier, argument)
			rest = after
		}
		if braced, ok := strings.CutPrefix(rest, "{"); ok {
			inner = Split(strings.TrimSuffix(braced, "}"))
		}
		return modifiers, inner
	}
	return nil, nil
}

// cutModifier cuts "limit(5)" off the front. An argument may contain brackets.
func cutModifier(text string) (name, argument, rest string) {
	open := strings.IndexByte(text, '(')
	if open < 0 {
		return text, "", ""
	}
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text[:open], text[open+1 : i], text[i+1:]
			}
		}
	}
	return text[:open], text[open+1:], ""
}
