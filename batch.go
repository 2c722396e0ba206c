package wagraph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// MaxBatch is how many ops Meta takes in one request. A longer Batch is sent in
// as many requests as it needs, one after another.
const MaxBatch = 50

// Batch collects calls of any kind, to be sent together with one token. It
// saves round trips, not quota: each op counts as a call. A Batch is used once,
// by one goroutine.
//
//	batch := graph.NewBatch(graph)
//	first := graph.Add(batch, waba.GetOp(a))
//	second := graph.Add(batch, phonenumbers.GetOp(b))
//	if err := batch.Send(ctx); err != nil { ... }
//	fmt.Println(first.Value.Name, second.Value.Status)
//
// https://developers.facebook.com/docs/graph-api/batch-requests
type Batch struct {
	client *Client
	ops    []*batchOp
	sent   bool
}

// NewBatch makes an empty Batch that is sent through c, with c's token.
func NewBatch(c *Client) *Batch { return &Batch{client: c} }

// Result is what became of one op. Its Value is good if its Err is nil; both
// are there once Batch.Send has returned.
type Result[T any] struct {
	Value T
	Err   error
}

// Len is how many ops the batch has.
func (b *Batch) Len() int { return len(b.ops) }

var errNotSent = errors.New("wagraph: the batch has not been sent")

// Add puts an op into the batch and returns where its result will be.
func Add[T any](b *Batch, op Op[T]) *Result[T] {
	result := &Result[T]{Err: errNotSent}
	entry := &batchOp{
		x:   exchange{client: b.client, request: &op.Request, out: &result.Value, batched: true},
		end: func(err error) { result.Err = err },
	}
	entry.fail = func(err error) { // a half-decoded value is no value
		var zero T
		result.Value = zero
		entry.end(err)
	}
	b.ops = append(b.ops, entry)
	if op.Err != nil {
		entry.fail(op.Err)
		entry.settled = true
	}
	return result
}

// batchOp is one op on its way.
type batchOp struct {
	x       exchange
	wire    wireOp
	end     func(error)
	fail    func(error)
	settled bool
	attempt int
	wait    time.Duration // before the next attempt
}

// wireOp is an op as Meta takes it.
type wireOp struct {
	Method      string `json:"method"`
	RelativeURL string `json:"relative_url"`
	Body        string `json:"body,omitempty"`
}

// Send sends every op and fills the results. Each op fails on its own, with the
// error that it would have had alone. The error that Send returns joins none of
// them: it is nil unless nothing could be sent at all.
//
// Ops are repeated by the rules of their own Repeat, in further batches: a read
// that Meta did not get to in time is sent again, a write in the same place is
// an ErrOutcomeUnknown. A batch with a RepeatOnce op in it is sent once.
func (b *Batch) Send(ctx context.Context) error {
	if b.sent {
		return &InputError{Field: "batch", Reason: "was sent before"}
	}
	b.sent = true
	if _, err := b.client.token(ctx); err != nil {
		return (&exchange{client: b.client, request: &Request{Method: http.MethodPost, Route: routeBatch}}).tokenError(ctx, err)
	}
	for _, op := range b.ops {
		if !op.settled {
			op.prepare(b.client)
		}
	}
	for {
		open := b.open()
		if len(open) == 0 {
			return nil
		}
		for len(open) > 0 {
			n := min(len(open), MaxBatch)
			b.sendChunk(ctx, open[:n])
			open = open[n:]
		}
		if err := b.waitForRepeats(ctx); err != nil {
			b.interrupt(ctx, err)
			return nil
		}
	}
}

// routeBatch is the address of batches, below the version.
const routeBatch = "/"

func (b *Batch) open() []*batchOp {
	var open []*batchOp
	for _, op := range b.ops {
		if !op.settled {
			open = append(open, op)
		}
	}
	return open
}

// prepare builds the op's address and body, or settles it with what is wrong.
func (op *batchOp) prepare(c *Client) {
	body, form, err := op.encode(c)
	if err != nil {
		op.settle(err)
		return
	}
	op.x.noteSecrets(form)
	op.wire.Method, op.wire.Body = op.x.request.Method, body
}

