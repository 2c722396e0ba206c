package wagraph

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
)

// Edge is an edge that was expanded inside another object: the phone numbers of
// each WABA of a list, read in the same request instead of one per WABA.
//
//	type Row struct {
//		waba.Account
//		Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
//	}
//	rows := graph.ListAs[Row](accounts.Clients(business, waba.Query{}))
//
// What did not fit into the outer answer is read by the List before it yields
// the item, so that Data is whole, however deep the Edge is nested. The object
// that it belongs to needs a field for its id. An Edge that was decoded
// otherwise may be cut off: see More.
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

// readOn reads the rest of the edge by its own address. Where its cursor has
// died in the meantime the whole edge is read anew: nothing of it was given
// away yet.
func (e *Edge[T]) readOn(ctx context.Context, c *Client, req Request) error {
	list := NewList[T](c, req, ListOptions{})
	list.edges = nil // whoever reads this edge on looks into its items, too
	err := e.read(ctx, list, e.next)
	if errors.Is(err, ErrCursorExpired) {
		e.Data = nil
		err = e.read(ctx, list, "")
	}
	return err
}

func (e *Edge[T]) read(ctx context.Context, list *List[T], after string) error {
	for page, err := range list.Pages(ctx, after) {
		if err != nil {
			return err
		}
		e.Data = append(e.Data, page.Items...)
	}
	e.next = ""
	return nil
}
