package graph

import (
	"net/url"
	"slices"
	"strings"
)

// paramProof is the parameter that proves who holds the token.
const paramProof = "appsecret_proof"

// encodeQuery returns the parameters in the form of a URL, with the proof among
// them if there is one. It writes what url.Values.Encode writes, and allocates
// once instead of six times. A list of fields is long, so this is a large part of
// the memory that a call allocates.
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
	written := 0
	for i := range len(text) {
		c := text[i]
		if unreserved[c] {
			continue
		}
		b.WriteString(text[written:i])
		written = i + 1
		if c == ' ' {
			b.WriteByte('+')
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	b.WriteString(text[written:])
}

// unreserved has the bytes that are not escaped in a query (RFC 3986, section 2.3).
var unreserved = func() (table [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") {
		table[c] = true
	}
	return table
}()
