package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// MaxIDs is the number of objects that one request reads by their ids. Each of
// them counts as a call.
const MaxIDs = 50

// SendByIDs reads many single objects, 50 in a request, by their ids. The ops must
// be alike: GETs of the same route with one id and the same parameters. The results
// are in the order of the ops, each with its own error.
//
//	ops := make([]graph.Op[waba.Account], 0, len(ids))
//	for _, id := range ids {
//		ops = append(ops, waba.GetOp(id))
//	}
//	results := graph.SendByIDs(ctx, client, ops)
//
// If one id cannot be read, Meta refuses the whole request; those 50 are then read
// again as a [Batch], in which each has an answer of its own. The same happens if
// Meta does not accept a read by ids: it has ended those of objects on 27 October
// 2026, and closes those of edges to new apps. An id that is
// asked for twice is read once. The pacer is asked once for each id, and the
// tracer sees each id besides the request. An edge can be read by ids too, into
// an [Edge], whose More reports whether it is whole.
//
// https://developers.facebook.com/docs/graph-api/overview#multiple-ids
func SendByIDs[T any](ctx context.Context, c *Client, ops []Op[T]) []Result[T] {
	results := make([]Result[T], len(ops))
	unusable := c.check(ctx)
	all := byIDs[T]{client: c, ops: ops, results: results}
	pending := make([]int, 0, len(ops))
	for i := range ops {
		if results[i].Err = cmp.Or(unusable, all.accept(&ops[i])); results[i].Err == nil {
			pending = append(pending, i)
		}
	}
	for chunk := range slices.Chunk(pending, MaxIDs) {
		all.send(ctx, chunk)
	}
	return results
}

// byIDs holds ops that are read by ids, and what they have in common.
type byIDs[T any] struct {
	client  *Client
	ops     []Op[T]
	results []Result[T]
	model   *Request // of the first op that can be read by its id
	query   url.Values
}

// accept refuses an op that cannot be read by ids together with the first one.
func (r *byIDs[T]) accept(op *Op[T]) error {
	if err := op.check(); err != nil {
		return err
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

// idRead is the read of one id. It is a call for Meta, and for the pacer.
type idRead[T any] struct {
	subject
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
		one := &idRead[T]{subject: subject{core: r.client.core, request: req, batched: true}}
		reads[id] = one
		if _, err := one.begin(ctx, 1); err != nil { // the pacer holds this one back, and no other
			one.Err = one.heldBack(ctx, 1, err, nil)
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

// call reads the ids in one request.
func (r *byIDs[T]) call(ctx context.Context, ids []string, reads map[string]*idRead[T]) {
	_, _, edge, _ := nextPlaceholder(r.model.Route)
	if edge == "" {
		edge = "/"
	}
	query := make(url.Values, len(r.query)+1)
	maps.Copy(query, r.query)
	query.Set("ids", strings.Join(ids, ","))
	var answer byIDsAnswer[T]
	whole := newCall(r.client, &Request{Method: http.MethodGet, Route: edge, Query: query, Repeat: r.model.Repeat}, &answer)
	whole.unpaced = true
	err := whole.run(ctx)
	for _, id := range ids {
		one := reads[id]
		switch found := answer.objects[id]; {
		case err != nil:
			one.Err = one.attribute(err)
		case found == nil:
			missing := one.fail(ErrNotFound, http.StatusOK)
			missing.Message, missing.Attempts = "the answer leaves this id out", 1
			one.Err = missing
		default:
			one.Value = *found
		}
		one.Err = one.endShared(1, one.Err)
	}
	if len(ids) > 1 && mayBeForOne(err) {
		r.callApart(ctx, ids, reads)
	}
}

// byIDsAnswer is the answer to a read by ids: the objects by their ids.
type byIDsAnswer[T any] struct{ objects map[string]*T }

func (a *byIDsAnswer[T]) decodeBody(body []byte) error {
	if err := checkObjects(body); err != nil {
		return err
	}
	a.objects = nil
	return json.Unmarshal(body, &a.objects)
}

// mayBeForOne reports whether one of the ids may have caused the error for all of
// them: its object is gone, hidden, restricted, of another type, or too large.
func mayBeForOne(err error) bool {
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
		apart[n] = Add(batch, NewOp[T](*reads[id].request))
	}
	err := batch.Send(ctx)
	for n, id := range ids {
		if reads[id].Result = *apart[n]; err != nil {
			reads[id].Err = err
		}
	}
}
