package wagraph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// MaxIDs is how many objects one request reads by their ids. Each of them
// counts as a call.
const MaxIDs = 50

// SendByIDs sends reads of single objects as reads by ids: 50 objects a
// request, in the shape in which Meta answers fastest. The ops must be alike:
// the same method, GET, the same route with one id, and the same parameters.
// The results stand in the order of the ops, each with its own error.
//
//	ops := make([]wagraph.Op[waba.Account], 0, len(ids))
//	for _, id := range ids {
//		ops = append(ops, waba.GetOp(id))
//	}
//	results := wagraph.SendByIDs(ctx, graph, ops)
//
// One id that cannot be read makes Meta refuse its whole request; those 50 are
// then read again as a [Batch], which tells which.
//
// https://developers.facebook.com/docs/graph-api/overview#multiple-ids
func SendByIDs[T any](ctx context.Context, c *Client, ops []Op[T]) []Result[T] {
	results := make([]Result[T], len(ops))
	var pending []int
	for i, op := range ops {
		if err := sameRead(op, ops[0]); err != nil {
			results[i].Err = err
			continue
		}
		pending = append(pending, i)
	}
	for len(pending) > 0 {
		n := min(len(pending), MaxIDs)
		readIDs(ctx, c, ops, results, pending[:n])
		pending = pending[n:]
	}
	return results
}

// sameRead refuses an op that cannot be read by ids together with the first.
func sameRead[T any](op, first Op[T]) error {
	if op.Err != nil {
		return op.Err
	}
	if err := op.Request.check(); err != nil {
		return err
	}
	if _, err := op.Request.path(""); err != nil {
		return err
	}
	query, err := encodeParams("query", op.Request.Query)
	if err != nil {
		return err
	}
	want, err := encodeParams("query", first.Request.Query)
	if err != nil {
		return err
	}
	before, _, _, ok := nextPlaceholder(op.Request.Route)
	if !op.Request.isRead() || !ok || before != "/" || len(op.Request.IDs) != 1 ||
		op.Request.Route != first.Request.Route || query.Encode() != want.Encode() {
		return &InputError{Field: "ops", Reason: "must be GETs of one route with one id and the same parameters"}
	}
	return nil
}

// readIDs reads the objects of ops[at] in one request.
func readIDs[T any](ctx context.Context, c *Client, ops []Op[T], results []Result[T], at []int) {
	ids := make([]string, 0, len(at))
	seen := map[string]bool{}
	for _, i := range at {
		if id := ops[i].Request.IDs[0]; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	model := ops[at[0]].Request
	_, _, edge, _ := nextPlaceholder(model.Route)
	query, _ := encodeParams("query", model.Query) // checked by sameRead
	if query == nil {
		query = url.Values{}
	}
	query.Set("ids", strings.Join(ids, ","))
	if edge == "" {
		edge = "/"
	}
	var answer map[string]*T
	err := c.do(ctx, &Request{Method: http.MethodGet, Route: edge, Query: query, Repeat: model.Repeat}, &answer)
	if refusedForOne(err) && len(ids) > 1 {
		readInBatch(ctx, c, ops, results, at)
		return
	}
	for _, i := range at {
		id := ops[i].Request.IDs[0]
		switch found := answer[id]; {
		case err != nil:
			results[i].Err = err
		case found == nil:
			x := exchange{client: c, request: &ops[i].Request}
			missing := x.fail(ErrNotFound, http.StatusOK)
			missing.Message, missing.Attempts = "the answer leaves this id out", 1
			results[i].Err = missing
		default:
			results[i].Value = *found
		}
	}
}

// refusedForOne tells an error that one of the ids may have caused for all.
func refusedForOne(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrPermission)
}

func readInBatch[T any](ctx context.Context, c *Client, ops []Op[T], results []Result[T], at []int) {
	batch := NewBatch(c)
	single := make([]*Result[T], len(at))
	for n, i := range at {
		single[n] = Add(batch, ops[i])
	}
	err := batch.Send(ctx)
	for n, i := range at {
		if results[i] = *single[n]; err != nil {
			results[i].Err = err
		}
	}
}
