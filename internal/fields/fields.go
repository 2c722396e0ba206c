package fields

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Elem returns the type of the items if t is a list of items that are asked for
// in its place, such as a generic type for edges.
type Elem func(t reflect.Type) (reflect.Type, bool)

// Of returns the fields of a struct type, in the order of its declaration.
// Embedded structs are part of it, as they are for encoding/json: of two fields
// of one name the outer one counts, because Graph refuses a name that comes twice.
func Of(t reflect.Type, elem Elem) []string { return texts(elem.of(t, nil, 0)) }

// selected is a field in the form in which it is asked for, and how deep it is
// embedded. A field that is not asked for has no text, but hides the fields of the
// same name that are embedded deeper.
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

func (elem Elem) of(t reflect.Type, path []reflect.Type, depth int) []selected {
	t = elem.element(t)
	if t.Kind() != reflect.Struct {
		return nil
	}
	if slices.Contains(path, t) {
		return nil // a type that holds itself: stop there
	}
	path = append(path, t)
	var all []selected
	for field := range t.Fields() {
		all = append(all, elem.one(field, path, depth)...)
	}
	return all
}

func (elem Elem) one(field reflect.StructField, path []reflect.Type, depth int) []selected {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	client := field.Tag.Get("graph")
	if name == "-" || client == "-" {
		return []selected{{name: name, depth: depth}}
	}
	if field.Anonymous && name == "" && !isLeaf(field.Type) {
		return elem.of(field.Type, path, depth+1)
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
		if inner := texts(elem.of(field.Type, path, 0)); len(inner) > 0 {
			text += "{" + strings.Join(inner, ",") + "}"
		}
	}
	return []selected{{name, text, depth}}
}

// element looks through pointers, slices and lists of items.
func (elem Elem) element(t reflect.Type) reflect.Type {
	for {
		if items, ok := elem(t); ok {
			t = items
			continue
		}
		if t.Kind() != reflect.Pointer && t.Kind() != reflect.Slice {
			return t
		}
		t = t.Elem()
	}
}

// isLeaf reports whether a type decodes itself: its fields are not Graph's.
func isLeaf(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
