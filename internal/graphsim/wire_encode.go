package graphsim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// obj is a JSON object that keeps the order of its keys, as Graph's answers do.
type obj []pair

type pair struct {
	key string
	val any
}

func (o obj) get(key string) any {
	for _, p := range o {
		if p.key == key {
			return p.val
		}
	}
	return nil
}

// with appends a member, unless its value is absent: Graph leaves the member out
// instead of sending null.
func (o obj) with(key string, val any) obj {
	if absent(val) {
		return o
	}
	return append(o, pair{key, val})
}

// absent reports whether Graph leaves a value out: null and "". False and 0 are values.
func absent(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case nid:
		return v == 0
	case obj:
		return v == nil
	case []any:
		return v == nil
	case []string:
		return v == nil
	}
	return false
}

// encoder writes answers. Graph escapes as PHP does: a slash as \/ and everything
// beyond ASCII as \uXXXX. Clients have to understand that.
type encoder struct{ numericIDs bool }

// bytes encodes a document. It panics on a type without an encoding, which is a mistake
// in the tables.
func (e encoder) bytes(v any) []byte { return e.append(make([]byte, 0, 512), v) }

// append encodes one value. It is long because it has one case for each type that the
// tables use; it has no other logic.
func (e encoder) append(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case nid:
		if e.numericIDs {
			return strconv.AppendInt(b, int64(v), 10)
		}
		b = append(b, '"')
		b = strconv.AppendInt(b, int64(v), 10)
		return append(b, '"')
	case string:
		return appendString(b, v)
	case json.Number:
		return append(b, v...)
	case obj:
		return e.appendObject(b, v)
	case map[string]any:
		o := make(obj, 0, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			o = append(o, pair{k, v[k]})
		}
		return e.appendObject(b, o)
	case []any:
		return appendList(b, v, e.append)
	case []string:
		return appendList(b, v, appendString)
	case []obj:
		return appendList(b, v, e.appendObject)
	case []nid:
		return appendList(b, v, func(b []byte, n nid) []byte { return e.append(b, n) })
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	panic("graphsim: there is no JSON encoding for this type")
}

func (e encoder) appendObject(b []byte, o obj) []byte {
	b = append(b, '{')
	for i, p := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, p.key)
		b = append(b, ':')
		b = e.append(b, p.val)
	}
	return append(b, '}')
}

func appendList[T any](b []byte, list []T, item func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, v)
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// appendString writes a string. Bytes that are not UTF-8 become U+FFFD, as in
// encoding/json.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"' || c == '\\' || c == '/':
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, '\\', 'n')
			case c < ' ' || c == 0x7f:
				b = appendUnicode(b, uint16(c))
			default:
				b = append(b, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
			b = appendUnicode(appendUnicode(b, uint16(hi)), uint16(lo))
		} else {
			b = appendUnicode(b, uint16(r))
		}
	}
	return append(b, '"')
}

func appendUnicode(b []byte, u uint16) []byte {
	return append(b, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}

// success is the answer of most writes.
func success() obj { return obj{{"success", true}} }

func (o obj) index(key string) int {
	for i := range o {
		if o[i].key == key {
			return i
		}
	}
	return -1
}
