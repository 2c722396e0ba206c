package wagraph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
)

// Edge is an edge that was expanded inside another object: the phone numbers of
// each WABA of a list, read in the same request instead of one per WABA.
//
//	type Row struct {
//		waba.Account
//		Numbers wagraph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
//	}
//	rows := wagraph.ListAs[Row](accounts.Clients(business, waba.Query{}))
//
// What did not fit into the outer answer is read by the List before it yields
// the item, so that Data is whole. An Edge that was decoded otherwise may be
// cut off: see More.
type Edge[T any] struct {
	Data []T
	next string // the cursor behind Data, "" if that is all
}

// More tells whether there are items behind Data.
func (e Edge[T]) More() bool { return e.next != "" }

// GraphElem lets FieldsOf look inside.
func (Edge[T]) GraphElem() reflect.Type { return reflect.TypeFor[T]() }

// UnmarshalJSON reads the edge as Graph nests it.
func (e *Edge[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var body pageBody[T]
	if err := body.decodeBody(b); err != nil {
		return err
	}
	next, err := body.follow()
	if err != nil {
		return err
	}
	e.Data, e.next = body.Data, next
	return nil
}

// MarshalJSON writes what was read, in Graph's form and without paging.
func (e Edge[T]) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string][]T{"data": e.Data})
}

// overflowing is an Edge whose item type does not matter.
type overflowing interface {
	More() bool
	readOn(ctx context.Context, c *Client, req Request) error
}

// readOn reads the rest of the edge by its own address.
func (e *Edge[T]) readOn(ctx context.Context, c *Client, req Request) error {
	list := NewList[T](c, req, ListOptions{})
	for page, err := range list.Pages(ctx, e.next) {
		if err != nil {
			return err
		}
		e.Data = append(e.Data, page.Items...)
	}
	e.next = ""
	return nil
}

// continuations is how many overflowing edges of a page are read on at once.
const continuations = 8

// edgeField is an Edge inside a list's items: where it is, and how it was asked
// for, so that the rest is asked for alike.
type edgeField struct {
	index []int
	name  string
	inner Fields
}

// edgesOf finds the Edge fields of a struct type and its embedded structs.
func edgesOf(t reflect.Type, path []int) []edgeField {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var found []edgeField
	for i := range t.NumField() {
		field := t.Field(i)
		at := append(append([]int(nil), path...), i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch _, isEdge := reflect.Zero(reflect.PointerTo(field.Type)).Interface().(overflowing); {
		case isEdge && field.IsExported() && name != "":
			expander, _ := reflect.Zero(field.Type).Interface().(interface{ GraphElem() reflect.Type })
			found = append(found, edgeField{index: at, name: name, inner: fieldsOfType(expander.GraphElem())})
		case field.Anonymous && name == "":
			found = append(found, edgesOf(field.Type, at)...)
		}
	}
	return found
}

// idOf reads the json "id" of an item, whatever string type it has.
func idOf(item reflect.Value) string {
	for item.Kind() == reflect.Pointer && !item.IsNil() {
		item = item.Elem()
	}
	if item.Kind() != reflect.Struct {
		return ""
	}
	for i := range item.NumField() {
		field := item.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "id" && field.Type.Kind() == reflect.String:
			return item.Field(i).String()
		case field.Anonymous && name == "":
			if id := idOf(item.Field(i)); id != "" {
				return id
			}
		}
	}
	return ""
}

// continueEdges reads the inner edges of a page's items to their ends, a few at
// once. The first failure ends it: a page is whole, or it is an error.
func (l *List[T]) continueEdges(ctx context.Context, items []T) error {
	if len(l.edges) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		wg     sync.WaitGroup
		slots  = make(chan struct{}, continuations)
		failed error
		once   sync.Once
	)
	for i := range items {
		item := reflect.ValueOf(&items[i]).Elem()
		for _, edge := range l.edges {
			more, _ := item.FieldByIndex(edge.index).Addr().Interface().(overflowing)
			if !more.More() {
				continue
			}
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				err := errNoID
				if id := idOf(item); id != "" {
					err = more.readOn(ctx, l.client, edge.request(id))
				}
				if err != nil {
					once.Do(func() { failed = err; cancel() })
				}
			})
		}
	}
	wg.Wait()
	return failed
}

var errNoID = errors.New("wagraph: the item has no id field to read the rest of its edge by")

// request is the address of the edge itself, below the item.
func (f edgeField) request(id string) Request {
	req := Request{Method: http.MethodGet, Route: "/{object-id}/" + f.name, IDs: []string{id}}
	if len(f.inner) > 0 {
		req.Query = url.Values{"fields": {f.inner.String()}}
	}
	return req
}
