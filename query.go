package wagraph

import (
	"net/url"
	"slices"
	"strings"
)

// paramProof is the parameter that proves who holds the token.
const paramProof = "appsecret_proof"

// encodeQuery is the parameters as they stand in a URL, with the proof among
// them if there is one. It is what url.Values.Encode writes, in one piece of
// memory instead of six: a list of fields is long, and of what a call allocates
// a large part.
func encodeQuery(params url.Values, proof string) string {
	names := make([]string, 0, 8) // more than calls have
	size := 0
	for name, values := range params {
		names = append(names, name)
		for _, value := range values {
			size += len(name) + len("=&") + len(value) + 2*strings.Count(value, ",")
		}
	}
	if proof != "" {
		names = append(names, paramProof)
		size += len(paramProof) + len("=&") + len(proof)
	}
	slices.Sort(names)
	var b strings.Builder
	b.Grow(size)
	for _, name := range names {
		if name == paramProof {
			writeParam(&b, name, proof)
		}
		for _, value := range params[name] {
			writeParam(&b, name, value)
		}
	}
	return b.String()
}

func writeParam(b *strings.Builder, name, value string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	writeEscaped(b, name)
	b.WriteByte('=')
	writeEscaped(b, value)
}

// writeEscaped writes what url.QueryEscape returns.
func writeEscaped(b *strings.Builder, text string) {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '-', c == '.', c == '~':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
}
