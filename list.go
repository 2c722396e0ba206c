package wagraph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"net/http"
	"net/url"
	"reflect"
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
	err     error
}

// NewList lists an edge whose items are of type T. It is what the List methods
// of every package return, and the way to edges that none of them has.
func NewList[T any](c *Client, req Request, opts ListOptions) *List[T] {
	l := &List[T]{client: c, request: req, options: opts}
	l.request.Method = http.MethodGet
	l.request.IDs = append([]string(nil), req.IDs...)
	l.options.Fields = append(Fields(nil), opts.Fields...)
	if l.err = opts.Err; l.err != nil {
		return l
	}
	if opts.PageSize < 0 {
		l.err = &InputError{Field: "page size", Reason: "is negative"}
		return l
	}
	if l.options.PageSize == 0 {
		l.options.PageSize = DefaultPageSize
	}
	l.params, l.err = encodeParams("query", req.Query)
	if l.params == nil {
		l.params = url.Values{}
	}
	return l
}

// ListAs is the same list read into another type, such as a struct of one's
// own with fewer or newer fields; the fields asked for follow it.
func ListAs[T, U any](l *List[U]) *List[T] {
	as := &List[T]{client: l.client, request: l.request, params: l.params, options: l.options, err: l.err}
	as.options.Fields = FieldsOf[T]()
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

// pass is one walk over a list.
type pass[T any] struct {
	list    *List[T]
	before  string // the cursor that led to the page before the next one
	after   string // the cursor that leads to the next page
	resumed bool   // after came from outside
	limit   int
	seen    map[uint64]struct{} // hashes of the cursors followed
	seed    maphash.Seed
}

// run yields pages until the end, an error, or the loop's break.
func (p *pass[T]) run(ctx context.Context, yield func(*Page[T], error) bool) {
	p.seed = maphash.MakeSeed()
	if p.list.options.Prefetch {
		p.runAhead(ctx, yield)
		return
	}
	for {
		page, err := p.next(ctx)
		if page == nil && err == nil {
			return
		}
		if !yield(page, err) || err != nil || page.After == "" {
			return
		}
	}
}

// next reads the page behind p.after and moves on. Nil and nil is the end.
func (p *pass[T]) next(ctx context.Context) (*Page[T], error) {
	first := p.after == "" || p.resumed
	body, err := p.fetch(ctx, p.after)
	if err != nil {
		if p.after != "" && isDeadCursor(err) {
			return nil, p.expired(err)
		}
		return nil, err
	}
	after, err := body.follow()
	if err != nil {
		return nil, p.bad(err)
	}
	if len(body.Data) == 0 && after == "" && p.after != "" {
		if p.resumed {
			return nil, p.expired(nil)
		}
		if err := p.confirmEnd(ctx); err != nil {
			return nil, err
		}
		return nil, nil
	}
	if after != "" {
		if _, again := p.seen[maphash.String(p.seed, after)]; again || after == p.after {
			return nil, p.bad(errors.New("the same cursor came twice: the list would never end"))
		}
		p.seen[maphash.String(p.seed, after)] = struct{}{}
	}
	if err := p.list.continueEdges(ctx, body.Data); err != nil {
		return nil, err
	}
	page := &Page[T]{Items: body.Data, After: after, Total: -1}
	if body.Summary != nil && body.Summary.TotalCount != nil {
		page.Total = int(*body.Summary.TotalCount)
	}
	p.before, p.after, p.resumed = p.after, after, false
	_ = first
	return page, nil
}

// fetch reads the page behind a cursor, halving it while it is too large.
func (p *pass[T]) fetch(ctx context.Context, after string) (*pageBody[T], error) {
	for {
		req := p.list.request
		req.Query = p.list.query(after, p.limit)
		var body pageBody[T]
		err := p.list.client.do(ctx, &req, &body)
		if err != nil && errors.Is(err, ErrTooMuchData) && p.limit > 1 {
			p.limit /= 2
			continue
		}
		return &body, err
	}
}

func (l *List[T]) query(after string, limit int) url.Values {
	params := make(url.Values, len(l.params)+3)
	for key, values := range l.params {
		params[key] = values
	}
	if len(l.options.Fields) > 0 {
		params["fields"] = []string{l.options.Fields.String()}
	}
	params["limit"] = []string{strconv.Itoa(limit)}
	if after != "" {
		params["after"] = []string{after}
	}
	return params
}

// confirmEnd tells an end from a cursor that died. Graph says "next" and then
// gives an empty page when a list's length is a multiple of the limit; it gives
// the same empty page when the item that the cursor names was deleted in the
// meantime. So the page before is asked for again: if it still points on, and
// to the same place, the end is real.
func (p *pass[T]) confirmEnd(ctx context.Context) error {
	again, err := p.fetch(ctx, p.before)
	if err != nil {
		if p.before != "" && isDeadCursor(err) {
			return p.expired(err)
		}
		return err
	}
	after, err := again.follow()
	if err != nil {
		return p.bad(err)
	}
	if after != "" && after != p.after {
		return p.expired(nil)
	}
	return nil
}

func (p *pass[T]) fail(kind Kind, cause error) *Error {
	req := &p.list.request
	return &Error{Kind: kind, Method: req.Method, Route: req.Route, IDs: req.IDs, cause: cause}
}

func (p *pass[T]) bad(cause error) error { return p.fail(ErrBadResponse, cause) }

func (p *pass[T]) expired(cause error) error {
	e := p.fail(ErrCursorExpired, cause)
	e.Message = "the item that the cursor names is gone"
	e.Advice = "Start the pass again from the first page"
	return e
}

// isDeadCursor tells Meta's refusal of a cursor: a plain 100. With a subcode it
// is about something else, such as 33, a missing object.
func isDeadCursor(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Kind == ErrCursorExpired || e.Code == 100 && e.Subcode == 0 && !strings.Contains(e.Message, "field"))
}

// pageBody is a page on the wire.
type pageBody[T any] struct {
	Data   []T `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`
	Summary *struct {
		TotalCount *Int `json:"total_count"`
	} `json:"summary"`
	ID json.RawMessage `json:"id"`
}

// decodeBody accepts the envelope, a bare array, and a bare object with an id
// for a list of one; {} is an empty list.
func (b *pageBody[T]) decodeBody(body []byte) error {
	if body[0] == '[' {
		return json.Unmarshal(body, &b.Data)
	}
	if err := json.Unmarshal(body, b); err != nil {
		return err
	}
	switch {
	case b.Data != nil:
		return nil
	case b.ID != nil:
		b.Data = make([]T, 1)
		return json.Unmarshal(body, &b.Data[0])
	case bytes.Contains(body, []byte(`"data"`)), len(bytes.TrimSpace(body[1:len(body)-1])) == 0:
		return nil
	}
	return errors.New("an object without data is no list")
}

// follow is the cursor of the next page, and "" on the last one. What tells
// them apart is next: the last page has cursors too. The address in next holds
// the token of whoever sent it in the URL, so it is neither kept nor called;
// when there are no cursors beside it, the one inside it is taken.
func (b *pageBody[T]) follow() (string, error) {
	if b.Paging.Next == "" {
		return "", nil
	}
	if b.Paging.Cursors.After != "" {
		return b.Paging.Cursors.After, nil
	}
	next, err := url.Parse(b.Paging.Next)
	if err == nil {
		if after := next.Query().Get("after"); after != "" {
			return after, nil
		}
	}
	return "", errors.New("the page says that there are more, but not where")
}
