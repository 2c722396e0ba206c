package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// MaxBatch is the number of ops that Meta takes in one request. A longer Batch is
// sent in as many requests as it needs, one after another.
const MaxBatch = 50

// Batch collects calls of any kind, to be sent together with one token. It
// saves round trips, not quota: each op counts as a call. NewBatch makes one,
// which is used once, by one goroutine.
//
//	batch := graph.NewBatch(client)
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

// NewBatch returns an empty Batch that is sent through c, with c's token.
func NewBatch(c *Client) *Batch { return &Batch{client: c} }

// Result is the result of one op. Value is valid if Err is nil; both are set
// once Batch.Send has returned.
type Result[T any] struct {
	Value T
	Err   error
}

// Len returns the number of ops in the batch.
func (b *Batch) Len() int {
	if b == nil {
		return 0
	}
	return len(b.ops)
}

// Add puts an op into the batch and returns where its result will be. Until the
// batch has been sent, the result's Err says so.
func Add[T any](b *Batch, op Op[T]) *Result[T] {
	result := &Result[T]{Err: &InputError{Field: "batch", Reason: "has not been sent: call Send first"}}
	if b == nil {
		result.Err = errNoBatch()
		return result
	}
	entry := &batchOp{end: func(err error) {
		if err != nil { // a half-decoded value is not a value
			var zero T
			result.Value = zero
		}
		result.Err = err
	}}
	entry.request, entry.batched, entry.out = &op.Request, true, &result.Value
	b.ops = append(b.ops, entry)
	if err := op.check(); err != nil {
		entry.settle(err)
	}
	return result
}

func errNoBatch() error {
	return &InputError{Field: "batch", Reason: "is nil: NewBatch makes one"}
}

