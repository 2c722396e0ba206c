// Package fields reads from a Go struct which fields of a Graph object it can
// hold, in the syntax of Graph's fields parameter.
//
// The json tags name the fields. A graph tag adjusts one:
//
//	`graph:"-"`          never asked for
//	`graph:"{}"`         an object or an edge whose own fields are asked for
//	`graph:"limit(50){}"` the same with modifiers ahead of the braces
//
// Without a graph tag a nested struct is asked for by its name alone, and Graph
// chooses what it holds: asking for a field that the version does not know
// fails the whole request, so nothing is expanded unless it is said.
package fields

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
)

// Expander is a type that stands for another one in a selection, such as a
// generic list of items.
type Expander interface{ GraphElem() reflect.Type }

// Of lists the fields of a struct type, in the order of its declaration.
// Embedded structs are part of it, as they are for encoding/json.
func Of(t reflect.Type) []string { return of(t, nil) }

func of(t reflect.Type, path []reflect.Type) []string {
	t = element(t)
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, outer := range path {
		if outer == t {
			return nil // a type that holds itself: stop at the first round
		}
	}
	path = append(path, t)
	var names []string
	for field := range t.Fields() {
		names = append(names, one(field, path)...)
	}
	return names
}

func one(field reflect.StructField, path []reflect.Type) []string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	graph := field.Tag.Get("graph")
	if name == "-" || graph == "-" {
		return nil
	}
	if field.Anonymous && name == "" && !isLeaf(field.Type) {
		return of(field.Type, path)
	}
	if !field.IsExported() || name == "" {
		return nil
	}
	modifiers, expand := strings.CutSuffix(graph, "{}")
	if modifiers != "" {
		name += "." + modifiers
	}
	if expand {
		if inner := of(field.Type, path); len(inner) > 0 {
			name += "{" + strings.Join(inner, ",") + "}"
		}
	}
	return []string{name}
}

// element looks through pointers, slices and Expanders.
func element(t reflect.Type) reflect.Type {
	for {
		if e, ok := reflect.Zero(t).Interface().(Expander); ok && t.Kind() == reflect.Struct {
			t = e.GraphElem()
			continue
		}
		if t.Kind() != reflect.Pointer && t.Kind() != reflect.Slice {
			return t
		}
		t = t.Elem()
	}
}

// isLeaf tells types that decode themselves: their fields are not Graph's.
func isLeaf(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
