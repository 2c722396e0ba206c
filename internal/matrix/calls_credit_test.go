package matrix_test

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func (d *desk) credit() *credit.Client { return credit.New(d.graph) }

func (d *desk) share() credit.ShareRequest {
	return credit.ShareRequest{
		Line: d.world.CreditLine, WABA: d.waba, Business: d.them.Business, Currency: "EUR",
		ClientToken: wagraph.SecretToken(d.token),
	}
}

// attachments counts how often the client's account was attached to the line, or
// the live allocations of its business if these are more: both must be one.
func (d *desk) attachments() int {
	live, attached := 0, 0
	for _, a := range d.server.Allocations() {
		if a.Business != d.them.Business || a.Deleted {
			continue
		}
		live++
		for _, id := range a.WABAs {
			attached += count(id == d.waba)
		}
	}
	return max(live, attached)
}

func (d *desk) allocation() graphtest.Allocation {
	for _, a := range d.server.Allocations() {
		if a.Business == d.them.Business {
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
	shares := func(ctx context.Context, d *desk) error {
		got, err := d.credit().Share(ctx, d.share())
		d.got = got
		return err
	}
	paid := func(ctx context.Context, d *desk) error {
		got, err := d.credit().Verify(ctx, d.world.Allocation, d.world.ClientWABAs[0])
		d.got = got
		return err
	}
	stock := func(ctx context.Context, d *desk) error {
		got, err := d.credit().Inventory(ctx, credit.InventoryRequest{Line: d.world.CreditLine, Partner: d.world.Business})
		d.got = got
		return err
	}
	attached := func(d *desk) int { return d.attachments() }
	calls := []*call{
		{name: "Lines", method: http.MethodGet, route: lines, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.credit().Lines(d.world.Business, credit.Query{}))
		}},
		{name: "Line", method: http.MethodGet, route: line, make: func(ctx context.Context, d *desk) error {
			got, err := d.credit().GetLine(ctx, d.world.CreditLine)
			d.got = got
			return err
		}},
		{name: "Allocations", method: http.MethodGet, route: allocations, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.credit().Allocations(d.world.CreditLine, credit.Query{}))
		}},
		{name: "AllocationFor", method: http.MethodGet, route: allocations, make: func(ctx context.Context, d *desk) error {
			got, _, err := d.credit().FindAllocation(ctx, d.world.CreditLine, d.world.WithCredit)
			d.got = got
			return err
		}},
		{name: "Allocation", method: http.MethodGet, route: allocation, make: func(ctx context.Context, d *desk) error {
			got, err := d.credit().GetAllocation(ctx, d.world.Allocation)
			d.got = got
			return err
		}},
		{name: "Verify", method: http.MethodGet, route: account, make: paid},
		{name: "Inventory", method: http.MethodGet, route: clients, make: stock},
		{name: "Inventory, its allocations", method: http.MethodGet, route: allocations, make: stock},
		{name: "Share", method: http.MethodPost, route: share, class: guarded, finds: true, make: shares, effect: attached},
		{name: "Share, its look at the account", method: http.MethodGet, route: account, finds: true, make: shares, effect: attached},
		{name: "Share, its look at the line", method: http.MethodGet, route: allocations, finds: true, make: shares, effect: attached},
		{name: "Attach", method: http.MethodPost, route: attach, class: guarded,
			effect: func(d *desk) int { return d.done(http.MethodPost, attach) },
			make: prepared(shares, func(ctx context.Context, d *desk) error {
				second, err := d.secondAccount()
				if err != nil {
					return err
				}
				theirs, err := d.server.BusinessToken(d.them.Business)
				if err != nil {
					return err
				}
				return credit.New(d.graph.As(wagraph.SecretToken(theirs))).Attach(ctx, d.world.CreditLine, second, "EUR")
			})},
		{name: "Revoke", method: http.MethodDelete, route: allocation, class: guarded, finds: true,
			effect: func(d *desk) int { return d.done(http.MethodDelete, allocation) },
			make: prepared(shares, func(ctx context.Context, d *desk) error {
				return d.credit().Revoke(ctx, credit.RevokeRequest{Allocation: d.allocation().ID, EveryWABA: true})
			})},
		{name: "Revoke, its look", method: http.MethodGet, route: allocation, finds: true,
			effect: func(d *desk) int { return d.done(http.MethodDelete, allocation) },
			make: prepared(shares, func(ctx context.Context, d *desk) error {
				return d.credit().Revoke(ctx, credit.RevokeRequest{Allocation: d.allocation().ID, EveryWABA: true})
			})},
	}
	for _, c := range calls {
		c.room = "credit"
	}
	return calls
}

// secondAccount is a further account of the client, made on first use.
func (d *desk) secondAccount() (wagraph.WABAID, error) {
	if d.second == "" {
		id, err := d.server.AddWABA(d.them.Business, "Canary Coffee to go")
		if err != nil {
			return "", err
		}
		d.second = id
	}
	return d.second, nil
}
