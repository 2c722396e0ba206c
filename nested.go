package wagraph

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
)

// edgeField is a place in a list's items that holds an [Edge], or leads to one.
type edgeField struct {
	index []int  // of the field, through embedded structs
	name  string // Graph's
	edge  bool
	query url.Values  // what the edge is asked for by its own address
	below []edgeField // in the object, or in the edge's items
}

// edgesOf finds the edges in a type, and what the selection asks of them. Like
// FieldsOf it stops where a type holds itself.
func edgesOf(t reflect.Type, selection []string, outer ...reflect.Type) []edgeField {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || slices.Contains(outer, t) {
		return nil
	}
	outer = append(slices.Clip(outer), t)
	var found []edgeField
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		inner := field.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		elem, isEdge := edgeElem(inner)
		switch {
		case field.Anonymous && name == "": // part of the same object
			for _, f := range edgesOf(inner, selection, outer...) {
				f.index = append(slices.Clone(field.Index), f.index...)
				found = append(found, f)
			}
		case !field.IsExported() || name == "":
		case isEdge:
			query, asked := fields.Find(selection, name)
			found = append(found, edgeField{
				index: field.Index, name: name, edge: true,
				query: edgeQuery(query, asked), below: edgesOf(elem, asked, outer...),
			})
		default:
			_, asked := fields.Find(selection, name)
			if below := edgesOf(inner, asked, outer...); below != nil {
				found = append(found, edgeField{index: field.Index, name: name, below: below})
			}
		}
	}
	return found
}

// edgeElem is the type of the items if t is an Edge.
func edgeElem(t reflect.Type) (reflect.Type, bool) {
	expander, ok := reflect.TypeAssert[fields.Expander](reflect.Zero(t))
	if !ok || !reflect.PointerTo(t).Implements(reflect.TypeFor[overflowing]()) {
		return nil, false
	}
	return expander.GraphElem(), true
}

// edgeQuery asks of the edge by itself what was asked of it in the outer
// answer, but for the size of the pages.
func edgeQuery(modifiers url.Values, asked []string) url.Values {
	query := url.Values{}
	for name, values := range modifiers {
		if name != "limit" {
			query[name] = values
		}
	}
	if len(asked) > 0 {
		query.Set("fields", Fields(asked).String())
	}
	return query
}

// level is what is found at one depth of a page's items.
type level struct {
	cut  []cutOff
	next []branch
}

// branch is values in which edges are looked for: an object, a pointer to one,
// or a slice of either.
type branch struct {
	values reflect.Value
	edges  []edgeField
}

// cutOff is an edge that has more than the outer answer held.
type cutOff struct {
	edge  overflowing
	owner reflect.Type
	req   Request
}

// readOn reads the inner edges of a page's items to their ends: level by level,
// since an edge that is read on may move the items that it had.
func (l *List[T]) readOn(ctx context.Context, items []T) error {
	if len(l.edges) == 0 {
		return nil
	}
	next := []branch{{reflect.ValueOf(items), l.edges}}
	for len(next) > 0 {
		var found level
		for _, b := range next {
			found.search(b.values, b.edges)
		}
		if err := readOnAll(ctx, l.client, found.cut); err != nil {
			return err
		}
		next = found.next
	}
	return nil
}

func (l *level) search(v reflect.Value, edges []edgeField) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			l.search(v.Elem(), edges)
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.search(v.Index(i), edges)
		}
	case reflect.Struct:
		for i := range edges {
			l.add(v, &edges[i])
		}
	}
}

// add notes what one field of an object holds.
func (l *level) add(object reflect.Value, f *edgeField) {
	field, err := object.FieldByIndexErr(f.index)
	if err != nil {
		return // an embedded pointer is nil: nothing of it is in the answer
	}
	if !f.edge {
		l.search(field, f.below)
		return
	}
	for field.Kind() == reflect.Pointer {
		if field.IsNil() {
			return
		}
		field = field.Elem()
	}
	if edge, _ := reflect.TypeAssert[overflowing](field.Addr()); edge.More() {
		l.cut = append(l.cut, cutOff{edge: edge, owner: object.Type(), req: Request{
			Method: http.MethodGet, Route: "/{object-id}/" + f.name, IDs: []string{idOf(object)}, Query: f.query,
		}})
	}
	if len(f.below) > 0 {
		l.next = append(l.next, branch{field.FieldByName("Data"), f.below})
	}
}

// idOf reads the json "id" of an object, whatever string type it has.
func idOf(object reflect.Value) string {
	for object.Kind() == reflect.Pointer && !object.IsNil() {
		object = object.Elem()
	}
	if object.Kind() != reflect.Struct {
		return ""
	}
	for i := range object.NumField() {
		field := object.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "id" && field.Type.Kind() == reflect.String:
			return object.Field(i).String()
		case field.Anonymous && name == "":
			if id := idOf(object.Field(i)); id != "" {
				return id
			}
		}
	}
	return ""
}

// continuations is how many overflowing edges of a page are read on at once.
const continuations = 8

// readOnAll reads edges on, a few at once. The first failure ends it: a page is
// whole, or it is an error.
func readOnAll(ctx context.Context, c *Client, cut []cutOff) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		wg     sync.WaitGroup
		slots  = make(chan struct{}, continuations)
		failed error
		once   sync.Once
	)
	for _, e := range cut {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := e.readOn(ctx, c); err != nil {
				once.Do(func() { failed = err; cancel() })
			}
		})
	}
	wg.Wait()
	return failed
}

func (e *cutOff) readOn(ctx context.Context, c *Client) error {
	if e.req.IDs[0] == "" {
		return &InputError{Field: "id", Reason: "is not in " + e.owner.String() + ": the rest of its " + e.req.Route + " cannot be read"}
	}
	return e.edge.readOn(ctx, c, e.req)
}
