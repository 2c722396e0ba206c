package promises_test

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// sendBatch sends ops in one batch, and returns the first error of one of them.
// Send itself fails only if nothing could be sent.
func sendBatch[T any](ctx context.Context, client *graph.Client, ops ...graph.Op[T]) error {
	batch := graph.NewBatch(client)
	results := make([]*graph.Result[T], len(ops))
	for i, op := range ops {
		results[i] = graph.Add(batch, op)
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

// registration returns an Op that must not be sent twice.
func (fx *fixture) registration() graph.Op[graph.Success] {
	return graph.Op[graph.Success]{Request: graph.Request{
		Method: http.MethodPost, Route: "/{phone-number-id}/register", IDs: []string{string(fx.number)},
		Form: url.Values{"messaging_product": {"whatsapp"}, "pin": {fx.pin.Reveal()}}, Repeat: graph.RepeatOnce,
	}}
}

// sharing returns an Op that is repeated only if it was not processed.
func (fx *fixture) sharing() graph.Op[graph.Success] {
	return graph.Op[graph.Success]{Request: graph.Request{
		Method: http.MethodPost, Route: "/{extended-credit-id}/whatsapp_credit_sharing_and_attach", IDs: []string{string(fx.world.CreditLine)},
		Form: url.Values{"waba_id": {string(fx.waba)}, "waba_currency": {"EUR"}},
	}}
}

// withNumbers is an account with a nested edge that overflows.
type withNumbers struct {
	ID      graph.WABAID `json:"id"`
	Numbers graph.Edge[struct {
		ID graph.PhoneNumberID `json:"id"`
	}] `json:"phone_numbers" graph:"limit(1){}"`
}

// ownNumber is a phone number with the fields that a user chose.
type ownNumber struct {
	ID     graph.PhoneNumberID `json:"id"`
	Status string              `json:"status"`
}

// bulkCalls are those of the core: batches, reads by ids, nested edges that
// overflow, and Do.
func bulkCalls() []*call {
	calls := []*call{
		{name: "Do", method: http.MethodGet, route: "/me", make: func(ctx context.Context, fx *fixture) error {
			var me struct {
				ID graph.SystemUserID `json:"id"`
			}
			return fx.client.Do(ctx, graph.Request{Method: http.MethodGet, Route: "/me"}, &me)
		}},
		{name: "Batch of reads", method: http.MethodPost, route: "/", inBulk: true, make: func(ctx context.Context, fx *fixture) error {
			return sendBatch(ctx, fx.client, fx.readAccount(), fx.readAccount())
		}},
		{name: "Batch of repeatable writes", method: http.MethodPost, route: "/", class: idempotent, inBulk: true,
			effect: func(fx *fixture) int { return boolToInt(fx.subscribed()) },
			make: func(ctx context.Context, fx *fixture) error {
				return sendBatch(ctx, fx.client, waba.SubscribeOp(fx.waba), waba.AssignOp(fx.waba, fx.world.Employee.ID, waba.TaskManage))
			}},
		{name: "Batch of a guarded write", method: http.MethodPost, route: "/", class: guarded, inBulk: true,
			effect: func(fx *fixture) int { return fx.attachments() },
			make:   func(ctx context.Context, fx *fixture) error { return sendBatch(ctx, fx.client, fx.sharing()) }},
		{name: "Batch with a call to be made once", method: http.MethodPost, route: "/", class: once, inBulk: true,
			effect: func(fx *fixture) int { return fx.server.Registrations(fx.number) },
			make:   func(ctx context.Context, fx *fixture) error { return sendBatch(ctx, fx.client, fx.registration()) }},
		// If Graph refuses the whole request, one id can be the reason. SendByIDs then
		// reads each object by itself.
		{name: "SendByIDs", method: http.MethodGet, route: "/", looksFirst: true, make: func(ctx context.Context, fx *fixture) error {
			ops := []graph.Op[waba.Account]{fx.readAccount(), waba.GetOp(fx.world.ClientWABAs[0], "id", "name")}
			for _, result := range graph.SendByIDs(ctx, fx.client, ops) {
				if result.Err != nil {
					return result.Err
				}
			}
			return nil
		}},
		// If Graph refuses the cursor, the edge is read from its beginning.
		{name: "nested Edge that overflows", looksFirst: true, method: http.MethodGet, route: "/{object-id}/phone_numbers", make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, graph.ListAs[withNumbers](fx.accounts().Clients(fx.world.Business, waba.Query{})))
		}},
		{name: "ListAs with a struct of the user", method: http.MethodGet, route: "/{waba-id}/phone_numbers", make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, graph.ListAs[ownNumber](fx.numbers().List(fx.waba, phonenumbers.Query{})))
		}},
	}
	for _, c := range calls {
		c.pkg = "."
	}
	return calls
}
