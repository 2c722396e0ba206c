package wagraph

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
// parameter: plain names, or expansions such as "owner_business{id,name}".
// One name that the version does not know fails the whole call.
//
// https://developers.facebook.com/docs/graph-api/guides/field-expansion
type Fields []string

// String joins the fields with commas.
func (f Fields) String() string { return strings.Join(f, ",") }

// Check refuses what cannot be a selection: an empty name, or braces and
// parentheses that do not match. Graph would answer the first with its default
// fields, and the second with an error about the path.
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

// FieldsOf lists the fields that the struct T can hold, by its json tags: what
// to ask for to fill a struct of one's own. The tag `graph:"-"` leaves a field
// out, `graph:"{}"` asks for the fields of an object or [Edge] by name, and
// `graph:"limit(50){}"` also says how many of an edge.
func FieldsOf[T any]() Fields { return fields.Of(reflect.TypeFor[T]()) }

// DefaultPageSize is how many items a list asks for at a time: as many as the
// WABA edges give.
const DefaultPageSize = 100

// ListOptions shape a List.
type ListOptions struct {
	// Fields to ask for. None leaves the choice to Graph.
	Fields Fields
	// PageSize is the first limit, DefaultPageSize if 0. It is halved when
	// Meta says that the answer would be too large.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
	// Err, if set, is what ranging over the list yields: an argument was wrong.
	Err error
}

// List is an edge that is read when it is ranged over, and again each time it
// is. It holds no state of a pass and is safe for concurrent use. An error in
// its making surfaces when it is ranged over.
type List[T any] struct {
	client  *Client
	request Request
	params  url.Values
	options ListOptions
	edges   []edgeField // where T has edges that may overflow
	err     error
}

// NewList lists an edge whose items are of type T. It is what the List methods
// of every package return, and the way to edges that none of them has.
func NewList[T any](c *Client, req Request, opts ListOptions) *List[T] {
	l := &List[T]{client: c, request: req, options: opts}
	l.request.Method = http.MethodGet
	l.request.IDs = append([]string(nil), req.IDs...)
	l.options.Fields = append(Fields(nil), opts.Fields...)
	l.edges = edgesOf(reflect.TypeFor[T](), fields.Split(l.options.Fields.String()))
	if l.err = cmp.Or(opts.Err, l.options.Fields.Check()); l.err != nil {
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
	for key, values := range params { // the caller's, who may go on with them
		l.params[key] = slices.Clone(values)
	}
	return l
}

// ListAs is the same list read into another type, such as a struct of one's
// own with fewer or newer fields; the fields asked for follow it. A type that
// names none, such as json.RawMessage or a map, leaves them as they are.
func ListAs[T, U any](l *List[U]) *List[T] {
	as := &List[T]{client: l.client, request: l.request, params: l.params, options: l.options, err: l.err}
	if own := FieldsOf[T](); len(own) > 0 {
		as.options.Fields = own
	}
	as.edges = edgesOf(reflect.TypeFor[T](), fields.Split(as.options.Fields.String()))
	return as
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	// After resumes the list behind this page, in another process too, but not
	// for long: a cursor dies with the item it names. Empty on the last page.
	After string
	// Total is how many items there are, where Graph says so; otherwise -1.
	Total int
}

// All yields every item, or an error in the place of the first one that could
// not be read, after which it ends.
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

// Pages yields page after page, from the first one or, with the After of a
// page read earlier, from behind that. If that cursor is no longer good the
// error is an ErrCursorExpired, and the pass has to begin again.
func (l *List[T]) Pages(ctx context.Context, after string) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		p := &pass[T]{list: l, after: after, resumed: after != "", limit: l.options.PageSize, seen: map[uint64]struct{}{}}
		if l.err != nil {
			yield(nil, l.err)
			return
		}
		p.run(ctx, yield)
	}
}

// Collect reads a sequence into a slice. More than limit items are an error,
// which comes with the first limit of them; a limit of 0 means no limit.
func Collect[T any](seq iter.Seq2[T, error], limit int) ([]T, error) {
	var items []T
	for item, err := range seq {
		if err != nil {
			return items, err
		}
		if limit > 0 && len(items) == limit {
			return items, fmt.Errorf("wagraph: the list has more than %d items", limit)
		}
		items = append(items, item)
	}
	return items, nil
}

// query is the parameters of one page.
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
