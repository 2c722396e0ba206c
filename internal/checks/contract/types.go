package contract

import (
	"slices"
	"strings"
)

// class is the form of a type on the wire. The sources name types differently, so
// that only this form can be compared.
type class string

const (
	text         class = "text"
	numeric      class = "number"
	boolean      class = "truth"
	list         class = "list"
	object       class = "object"
	textOrNumber class = "text or number" // it is decoded from both: ids, times, and numbers that can be strings
	anything     class = "anything"
)

// classes has the names of scalar types in the schema, the OpenAPI document, the
// simulator and the SDK. A name that is not listed is that of a node, an object.
var classes = map[string]class{
	"string": text, "datetime": text, "numeric string": text,
	"int": numeric, "unsigned int": numeric, "integer": numeric, "number": numeric, "float": numeric, "timestamp": numeric,
	"bool": boolean, "boolean": boolean,
	"array": list,
	"id":    textOrNumber, "time": textOrNumber,
	"any": anything, "file": anything,
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

// compatible reports whether two types can describe the same JSON. It is enough that
// one alternative of each agrees.
func compatible(a, b string) bool {
	scalar := func(c class) bool { return c == text || c == numeric || c == textOrNumber }
	return matches(a, b, func(a, b class) bool {
		return a == b || a == anything || b == anything || (a == textOrNumber || b == textOrNumber) && scalar(a) && scalar(b)
	})
}

// sendable reports whether a parameter has a form that Meta accepts. In a query or
// form, numbers and booleans are text, and lists and objects are JSON in text. Where
// Meta wants a list or an object, plain text is not enough.
func sendable(got, want string) bool {
	flat := func(c class) bool { return c != object && c != list }
	return matches(got, want, func(got, want class) bool {
		return got == want || got == anything || want == anything || want == text || flat(got) && flat(want)
	})
}

func matches(a, b string, agree func(a, b class) bool) bool {
	return slices.ContainsFunc(strings.Split(a, "|"), func(a string) bool {
		return slices.ContainsFunc(strings.Split(b, "|"), func(b string) bool {
			return agree(classify(a), classify(b))
		})
	})
}

// element returns T of list<T>, and any other type unchanged.
func element(name string) string {
	for _, of := range []string{"list<", "array<"} {
		if inner, ok := strings.CutPrefix(name, of); ok {
			return strings.TrimSuffix(inner, ">")
		}
	}
	return name
}