func (op *batchOp) encode(c *Client) (body string, form url.Values, err error) {
	req := op.x.request
	if err := req.check(); err != nil {
		return "", nil, err
	}
	if req.JSON != nil {
		return "", nil, &InputError{Field: "request", Reason: "has a JSON body; an op of a batch takes a form"}
	}
	path, err := req.path(c.core.version)
	if err != nil {
		return "", nil, err
	}
	query, err := encodeParams("query", req.Query)
	if err != nil {
		return "", nil, err
	}
	if err := refuseTokenParams(query); err != nil {
		return "", nil, err
	}
	op.wire.RelativeURL = path
	if len(query) > 0 {
		op.wire.RelativeURL += "?" + query.Encode()
	}
	raw, _, form, err := req.body()
	op.x.noteSecrets(query)
	return string(raw), form, err
}

// sendChunk sends up to MaxBatch ops and judges each of them.
func (b *Batch) sendChunk(ctx context.Context, ops []*batchOp) {
	sent := make([]*batchOp, 0, len(ops))
	wire := make([]wireOp, 0, len(ops))
	outer := Request{Method: http.MethodPost, Route: routeBatch} // what was cut off is repeated op by op
	x := exchange{client: b.client, request: &outer, unpaced: true}
	for _, op := range ops {
		if err := op.begin(ctx); err != nil {
			op.settle(err) // the pacer keeps this one back, and no other
			continue
		}
		sent, wire = append(sent, op), append(wire, op.wire)
		x.secrets = append(x.secrets, op.x.secrets...)
		if op.x.request.Repeat == RepeatOnce {
			outer.Repeat = RepeatOnce
		}
	}
	if len(sent) == 0 {
		return
	}
	text, _ := json.Marshal(wire) // strings are always marshalled
	outer.Form = url.Values{"batch": {string(text)}, "include_headers": {"true"}}
	var answers []json.RawMessage
	x.out = &answers
	noted := len(x.secrets)
	err := x.run(ctx)
	if err == nil && len(answers) != len(sent) {
		e := x.fail(ErrOutcomeUnknown, http.StatusOK)
		e.Message = fmt.Sprintf("%d ops were sent and %d answers came", len(sent), len(answers))
		err = e
	}
	for i, op := range sent {
		op.x.secrets = append(op.x.secrets, x.secrets[noted:]...) // the token that the batch was sent with
		switch {
		case err == nil:
			op.judge(ctx, readAnswer(answers[i], op.attempt))
		case errors.Is(err, ErrOutcomeUnknown):
			op.judge(ctx, &transport.Answer{Attempt: op.attempt, Err: lost(err), Last: ctx.Err() != nil})
		default:
			op.refused(err)
		}
	}
}

// begin lets an op take its turn with the pacer.
func (op *batchOp) begin(ctx context.Context) error {
	op.attempt++
	_, err := op.x.Before(ctx, op.attempt)
	if err != nil {
		return op.x.conclude(ctx, transport.Outcome{Err: err, Attempts: op.attempt - 1})
	}
	return nil
}

// judge reads an op's part of the answer.
func (op *batchOp) judge(ctx context.Context, a *transport.Answer) {
	policy := op.x.client.core.policy
	a.Last = a.Last || op.attempt >= policy.MaxAttempts || op.x.request.Repeat == RepeatOnce
	verdict := op.x.Judge(a)
	if verdict.Err != nil && verdict.Repeat && !a.Last {
		op.wait = verdict.Wait
		return
	}
	op.settle(op.x.conclude(ctx, transport.Outcome{Err: verdict.Err, Attempts: op.attempt}))
}

// refused settles an op of a batch that was refused as a whole.
func (op *batchOp) refused(err error) {
	err = op.x.own(err)
	op.x.closed(op.attempt, err)
	op.settle(err)
}

func (op *batchOp) settle(err error) {
	op.settled = true
	// Nobody needs them any more, and a Batch may be kept, or printed.
	op.wire, op.x.secrets, op.x.quotes, op.x.quotable = wireOp{}, nil, nil, 0
	if err != nil {
		op.fail(err)
		return
	}
	op.end(nil)
}

// waitForRepeats waits as long as the longest wait that an open op was told.
func (b *Batch) waitForRepeats(ctx context.Context) error {
	var wait time.Duration
	open := b.open()
	for _, op := range open {
		wait = max(wait, op.wait)
	}
	if len(open) == 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// interrupt settles the ops whose repeat is not waited for: each keeps the
// error that made the repeat necessary.
func (b *Batch) interrupt(ctx context.Context, err error) {
	for _, op := range b.open() {
		op.settle(op.x.conclude(ctx, transport.Outcome{Err: op.x.err, Attempts: op.attempt, Interrupted: err}))
	}
}
