package matrix_test

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// inBatch sends ops together, and fails if one of them does. The batch itself
// fails only if nothing could be sent.
func inBatch[T any](ctx context.Context, client *wagraph.Client, ops ...wagraph.Op[T]) error {
	batch := wagraph.NewBatch(client)
	results := make([]*wagraph.Result[T], len(ops))
	for i, op := range ops {
		results[i] = wagraph.Add(batch, op)
	}
	if err := batch.Send(ctx); err != nil {
		return err
	}
	for _, result := range results {
		if result.Err != nil {
			return result.Err
		}
	}
	return nil
}

// registration is a call that must not be made twice, as a value.
func (d *desk) registration() wagraph.Op[wagraph.Success] {
	return wagraph.Op[wagraph.Success]{Request: wagraph.Request{
		Method: http.MethodPost, Route: "/{phone-number-id}/register", IDs: []string{string(d.number)},
		Form: url.Values{"messaging_product": {"whatsapp"}, "pin": {d.pin.Reveal()}}, Repeat: wagraph.RepeatOnce,
	}}
}

// sharing is a call that is repeated only if it was not processed.
func (d *desk) sharing() wagraph.Op[wagraph.Success] {
	return wagraph.Op[wagraph.Success]{Request: wagraph.Request{
		Method: http.MethodPost, Route: "/{extended-credit-id}/whatsapp_credit_sharing_and_attach", IDs: []string{string(d.world.CreditLine)},
		Form: url.Values{"waba_id": {string(d.waba)}, "waba_currency": {"EUR"}},
	}}
}

// withNumbers is an account with an edge that overflows.
type withNumbers struct {
	ID      wagraph.WABAID `json:"id"`
	Numbers wagraph.Edge[struct {
		ID wagraph.PhoneNumberID `json:"id"`
	}] `json:"phone_numbers" graph:"limit(1){}"`
}

// ownNumber is a number as a user reads it.
type ownNumber struct {
	ID     wagraph.PhoneNumberID `json:"id"`
	Status string                `json:"status"`
}

// bulkCalls are those of the root: batches, reads by ids, edges read on, and Do.
func bulkCalls() []*call {
	calls := []*call{
		{name: "Do", method: http.MethodGet, route: "/me", make: func(ctx context.Context, d *desk) error {
			var me struct {
				ID wagraph.SystemUserID `json:"id"`
			}
			return d.graph.Do(ctx, wagraph.Request{Method: http.MethodGet, Route: "/me"}, &me)
		}},
		{name: "Batch of reads", method: http.MethodPost, route: "/", apart: true, make: func(ctx context.Context, d *desk) error {
			return inBatch(ctx, d.graph, d.readAccount(), d.readAccount())
		}},
		{name: "Batch of repeatable writes", method: http.MethodPost, route: "/", class: idempotent, apart: true,
			effect: func(d *desk) int { return count(d.subscribed()) },
			make: func(ctx context.Context, d *desk) error {
				return inBatch(ctx, d.graph, waba.SubscribeOp(d.waba), waba.AssignOp(d.waba, d.world.Employee.ID, waba.TaskManage))
			}},
		{name: "Batch of a guarded write", method: http.MethodPost, route: "/", class: guarded, apart: true,
			effect: func(d *desk) int { return d.attachments() },
			make:   func(ctx context.Context, d *desk) error { return inBatch(ctx, d.graph, d.sharing()) }},
		{name: "Batch with a call to be made once", method: http.MethodPost, route: "/", class: once, apart: true,
			effect: func(d *desk) int { return d.server.Registrations(d.number) },
			make:   func(ctx context.Context, d *desk) error { return inBatch(ctx, d.graph, d.registration()) }},
		// What is refused for all may be the fault of one: they are read apart then.
		{name: "SendByIDs", method: http.MethodGet, route: "/", finds: true, make: func(ctx context.Context, d *desk) error {
			ops := []wagraph.Op[waba.Account]{d.readAccount(), waba.GetOp(d.world.ClientWABAs[0], "id", "name")}
			for _, result := range wagraph.SendByIDs(ctx, d.graph, ops) {
				if result.Err != nil {
					return result.Err
				}
			}
			return nil
		}},
		// A cursor that is refused makes it read the edge from its beginning.
		{name: "Edge read on", finds: true, method: http.MethodGet, route: "/{object-id}/phone_numbers", make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, wagraph.ListAs[withNumbers](d.accounts().Clients(d.world.Business, waba.Query{})))
		}},
		{name: "List as one's own", method: http.MethodGet, route: "/{waba-id}/phone_numbers", make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, wagraph.ListAs[ownNumber](d.numbers().List(d.waba, phonenumbers.Query{})))
		}},
	}
	for _, c := range calls {
		c.room = "."
	}
	return calls
}