// batchOp is one op of a batch.
type batchOp struct {
	answers
	wire    wireOp
	end     func(error) // fills the Result
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
// error that it would have had alone. Send itself returns nil unless nothing
// could be sent at all; then every op has that error too.
//
// Ops are repeated by the rules of their own Repeat, in further batches: a read
// that Meta did not reach in time is sent again, a write in the same situation
// is an ErrOutcomeUnknown. A batch with a RepeatOnce op in it is sent once.
func (b *Batch) Send(ctx context.Context) error {
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for {
		open := b.open()
		if len(open) == 0 {
			return nil
		}
		for chunk := range slices.Chunk(open, MaxBatch) {
			b.sendChunk(ctx, chunk)
		}
		if err := b.waitForRepeats(ctx); err != nil {
			b.interrupt(ctx, err)
			return nil
		}
	}
}

// prepare builds the ops, or settles all of them with the reason why the batch
// cannot be sent.
func (b *Batch) prepare(ctx context.Context) error {
	if b == nil {
		return errNoBatch()
	}
	if b.sent {
		return &InputError{Field: "batch", Reason: "was sent before"}
	}
	b.sent = true
	err := b.client.check(ctx)
	if err == nil {
		if _, tokenErr := b.client.token(ctx); tokenErr != nil {
			outer := subject{core: b.client.core, request: &Request{Method: http.MethodPost, Route: routeBatch}}
			err = outer.tokenError(ctx, tokenErr)
		}
	}
	for _, op := range b.open() {
		if err != nil {
			op.settle(err)
			continue
		}
		op.prepare(b.client.core)
	}
	return err
}

// routeBatch is where batches go, below the version.
const routeBatch = "/"

// open returns the ops that are not settled.
func (b *Batch) open() []*batchOp {
	var open []*batchOp
	for _, op := range b.ops {
		if !op.settled {
			open = append(open, op)
		}
	}
	return open
}

// prepare builds the op's address and body, or settles it with the reason why it
// cannot be sent.
func (op *batchOp) prepare(c *core) {
	op.core = c
	if err := op.encode(); err != nil {
		op.settle(err)
	}
}

func (op *batchOp) encode() error {
	req := op.request
	if err := req.check(); err != nil {
		return err
	}
	if req.JSON != nil {
		return &InputError{Field: "request", Reason: "has a JSON body; an op of a batch takes a form"}
	}
	path, err := req.path(op.core.version)
	if err != nil {
		return err
	}
	query, err := encodeParams("query", req.Query)
	if err != nil {
		return err
	}
	if err := refuseTokenParams(query); err != nil {
		return err
	}
	body, _, form, err := req.body()
	if err != nil {
		return err
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	op.wire = wireOp{Method: req.Method, RelativeURL: path, Body: string(body)}
	op.hide(op.core.secret, query, form)
	return nil
}

// sendChunk sends up to MaxBatch ops in one request and reads each one's answer.
func (b *Batch) sendChunk(ctx context.Context, ops []*batchOp) {
	outer := Request{Method: http.MethodPost, Route: routeBatch} // a lost one is repeated op by op
	var parts []json.RawMessage
	whole := newCall(b.client, &outer, &parts)
	whole.unpaced = true
	sent := make([]*batchOp, 0, len(ops))
	wire := make([]wireOp, 0, len(ops))
	for _, op := range ops {
		if !op.begin(ctx) {
			continue
		}
		sent, wire = append(sent, op), append(wire, op.wire)
		whole.secrets = append(whole.secrets, op.secrets...)
		if op.request.Repeat == RepeatOnce {
			outer.Repeat = RepeatOnce
		}
	}
	if len(sent) == 0 {
		return
	}
	text, _ := json.Marshal(wire) // strings are always marshalled
	outer.Form = url.Values{"batch": {string(text)}, "include_headers": {"true"}}
	ofOps := len(whole.secrets)
	err := whole.run(ctx)
	if err == nil && len(parts) != len(sent) {
		e := whole.fail(ErrOutcomeUnknown, http.StatusOK)
		e.Message = fmt.Sprintf("%d ops were sent and %d answers came", len(sent), len(parts))
		err = e
	}
	for i, op := range sent {
		op.secrets = append(op.secrets, whole.secrets[ofOps:]...) // the token that the batch was sent with
		switch {
		case err == nil:
			a := readPart(parts[i], op.attempt)
			parts[i] = nil // many parts can be large together
			op.take(ctx, a)
		case errors.Is(err, ErrOutcomeUnknown):
			op.take(ctx, &transport.Answer{Attempt: op.attempt, Err: lost(err), Last: ctx.Err() != nil})
		default: // the batch was refused as a whole
			op.settle(op.endShared(op.attempt, op.attribute(err)))
		}
	}
}

// begin asks the pacer for this op. If the pacer holds it back, the op is
// settled, and no other one.
func (op *batchOp) begin(ctx context.Context) bool {
	op.attempt++
	if _, err := op.answers.begin(ctx, op.attempt); err != nil {
		op.settle(op.heldBack(ctx, op.attempt, err, op.err))
		return false
	}
	return true
}

// take reads the op's answer. The op is settled unless another attempt follows.
func (op *batchOp) take(ctx context.Context, a *transport.Answer) {
	a.Last = a.Last || op.attempt >= op.core.policy.MaxAttempts || op.request.Repeat == RepeatOnce
	op.err = op.read(a)
	next := op.report(a, op.decide(ctx, a))
	if op.wait = next.wait; !next.repeat {
		op.settle(op.conclude(ctx, nil))
	}
}

// settle fills the op's Result. It drops the request and its secrets: a Batch may be
// stored or printed.
func (op *batchOp) settle(err error) {
	op.settled = true
	op.wire, op.redactor = wireOp{}, redactor{}
	op.end(err)
}

// waitForRepeats waits for as long as the op that has to wait longest.
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
	return sleep(ctx, wait)
}

// sleep waits, or returns the context's error if that ends first.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// interrupt settles the ops whose repeat is not waited for. Each keeps the error that
// made the repeat necessary.
func (b *Batch) interrupt(ctx context.Context, err error) {
	for _, op := range b.open() {
		op.settle(op.conclude(ctx, err))
	}
}
