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
	"slices"
	"strings"
)

// Expander is a type that stands for another one in a selection, such as a
// generic list of items.
type Expander interface{ GraphElem() reflect.Type }

// Of lists the fields of a struct type, in the order of its declaration.
// Embedded structs are part of it, as they are for encoding/json: of two fields
// of one name the outer one counts, and Graph refuses a name that comes twice.
func Of(t reflect.Type) []string { return texts(of(t, nil, 0)) }

// selected is a field as it is asked for, and how deep it is embedded. One that
// is not asked for has no text, but hides those of its name further in.
type selected struct {
	name, text string
	depth      int
}

func texts(all []selected) []string {
	outermost := map[string]int{}
	for _, f := range all {
		if depth, ok := outermost[f.name]; !ok || f.depth < depth {
			outermost[f.name] = f.depth
		}
	}
	var out []string
	for _, f := range all {
		if depth, ok := outermost[f.name]; ok && depth == f.depth {
			delete(outermost, f.name)
			if f.text != "" {
				out = append(out, f.text)
			}
		}
	}
	return out
}

func of(t reflect.Type, path []reflect.Type, depth int) []selected {
	t = element(t)
	if t.Kind() != reflect.Struct {
		return nil
	}
	if slices.Contains(path, t) {
		return nil // a type that holds itself: stop at the first round
	}
	path = append(path, t)
	var all []selected
	for field := range t.Fields() {
		all = append(all, one(field, path, depth)...)
	}
	return all
}

func one(field reflect.StructField, path []reflect.Type, depth int) []selected {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	client := field.Tag.Get("graph")
	if name == "-" || client == "-" {
		return []selected{{name: name, depth: depth}}
	}
	if field.Anonymous && name == "" && !isLeaf(field.Type) {
		return of(field.Type, path, depth+1)
	}
	if !field.IsExported() || name == "" {
		return nil
	}
	text := name
	modifiers, expand := strings.CutSuffix(client, "{}")
	if modifiers != "" {
		text += "." + modifiers
	}
	if expand {
		if inner := texts(of(field.Type, path, 0)); len(inner) > 0 {
			text += "{" + strings.Join(inner, ",") + "}"
		}
	}
	return []selected{{name, text, depth}}
}

// element looks through pointers, slices and Expanders.
func element(t reflect.Type) reflect.Type {
	for {
		if e, ok := reflect.TypeAssert[Expander](reflect.Zero(t)); ok && t.Kind() == reflect.Struct {
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
