package contract

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

var (
	decoder  = reflect.TypeFor[json.Unmarshaler]()
	edgeElem = reflect.TypeFor[interface{ GraphElem() reflect.Type }]()
)

// decodedTypes are the types of the SDK that have their own decoder.
var decodedTypes = map[reflect.Type]string{
	reflect.TypeFor[graph.Time]():   "time",
	reflect.TypeFor[graph.Int]():    "id",
	reflect.TypeFor[graph.Bool]():   "bool|string|int",
	reflect.TypeFor[graph.Secret](): "string",
}

// describe adds to out, under path, what a Go type is decoded from, as its json
// tags say. Inside are the structs that contain it.
func (r *pkgSource) describe(of reflect.Type, path string, inside []reflect.Type, out Fields) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Implements(edgeElem) {
		item := reflect.New(of).Elem().Interface().(interface{ GraphElem() reflect.Type }).GraphElem()
		r.describe(reflect.SliceOf(item), path, inside, out)
		return
	}
	if name, ok := decodedTypes[of]; ok {
		out[path] = Type{Name: name}
		return
	}
	switch {
	case of.Kind() == reflect.String:
		out[path] = Type{Name: "string", Values: r.values[of.Name()]}
		if reflect.PointerTo(of).Implements(decoder) {
			out[path] = Type{Name: "id"}
		}
	case reflect.PointerTo(of).Implements(decoder):
		out[path] = Type{Name: "any"}
	case of.Kind() == reflect.Slice:
		r.list(of, path, inside, out)
	case of.Kind() == reflect.Struct:
		r.object(of, path, inside, out)
	default:
		out[path] = Type{Name: scalar(of.Kind())}
	}
}

func scalar(kind reflect.Kind) string {
	switch {
	case kind == reflect.Bool:
		return "bool"
	case kind >= reflect.Int && kind <= reflect.Float64:
		return "number"
	}
	return "any"
}

func (r *pkgSource) list(of reflect.Type, path string, inside []reflect.Type, out Fields) {
	items := Fields{}
	r.describe(of.Elem(), path+"[]", inside, items)
	item := items[path+"[]"]
	delete(items, path+"[]")
	out[path] = Type{Name: "list<" + item.Name + ">", Values: item.Values}
	maps.Copy(out, items)
}

func (r *pkgSource) object(of reflect.Type, path string, inside []reflect.Type, out Fields) {
	if path != "" {
		out[path] = Type{Name: "Object"}
		path += "."
	}
	if slices.Contains(inside, of) {
		return
	}
	inside = append(slices.Clip(inside), of)
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		r.describe(field.Type, path+name, inside, out)
	}
}

// isWire reports whether a struct is decoded from JSON. Otherwise the SDK makes it.
func isWire(of reflect.Type) bool {
	if of.Kind() != reflect.Struct {
		return false
	}
	for field := range of.Fields() {
		if field.Tag.Get("json") != "" {
			return true
		}
	}
	return false
}
