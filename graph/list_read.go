package graph

import (
	"context"
	"errors"
	"hash/maphash"
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
		body, err = r.confirmEnd(ctx)
		if body == nil || err != nil {
			return nil, err
		}
		if after, err = body.follow(); err != nil {
			return nil, r.bad(err)
		}
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
		body := pageBody[T]{bare: r.list.options.BareObject && after == ""}
		err := r.list.client.do(ctx, &req, &body)
		if err != nil && errors.Is(err, ErrTooMuchData) && r.limit > 1 {
			r.limit /= 2
			continue
		}
		return &body, err
	}
}

// confirmEnd is called for an empty page without next. It returns nil and nil if that
// is the end of the list, and the page if it is not empty any more.
//
// Graph answers with "next" and then with an empty page when a list's length is a
// multiple of the limit. It answers with the same empty page when the item that the
// cursor names was deleted in the meantime, and then there may be items behind it. So
// the page before is read again, with the same limit: it has to end in that cursor.
// If it still promises a page behind it, that one is read once more: the list ends
// with an empty page only if Graph says so twice.
func (r *listReader[T]) confirmEnd(ctx context.Context) (*pageBody[T], error) {
	limit := r.limit
	r.limit = r.wide
	before, err := r.fetch(ctx, r.before)
	r.limit = min(r.limit, limit)
	if err != nil {
		if r.before != "" && isDeadCursor(err) {
			return nil, r.expired(err)
		}
		return nil, err
	}
	promised, err := before.follow()
	if err != nil {
		return nil, r.bad(err)
	}
	last := promised
	if last == "" { // it has become the last page, which has cursors too
		last = before.Paging.Cursors.After
	}
	switch {
	case last != r.after:
		return nil, r.expired(nil)
	case promised == "":
		return nil, nil
	}
	again, err := r.fetch(ctx, r.after)
	switch {
	case err != nil && isDeadCursor(err):
		return nil, r.expired(err)
	case err != nil:
		return nil, err
	case len(again.Data) == 0 && again.Paging.Next == "":
		return nil, nil
	}
	return again, nil
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
