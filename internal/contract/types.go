package contract

import (
	"slices"
	"strings"
)

// class is what a type looks like on the wire, which is all that the different
// spellings can be compared by.
type class string

const (
	text    class = "text"
	numeric class = "number"
	truth   class = "truth"
	list    class = "list"
	object  class = "object"
	either  class = "text or number" // decodes from both: ids, times, loose numbers
	opaque  class = "anything"
)

// classes knows the scalar spellings of the schema, the OpenAPI document, the
// simulator and the SDK. What is not listed is the name of a node: an object.
var classes = map[string]class{
	"string": text, "datetime": text, "numeric string": text,
	"int": numeric, "unsigned int": numeric, "integer": numeric, "number": numeric, "float": numeric, "timestamp": numeric,
	"bool": truth, "boolean": truth,
	"array": list,
	"id":    either, "time": either,
	"any": opaque, "file": opaque,
}

func classify(name string) class {
	if known, ok := classes[name]; ok {
		return known
	}
	if strings.HasPrefix(name, "list<") || strings.HasPrefix(name, "array<") {
		return list
	}
	if strings.Contains(name, "_") { // Node_field and nodeedge_param_enum_param are enums
		return text
	}
	return object
}

// compatible tells whether two types can describe the same bytes of JSON. Any
// of the alternatives of either side is enough.
func compatible(a, b string) bool {
	scalar := func(c class) bool { return c == text || c == numeric || c == either }
	return matches(a, b, func(a, b class) bool {
		return a == b || a == opaque || b == opaque || (a == either || b == either) && scalar(a) && scalar(b)
	})
}

// sendable tells whether a parameter may be sent as what Meta wants. In a query
// or form a number and a truth are text, and so are lists and objects, in JSON;
// but where Meta wants one of those, plain text will not do.
func sendable(got, want string) bool {
	flat := func(c class) bool { return c != object && c != list }
	return matches(got, want, func(got, want class) bool {
		return got == want || got == opaque || want == opaque || want == text || flat(got) && flat(want)
	})
}

func matches(a, b string, agree func(a, b class) bool) bool {
	return slices.ContainsFunc(strings.Split(a, "|"), func(a string) bool {
		return slices.ContainsFunc(strings.Split(b, "|"), func(b string) bool {
			return agree(classify(a), classify(b))
		})
	})
}

// element returns T of list<T>, and any other type as it is.
func element(name string) string {
	for _, of := range []string{"list<", "array<"} {
		if inner, ok := strings.CutPrefix(name, of); ok {
			return strings.TrimSuffix(inner, ">")
		}
	}
	return name
}
