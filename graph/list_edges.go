package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// Edge is a field of a struct that a list is read into: an edge that Graph expands
// inside another object. The phone numbers of each WABA of a list then come in the
// same request, instead of one request per WABA.
//
//	type Row struct {
//		waba.Account
//		Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
//	}
//	rows := graph.ListAs[Row](accounts.Clients(business, waba.Query{}))
//
// Items that did not fit into the outer answer are read by the List before it
// yields the object, so that Data is whole, however deep the Edge is nested. The
// object needs a field for its id. An Edge that was not read through a List may be
// cut off: see More.
type Edge[T any] struct {
	Data  []T
	next  string // the cursor behind Data, "" if that is all
	owner string // the id of the object with the edge, if next says it
}

// More reports whether there are items behind Data.
func (e Edge[T]) More() bool { return e.next != "" }

// elem returns the type of the items, for FieldsOf.
func (Edge[T]) elem() reflect.Type { return reflect.TypeFor[T]() }

// ownedBy returns the id of the object that has the edge, "" if Meta did not say it.
func (e Edge[T]) ownedBy() string { return e.owner }

// UnmarshalJSON reads the edge as Graph nests it. Graph leaves an empty edge out. If
// the edge is there without its data, that is an error.
func (e *Edge[T]) UnmarshalJSON(b []byte) error {
	if len(b) == 0 {
		return &InputError{Field: "edge", Reason: "cannot be read from an empty text"}
	}
	var body pageBody[T]
	if err := body.decodeBody(b); err != nil {
		return err
	}
	next, err := body.follow()
	if err != nil {
		return err
	}
	e.Data, e.next, e.owner = body.Data, next, ownerIn(body.Paging.Next)
	return nil
}

// MarshalJSON writes the items in Graph's form, without paging.
func (e Edge[T]) MarshalJSON() ([]byte, error) {
	data := e.Data
	if data == nil {
		data = []T{} // Graph has no null for a list
	}
	return json.Marshal(map[string][]T{"data": data})
}

// anyEdge is an *Edge of any item type.
type anyEdge interface {
	More() bool
	elem() reflect.Type
	ownedBy() string
	readRest(ctx context.Context, c *Client, req Request) error
}

// readRest reads the rest of the edge by its own address. If its cursor has become
// invalid in the meantime, the whole edge is read again: the caller has not seen
// any of it yet.
func (e *Edge[T]) readRest(ctx context.Context, c *Client, req Request) error {
	list := NewList[T](c, req, ListOptions{})
	list.edges = nil // the outer list completes the edges of these items too
	err := e.readFrom(ctx, list, e.next)
	if expired := err; errors.Is(err, ErrCursorExpired) {
		e.Data = nil
		if err = e.readFrom(ctx, list, ""); err == nil && len(e.Data) == 0 {
			return expired // it had items, and does not seem to have any now
		}
	}
	return err
}

func (e *Edge[T]) readFrom(ctx context.Context, list *List[T], after string) error {
	for page, err := range list.Pages(ctx, after) {
		if err != nil {
			return err
		}
		e.Data = append(e.Data, page.Items...)
	}
	e.next, e.owner = "", ""
	return nil
}

// edgeField is a field of a list's items that holds an [Edge], or leads to one.
type edgeField struct {
	index []int  // of the field, through embedded structs
	name  string // Graph's
	edge  bool
	query url.Values  // for reading the edge by its own address
	below []edgeField // in the object, or in the edge's items
}

// edgesOf finds the edges in a type, and what the selection asks of them. Like
// FieldsOf it stops at a type that holds itself.
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

// edgeElem returns the type of the items if t is an Edge.
func edgeElem(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(reflect.TypeFor[anyEdge]()) {
		return nil, false
	}
	edge, ok := reflect.TypeAssert[interface{ elem() reflect.Type }](reflect.Zero(t))
	if !ok {
		return nil, false // it embeds a *Edge
	}
	return edge.elem(), true
}

// edgeQuery returns the parameters that ask the edge by its own address for what
// the outer answer was asked for, except the size of the pages.
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

// level is one depth of a page's items: the edges there that are cut off, and
// where to look for edges below it.
type level struct {
	cut  []cutEdge
	next []branch
}

// branch is values in which edges are looked for: an object, a pointer to one,
// or a slice of either.
type branch struct {
	values reflect.Value
	edges  []edgeField
}

// cutEdge is an edge that has more items than the outer answer held.
type cutEdge struct {
	edge  anyEdge
	owner reflect.Type
	req   Request
}

// completeEdges reads the inner edges of a page's items to their ends: level by
// level, since reading the rest of an edge may move the items that it had.
func (l *List[T]) completeEdges(ctx context.Context, items []T) error {
	if len(l.edges) == 0 {
		return nil
	}
	next := []branch{{reflect.ValueOf(items), l.edges}}
	for len(next) > 0 {
		var found level
		for _, b := range next {
			found.search(b.values, b.edges)
		}
		if err := readRests(ctx, l.client, found.cut); err != nil {
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

// add adds what one field of an object holds.
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
	if edge, _ := reflect.TypeAssert[anyEdge](field.Addr()); edge.More() {
		l.cut = append(l.cut, cutEdge{edge: edge, owner: object.Type(), req: Request{
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

// edgesAtOnce is the number of edges of a page whose rests are read at once.
const edgesAtOnce = 8

// readRests reads the rests of edges, a few at once. The first failure ends it: a
// page is whole, or it is an error.
func readRests(ctx context.Context, c *Client, cut []cutEdge) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		wg     sync.WaitGroup
		slots  = make(chan struct{}, edgesAtOnce)
		failed error
		once   sync.Once
	)
	for _, e := range cut {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := e.read(ctx, c); err != nil {
				once.Do(func() { failed = err; cancel() })
			}
		})
	}
	wg.Wait()
	return failed
}

// read reads the rest of the edge. It runs at the root of a goroutine: a panic
// there must become an error, since it would end the process.
func (e *cutEdge) read(ctx context.Context, c *Client) (err error) {
	defer func() {
		if panicked, ok := err.(*guard.Panic); ok { //nolint:errorlint // only a panic of this goroutine's own
			failed := newFailure(&e.req, ErrPanicked, 0)
			failed.cause, failed.Stack = panicked, panicked.Stack
			err = failed
		}
	}()
	defer guard.Recover("reading the rest of an edge", ErrPanicked, &err)
	if e.req.IDs[0] == "" {
		return &InputError{Field: "id", Reason: "is not in " + e.owner.String() + ": the rest of its " + e.req.Route + " cannot be read"}
	}
	if owner := e.edge.ownedBy(); owner != "" && owner != e.req.IDs[0] {
		failed := newFailure(&e.req, ErrBadResponse, 0)
		failed.Message = fmt.Sprintf("the edge belongs to %q, and stands in the answer about %q", owner, e.req.IDs[0])
		return failed
	}
	return e.edge.readRest(ctx, c, e.req)
}
