package graph

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/url"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// listReader reads a list once, from a cursor to its end.
type listReader[T any] struct {
	list    *List[T]
	before  string // the cursor that led to the page read last
	wide    int    // the limit that it was read with
	after   string // the cursor that leads to the next page
	resumed bool   // after came from the caller
	limit   int
	seen    map[uint64]struct{} // hashes of the cursors followed
	seed    maphash.Seed
}

// run yields pages until the end of the list, an error, or a break of the loop.
func (r *listReader[T]) run(ctx context.Context, yield func(*Page[T], error) bool) {
	r.seed = maphash.MakeSeed()
	if r.resumed {
		r.seen[maphash.String(r.seed, r.after)] = struct{}{}
	}
	if r.list.options.Prefetch {
		r.runAhead(ctx, yield)
		return
	}
	for {
		page, err := r.next(ctx)
		if page == nil && err == nil {
			return
		}
		if !yield(page, err) || err != nil || page.After == "" {
			return
		}
	}
}

// runAhead does what run does, and reads the next page while the loop works on
// this one: one page ahead, by one goroutine, which ends before the loop does.
func (r *listReader[T]) runAhead(ctx context.Context, yield func(*Page[T], error) bool) {
	type result struct {
		page *Page[T]
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan result)
	stop, ended := make(chan struct{}), make(chan struct{})
	defer func() { close(stop); cancel(); <-ended }()
	go func() {
		defer close(ended)
		defer close(results)
		for {
			page, err := r.nextGuarded(ctx)
			if page == nil && err == nil {
				return
			}
			select {
			case results <- result{page, err}:
			case <-stop: // not ctx: its end is an error that the loop must see
				return
			}
			if err != nil || page.After == "" {
				return
			}
		}
	}()
	for ahead := range results {
		if !yield(ahead.page, ahead.err) {
			return
		}
	}
}

// nextGuarded is next for the root of a goroutine: a panic there must become the
// list's error, since it would end the process.
func (r *listReader[T]) nextGuarded(ctx context.Context) (page *Page[T], err error) {
	defer func() {
		if panicked, ok := err.(*guard.Panic); ok { //nolint:errorlint // only a panic of this goroutine's own
			failed := r.fail(ErrPanicked, panicked)
			failed.Stack = panicked.Stack
			err = failed
		}
	}()
	defer guard.Recover("reading the next page", ErrPanicked, &err)
	return r.next(ctx)
}

// next reads the page behind r.after and moves on. It returns nil and nil at the
// end of the list.
func (r *listReader[T]) next(ctx context.Context) (*Page[T], error) {
	body, err := r.fetch(ctx, r.after)
	if err != nil {
		if r.after != "" && isDeadCursor(err) {
			return nil, r.expired(err)
		}
		return nil, err
	}
	after, err := body.follow()
	if err != nil {
		return nil, r.bad(err)
	}
	if len(body.Data) == 0 && after == "" && r.after != "" {
		if r.resumed {
			return nil, r.expired(nil)
		}
		if err := r.confirmEnd(ctx); err != nil {
			return nil, err
		}
		return nil, nil
	}
	if after != "" {
		hash := maphash.String(r.seed, after)
		if _, again := r.seen[hash]; again {
			return nil, r.bad(errors.New("the same cursor came twice: the list would never end"))
		}
		r.seen[hash] = struct{}{}
	}
	if err := r.list.completeEdges(ctx, body.Data); err != nil {
		return nil, err
	}
	page := &Page[T]{Items: body.Data, After: after}
	r.before, r.wide = r.after, r.limit
	r.after, r.resumed = after, false
	return page, nil
}

// fetch reads the page behind a cursor. It halves the page while it is too large.
func (r *listReader[T]) fetch(ctx context.Context, after string) (*pageBody[T], error) {
	for {
		req := r.list.request
		req.Query = r.list.query(after, r.limit)
		var body pageBody[T]
		err := r.list.client.do(ctx, &req, &body)
		if err != nil && errors.Is(err, ErrTooMuchData) && r.limit > 1 {
			r.limit /= 2
			continue
		}
		return &body, err
	}
}

// confirmEnd returns an error if an empty page is not the end of the list. Graph
// answers with "next" and then with an empty page when a list's length is a
// multiple of the limit. It answers with the same empty page when the item that
// the cursor names was deleted in the meantime, and then there may be items behind
// it. So the page before is read again, with the same limit: if it still ends in
// that cursor, the list has ended.
func (r *listReader[T]) confirmEnd(ctx context.Context) error {
	r.limit = r.wide
	again, err := r.fetch(ctx, r.before)
	if err != nil {
		if r.before != "" && isDeadCursor(err) {
			return r.expired(err)
		}
		return err
	}
	last, err := again.follow()
	if err != nil {
		return r.bad(err)
	}
	if last == "" { // it has become the last page, which has cursors too
		last = again.Paging.Cursors.After
	}
	if last != r.after {
		return r.expired(nil)
	}
	return nil
}

func (r *listReader[T]) fail(kind Kind, cause error) *Error {
	e := newFailure(&r.list.request, kind, 0)
	e.cause = cause
	return e
}

func (r *listReader[T]) bad(cause error) error { return r.fail(ErrBadResponse, cause) }

func (r *listReader[T]) expired(cause error) error {
	e := r.fail(ErrCursorExpired, cause)
	e.Message = "the item that the cursor names is gone"
	e.Advice = "Start the pass again from the first page"
	return e
}

// isDeadCursor reports whether Meta refused a cursor: code 100 without a subcode.
// With one, the error is about something else, such as 33, a missing object.
func isDeadCursor(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Kind == ErrCursorExpired || e.Code == 100 && e.Subcode == 0 && !strings.Contains(e.Message, "field"))
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
}

// decodeBody accepts the object with data, a bare array, and a bare object with an
// id, which is a list of one; {} is an empty list.
func (b *pageBody[T]) decodeBody(body []byte) error {
	if len(body) > 0 && body[0] == '[' {
		return json.Unmarshal(body, &b.Data)
	}
	if err := json.Unmarshal(body, b); err != nil {
		return err
	}
	if b.Data != nil {
		return nil
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(body, &keys); err != nil {
		return err
	}
	_, listed := keys["data"]
	id, single := keys["id"]
	switch {
	case listed, len(keys) == 0:
		return nil
	case single && string(id) != "null":
		b.Data = make([]T, 1)
		return json.Unmarshal(body, &b.Data[0])
	}
	return errors.New("an object without data is not a list")
}

// follow returns the cursor of the next page, and "" on the last page, which has
// cursors but no next. The address in next can hold a token, so it is neither
// kept nor called; only if there are no cursors beside it, the cursor is taken
// from it.
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
