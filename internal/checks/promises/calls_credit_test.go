package promises_test

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func (fx *fixture) credit() *credit.Client { return credit.New(fx.client) }

func (fx *fixture) share() credit.ShareRequest {
	return credit.ShareRequest{
		Line: fx.world.CreditLine, WABA: fx.waba, Business: fx.customer.Business, Currency: "EUR",
		ClientToken: graph.SecretToken(fx.token),
	}
}

// attachments returns how often the customer's account was attached to the line,
// or the number of live allocations of its business if that is higher. Both must
// be one.
func (fx *fixture) attachments() int {
	live, attached := 0, 0
	for _, a := range fx.server.Allocations() {
		if a.Business != fx.customer.Business || a.Deleted {
			continue
		}
		live++
		for _, id := range a.WABAs {
			attached += boolToInt(id == fx.waba)
		}
	}
	return max(live, attached)
}

func (fx *fixture) allocation() graphtest.Allocation {
	for _, a := range fx.server.Allocations() {
		if a.Business == fx.customer.Business {
			return a
		}
	}
	return graphtest.Allocation{}
}

func creditCalls() []*call {
	const (
		lines       = "/{business-id}/extendedcredits"
		line        = "/{extended-credit-id}"
		allocations = "/{extended-credit-id}/owning_credit_allocation_configs"
		share       = "/{extended-credit-id}/whatsapp_credit_sharing_and_attach"
		attach      = "/{extended-credit-id}/whatsapp_credit_attach"
		allocation  = "/{allocation-config-id}"
		account     = "/{waba-id}"
		clients     = "/{business-id}/client_whatsapp_business_accounts"
	)
	shares := func(ctx context.Context, fx *fixture) error {
		got, err := fx.credit().Share(ctx, fx.share())
		fx.got = got
		return err
	}
	paid := func(ctx context.Context, fx *fixture) error {
		got, err := fx.credit().Verify(ctx, fx.world.Allocation, fx.world.ClientWABAs[0])
		fx.got = got
		return err
	}
	stock := func(ctx context.Context, fx *fixture) error {
		got, err := fx.credit().Inventory(ctx, credit.InventoryRequest{Line: fx.world.CreditLine, Partner: fx.world.Business})
		fx.got = got
		return err
	}
	attached := func(fx *fixture) int { return fx.attachments() }
	calls := []*call{
		{name: "Lines", method: http.MethodGet, route: lines, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.credit().Lines(fx.world.Business, credit.Query{}))
		}},
		{name: "Line", method: http.MethodGet, route: line, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.credit().GetLine(ctx, fx.world.CreditLine)
			fx.got = got
			return err
		}},
		{name: "Allocations", method: http.MethodGet, route: allocations, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.credit().Allocations(fx.world.CreditLine, credit.Query{}))
		}},
		{name: "AllocationFor", method: http.MethodGet, route: allocations, make: func(ctx context.Context, fx *fixture) error {
			got, _, err := fx.credit().FindAllocation(ctx, fx.world.CreditLine, fx.world.WithCredit)
			fx.got = got
			return err
		}},
		{name: "Allocation", method: http.MethodGet, route: allocation, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.credit().GetAllocation(ctx, fx.world.Allocation)
			fx.got = got
			return err
		}},
		{name: "Verify", method: http.MethodGet, route: account, make: paid},
		{name: "Inventory", method: http.MethodGet, route: clients, make: stock},
		{name: "Inventory, its allocations", method: http.MethodGet, route: allocations, make: stock},
		{name: "Share", method: http.MethodPost, route: share, class: guarded, looksFirst: true, make: shares, effect: attached},
		{name: "Share, its read of the account", method: http.MethodGet, route: account, looksFirst: true, make: shares, effect: attached},
		{name: "Share, its read of the line", method: http.MethodGet, route: allocations, looksFirst: true, make: shares, effect: attached},
		{name: "Attach", method: http.MethodPost, route: attach, class: guarded,
			effect: func(fx *fixture) int { return fx.successes(http.MethodPost, attach) },
			make: prepared(shares, func(ctx context.Context, fx *fixture) error {
				secondWABA, err := fx.secondAccount()
				if err != nil {
					return err
				}
				customerToken, err := fx.server.BusinessToken(fx.customer.Business)
				if err != nil {
					return err
				}
				return credit.New(fx.client.As(graph.SecretToken(customerToken))).Attach(ctx, fx.world.CreditLine, secondWABA, "EUR")
			})},
		{name: "Revoke", method: http.MethodDelete, route: allocation, class: guarded, looksFirst: true,
			effect: func(fx *fixture) int { return fx.successes(http.MethodDelete, allocation) },
			make: prepared(shares, func(ctx context.Context, fx *fixture) error {
				return fx.credit().Revoke(ctx, credit.RevokeRequest{Allocation: fx.allocation().ID, EveryWABA: true})
			})},
		{name: "Revoke, its read of the allocation", method: http.MethodGet, route: allocation, looksFirst: true,
			effect: func(fx *fixture) int { return fx.successes(http.MethodDelete, allocation) },
			make: prepared(shares, func(ctx context.Context, fx *fixture) error {
				return fx.credit().Revoke(ctx, credit.RevokeRequest{Allocation: fx.allocation().ID, EveryWABA: true})
			})},
	}
	for _, c := range calls {
		c.pkg = "credit"
	}
	return calls
}

// secondAccount returns a second account of the customer, which the first call
// of it makes.
func (fx *fixture) secondAccount() (graph.WABAID, error) {
	if fx.secondWABA == "" {
		id, err := fx.server.AddWABA(fx.customer.Business, "Canary Coffee to go")
		if err != nil {
			return "", err
		}
		fx.secondWABA = id
	}
	return fx.secondWABA, nil
}
