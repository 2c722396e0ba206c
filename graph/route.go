package graph

import "strings"

// nextPlaceholder cuts a route at its first placeholder. ok is false, and before
// the whole route, if there is none.
func nextPlaceholder(route string) (before, name, after string, ok bool) {
	open := strings.IndexByte(route, '{')
	if open < 0 {
		return route, "", "", false
	}
	end := strings.IndexByte(route[open:], '}')
	if end < 0 {
		return route, "", "", false
	}
	return route[:open], route[open+1 : open+end], route[open+end+1:], true
}

// isPlainPath reports whether a text can be a piece of a path: it has no dots
// that lead out of the version, and no parameters, which belong into Query.
func isPlainPath(text string) bool {
	for i := range len(text) {
		switch b := text[i]; {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_', b == '-', b == '/':
		default:
			return false
		}
	}
	return true
}

// displayPath fills the route for error messages. Placeholders without an id
// stay as they are.
func displayPath(route string, ids []string) string {
	var b strings.Builder
	for {
		before, name, after, ok := nextPlaceholder(route)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if len(ids) > 0 {
			b.WriteString(ids[0])
			ids = ids[1:]
		} else {
			b.WriteString("{" + name + "}")
		}
		route = after
	}
}
