package wagraph

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/url"
	"strings"
)

// pass is one walk over a list.
type pass[T any] struct {
	list    *List[T]
	before  string // the cursor that led to the page read last
	wide    int    // the limit that it was read with
	after   string // the cursor that leads to the next page
	resumed bool   // after came from outside
	limit   int
	seen    map[uint64]struct{} // hashes of the cursors followed
	seed    maphash.Seed
}

// run yields pages until the end, an error, or the loop's break.
func (p *pass[T]) run(ctx context.Context, yield func(*Page[T], error) bool) {
	p.seed = maphash.MakeSeed()
	if p.resumed {
		p.seen[maphash.String(p.seed, p.after)] = struct{}{}
	}
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

// runAhead is run with the next page being read while the loop works on this
// one: one page ahead, by one goroutine, which ends before the loop does.
func (p *pass[T]) runAhead(ctx context.Context, yield func(*Page[T], error) bool) {
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
			page, err := p.next(ctx)
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
	for r := range results {
		if !yield(r.page, r.err) {
			return
		}
	}
}

// next reads the page behind p.after and moves on. Nil and nil is the end.
func (p *pass[T]) next(ctx context.Context) (*Page[T], error) {
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
		hash := maphash.String(p.seed, after)
		if _, again := p.seen[hash]; again {
			return nil, p.bad(errors.New("the same cursor came twice: the list would never end"))
		}
		p.seen[hash] = struct{}{}
	}
	if err := p.list.readOn(ctx, body.Data); err != nil {
		return nil, err
	}
	page := &Page[T]{Items: body.Data, After: after, Total: -1}
	if body.Summary != nil && body.Summary.TotalCount != nil {
		page.Total = int(*body.Summary.TotalCount)
	}
	p.before, p.wide = p.after, p.limit
	p.after, p.resumed = after, false
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

// confirmEnd tells an end from a cursor that died. Graph says "next" and then
// gives an empty page when a list's length is a multiple of the limit; it gives
// the same empty page when the item that the cursor names was deleted in the
// meantime, and then there may be items behind it. So the page before is asked
// for again, as wide as it was: the end is real if it still ends in that cursor.
func (p *pass[T]) confirmEnd(ctx context.Context) error {
	p.limit = p.wide
	again, err := p.fetch(ctx, p.before)
	if err != nil {
		if p.before != "" && isDeadCursor(err) {
			return p.expired(err)
		}
		return err
	}
	last, err := again.follow()
	if err != nil {
		return p.bad(err)
	}
	if last == "" { // it has become the last page, which has its cursors all the same
		last = again.Paging.Cursors.After
	}
	if last != p.after {
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
	Summary *struct {
		TotalCount *Int `json:"total_count"`
	} `json:"summary"`
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
