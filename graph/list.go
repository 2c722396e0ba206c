package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
)

// Fields selects what Graph returns of an object, in the syntax of its fields
// parameter: plain names, or expansions such as "owner_business{id,name}". One
// name that the version does not know fails the whole call.
//
// https://developers.facebook.com/docs/graph-api/guides/field-expansion
type Fields []string

// String joins the fields with commas.
func (f Fields) String() string { return strings.Join(f, ",") }

// Check returns an InputError for what cannot be a selection: an empty name, or
// braces and parentheses that do not match. Graph would answer the first with its
// default fields, and the second with an error about the path.
func (f Fields) Check() error {
	for _, name := range f {
		if strings.TrimSpace(name) == "" {
			return &InputError{Field: "fields", Reason: "has an empty name"}
		}
	}
	text := f.String()
	if strings.Count(text, "{") != strings.Count(text, "}") || strings.Count(text, "(") != strings.Count(text, ")") {
		return &InputError{Field: "fields", Reason: fmt.Sprintf("has brackets that do not match: %.60q", text)}
	}
	return nil
}

// FieldsOf returns the fields that the struct T can hold, by its json tags: the
// fields to ask for in order to fill a T. The tag `graph:"-"` leaves a field out,
// `graph:"{}"` asks for the fields of an object or [Edge] by name, and
// `graph:"limit(50){}"` also says how many items of an edge.
func FieldsOf[T any]() Fields { return fields.Of(reflect.TypeFor[T](), edgeElem) }

// DefaultPageSize is the number of items that a list asks for at a time: the most
// that the edges of a WABA return.
const DefaultPageSize = 100

// ListOptions shape a List. The zero value works.
type ListOptions struct {
	// Fields to ask for. Without any, Graph chooses.
	Fields Fields
	// PageSize is the number of items to ask for at a time, DefaultPageSize if
	// 0. It is halved when Meta says that the answer would be too large.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// BareObject accepts an answer that is one object, in the place of a list of
	// one, and {} in the place of an empty list. Meta shows both forms for
	// owning_credit_allocation_configs with a receiving_business_id. For any
	// other edge such an answer is an error: the list would seem to end there.
	BareObject bool
}

// List reads a Graph edge (a collection such as /{waba-id}/phone_numbers) page by
// page. It reads when it is ranged over, and again each time it is. NewList makes
// one, as do the methods of the packages. It is safe for concurrent use, because
// each range has its own state. If an argument was wrong, ranging over the List
// yields an InputError.
type List[T any] struct {
	client  *Client
	request Request
	params  url.Values
	options ListOptions
	edges   []edgeField // where T has edges that may be cut off
	err     error
}

// NewList returns a List of an edge whose items are of type T. The List methods
// of every package use it; it is also the way to edges that no package has. If one
// of the checks is an error, ranging over the List yields the first one and
// nothing is sent; so a function that builds a List needs no second result.
func NewList[T any](c *Client, req Request, opts ListOptions, checks ...error) *List[T] {
	l := &List[T]{client: c, request: req, options: opts}
	l.request.Method = http.MethodGet
	l.request.IDs = append([]string(nil), req.IDs...)
	l.options.Fields = append(Fields(nil), opts.Fields...)
	l.edges = edgesOf(reflect.TypeFor[T](), fields.Split(l.options.Fields.String()))
	if l.err = cmp.Or(cmp.Or(checks...), c.made(), l.options.Fields.Check()); l.err != nil {
		return l
	}
	if opts.PageSize < 0 {
		l.err = &InputError{Field: "page size", Reason: "is negative"}
		return l
	}
	if l.options.PageSize == 0 {
		l.options.PageSize = DefaultPageSize
	}
	params, err := encodeParams("query", req.Query)
	l.params, l.err = make(url.Values, len(params)), err
	for key, values := range params { // the caller may change them afterwards
		l.params[key] = slices.Clone(values)
	}
	return l
}

// ListAs returns a List of the same edge that is read into another type, such as
// a struct with fewer or newer fields, or with an [Edge]. It asks for the fields
// of that type. A type that names none, such as json.RawMessage or a map, leaves
// the fields unchanged.
func ListAs[T, U any](l *List[U]) *List[T] {
	if l == nil {
		return &List[T]{}
	}
	as := &List[T]{client: l.client, request: l.request, params: l.params, options: l.options, err: l.err}
	if named := FieldsOf[T](); len(named) > 0 {
		as.options.Fields = named
	}
	as.edges = edgesOf(reflect.TypeFor[T](), fields.Split(as.options.Fields.String()))
	return as
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	// After is the cursor that resumes the list behind this page, in another
	// process too, but not for long: a cursor becomes invalid when the item that
	// it names is deleted. Empty on the last page.
	After string
}

// All yields every item. In the place of the first item that could not be read it
// yields the error, and ends.
func (l *List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range l.Pages(ctx, "") {
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for i := range page.Items {
				if !yield(page.Items[i], nil) {
					return
				}
			}
		}
	}
}

// Pages yields page after page: all of them, or those behind the page whose After
// is passed. If that cursor is no longer valid, the error is an ErrCursorExpired,
// and the list has to be read again from the first page.
func (l *List[T]) Pages(ctx context.Context, after string) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		if err := l.check(ctx); err != nil {
			yield(nil, err)
			return
		}
		r := &listReader[T]{list: l, after: after, resumed: after != "", limit: l.options.PageSize, seen: map[uint64]struct{}{}}
		r.run(ctx, yield)
	}
}

// check refuses a List that cannot be read.
func (l *List[T]) check(ctx context.Context) error {
	switch {
	case l == nil:
		return &InputError{Field: "list", Reason: "is nil: NewList makes one"}
	case l.err != nil:
		return l.err
	case l.client == nil:
		return &InputError{Field: "list", Reason: "is empty: NewList makes one"}
	}
	return l.client.check(ctx)
}

// Collect reads a sequence into a slice. If it has more than limit items, Collect
// returns the first limit of them and an error of kind ErrTooMany; a limit of 0
// means no limit.
func Collect[T any](seq iter.Seq2[T, error], limit int) ([]T, error) {
	if seq == nil {
		return nil, &InputError{Field: "sequence", Reason: "is nil: List.All returns one"}
	}
	var items []T
	for item, err := range seq {
		if err != nil {
			return items, err
		}
		if limit > 0 && len(items) == limit {
			return items, NewSentinel(ErrTooMany, fmt.Sprintf("wagraph: the list has more than %d items", limit))
		}
		items = append(items, item)
	}
	return items, nil
}

// query returns the parameters of one page.
func (l *List[T]) query(after string, limit int) url.Values {
	params := make(url.Values, len(l.params)+3)
	maps.Copy(params, l.params)
	if len(l.options.Fields) > 0 {
		params["fields"] = []string{l.options.Fields.String()}
	}
	params["limit"] = []string{strconv.Itoa(limit)}
	if after != "" {
		params["after"] = []string{after}
	}
	return params
}
