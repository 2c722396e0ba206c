package wagraph

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// MaxIDs is how many objects one request reads by their ids. Each of them
// counts as a call.
const MaxIDs = 50

// SendByIDs sends reads of single objects as reads by ids: 50 objects a
// request, in the shape in which Meta answers fastest. The ops must be alike:
// the same method, GET, the same route with one id, and the same parameters.
// The results stand in the order of the ops, each with its own error.
//
//	ops := make([]graph.Op[waba.Account], 0, len(ids))
//	for _, id := range ids {
//		ops = append(ops, waba.GetOp(id))
//	}
//	results := graph.SendByIDs(ctx, graph, ops)
//
// One id that cannot be read makes Meta refuse its whole request; those 50 are
// then read again as a [Batch], which tells which. An id that is asked for twice
// is read once. The pacer is asked once for each id, and the tracer sees each
// besides the request. An edge can be read by ids too, into an [Edge], of which
// More tells whether it is whole.
//
// https://developers.facebook.com/docs/graph-api/overview#multiple-ids
func SendByIDs[T any](ctx context.Context, c *Client, ops []Op[T]) []Result[T] {
	results := make([]Result[T], len(ops))
	read := byIDs[T]{client: c, ops: ops, results: results}
	pending := make([]int, 0, len(ops))
	for i := range ops {
		if results[i].Err = read.accept(&ops[i]); results[i].Err == nil {
			pending = append(pending, i)
		}
	}
	for chunk := range slices.Chunk(pending, MaxIDs) {
		read.send(ctx, chunk)
	}
	return results
}

// byIDs is ops that are read by ids, and what they have in common.
type byIDs[T any] struct {
	client  *Client
	ops     []Op[T]
	results []Result[T]
	model   *Request // of the first op that can be read by its id
	query   url.Values
}

// accept refuses an op that cannot be read by ids together with the first.
func (r *byIDs[T]) accept(op *Op[T]) error {
	if op.Err != nil {
		return op.Err
	}
	req := &op.Request
	if err := req.check(); err != nil {
		return err
	}
	if _, err := req.path(""); err != nil {
		return err
	}
	query, err := encodeParams("query", req.Query)
	if err != nil {
		return err
	}
	if err := refuseTokenParams(query); err != nil {
		return err
	}
	before, _, _, ok := nextPlaceholder(req.Route)
	if !ok || before != "/" || !req.isRead() || len(req.IDs) != 1 {
		return errUnlike()
	}
	if r.model == nil {
		r.model, r.query = req, query
	}
	if req.Route != r.model.Route || req.Repeat != r.model.Repeat || query.Encode() != r.query.Encode() {
		return errUnlike()
	}
	return nil
}

func errUnlike() error {
	return &InputError{Field: "ops", Reason: "must be GETs of one route with one id and the same parameters"}
}

// idRead is what becomes of one id. It is a call to Meta, and to the pacer.
type idRead[T any] struct {
	x exchange
	Result[T]
}

// send reads the objects of ops[at] in one request.
func (r *byIDs[T]) send(ctx context.Context, at []int) {
	reads := make(map[string]*idRead[T], len(at))
	ids := make([]string, 0, len(at))
	for _, i := range at {
		req := &r.ops[i].Request
		id := req.IDs[0]
		if reads[id] != nil {
			continue
		}
		one := &idRead[T]{x: exchange{client: r.client, request: req, batched: true}}
		reads[id] = one
		if _, err := one.x.Before(ctx, 1); err != nil { // the pacer keeps this one back, and no other
			one.Err = one.x.conclude(ctx, transport.Outcome{Err: err})
			continue
		}
		ids = append(ids, id)
	}
	if len(ids) > 0 {
		r.call(ctx, ids, reads)
	}
	for _, i := range at {
		r.results[i] = reads[r.ops[i].Request.IDs[0]].Result
	}
}

func (r *byIDs[T]) call(ctx context.Context, ids []string, reads map[string]*idRead[T]) {
	_, _, edge, _ := nextPlaceholder(r.model.Route)
	if edge == "" {
		edge = "/"
	}
	query := make(url.Values, len(r.query)+1)
	maps.Copy(query, r.query)
	query.Set("ids", strings.Join(ids, ","))
	var answer map[string]*T
	x := exchange{
		client: r.client, out: &answer, unpaced: true,
		request: &Request{Method: http.MethodGet, Route: edge, Query: query, Repeat: r.model.Repeat},
	}
	err := x.run(ctx)
	for _, id := range ids {
		one := reads[id]
		switch found := answer[id]; {
		case err != nil:
			one.Err = one.x.own(err)
		case found == nil:
			missing := one.x.fail(ErrNotFound, http.StatusOK)
			missing.Message, missing.Attempts = "the answer leaves this id out", 1
			one.Err = missing
		default:
			one.Value = *found
		}
		one.x.closed(1, one.Err)
	}
	if len(ids) > 1 && refusedForOne(err) {
		r.callApart(ctx, ids, reads)
	}
}

// refusedForOne tells an error that one of the ids may have caused for all: one
// that is gone, hidden, restricted, of another type, or too large.
func refusedForOne(err error) bool {
	switch KindOf(err) {
	case ErrNotFound, ErrPermission, ErrInvalid, ErrAccountState, ErrTooMuchData, ErrBadResponse, ErrUnclassified:
		return true
	}
	return false
}

// callApart reads the ids as a batch, in which each has an answer of its own.
func (r *byIDs[T]) callApart(ctx context.Context, ids []string, reads map[string]*idRead[T]) {
	batch := NewBatch(r.client)
	apart := make([]*Result[T], len(ids))
	for n, id := range ids {
		apart[n] = Add(batch, Op[T]{Request: *reads[id].x.request})
	}
	err := batch.Send(ctx)
	for n, id := range ids {
		if reads[id].Result = *apart[n]; err != nil {
			reads[id].Err = err
		}
	}
}
