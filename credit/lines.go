package credit

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
)

// Client makes the calls of this package. It is safe for concurrent use. Have
// one for each process: it keeps two calls of [Client.Share] from sharing a line
// with the same business at once, which two Clients cannot.
type Client struct {
	graph  *wagraph.Client
	shares flights
}

// New makes a Client that calls through graph, with graph's token.
func New(graph *wagraph.Client) *Client { return &Client{graph: graph} }

// Query shapes a list of lines or of allocations.
type Query struct {
	// Fields to ask for instead of the default ones.
	Fields wagraph.Fields
	// PageSize is how many a page has: at most 100, which is the default.
	PageSize int
	// Prefetch reads the next page while the loop works on this one.
	Prefetch bool
}

// maxPageSize is the most that the edge of allocations gives at a time.
const maxPageSize = 100

func (q Query) options(def wagraph.Fields) wagraph.ListOptions {
	fields := q.Fields
	if len(fields) == 0 {
		fields = def
	}
	return wagraph.ListOptions{Fields: fields, PageSize: q.PageSize, Prefetch: q.Prefetch}
}

func (q Query) check() error {
	if q.PageSize > maxPageSize || q.PageSize < 0 {
		return &wagraph.InputError{Field: "page size", Reason: "must be from 1 to 100, or 0 for the default"}
	}
	return nil
}

// Lines lists the credit lines of a business: id and legal entity name unless
// the query names other fields. None, and no error, is also what a token gets
// whose user has no finance role.
//
// Token: an admin system user of the business, or one with the finance editor
// role.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/extendedcredits
func (c *Client) Lines(business wagraph.BusinessID, q Query) *wagraph.List[Line] {
	return wagraph.NewList[Line](c.graph, wagraph.Request{
		Route: routeLines, IDs: []string{string(business)},
	}, q.options(wagraph.Fields{"id", "legal_entity_name"}), q.check())
}

// Line reads one credit line with its balances.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit
func (c *Client) Line(ctx context.Context, id wagraph.CreditLineID) (Line, error) {
	return wagraph.Send(ctx, c.graph, wagraph.Op[Line]{Request: wagraph.Request{
		Method: http.MethodGet, Route: routeLine, IDs: []string{string(id)},
		Query: url.Values{"fields": {LineFields().String()}},
	}})
}

// Allocations lists whom the line is shared with. Revoked allocations are not
// among them.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) Allocations(line wagraph.CreditLineID, q Query) *wagraph.List[Allocation] {
	return wagraph.NewList[Allocation](c.graph, wagraph.Request{
		Route: routeAllocations, IDs: []string{string(line)},
	}, q.options(AllocationFields()), q.check())
}

// AllocationFor finds the line's live allocation with one client business;
// found is false if the line is not shared with it.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) AllocationFor(ctx context.Context, line wagraph.CreditLineID, business wagraph.BusinessID) (allocation Allocation, found bool, err error) {
	if err := wagraph.CheckID("business-id", business); err != nil {
		return Allocation{}, false, err
	}
	list := wagraph.NewList[Allocation](c.graph, wagraph.Request{
		Route: routeAllocations, IDs: []string{string(line)},
		Query: url.Values{"receiving_business_id": {string(business)}},
	}, Query{}.options(AllocationFields()))
	for a, err := range list.All(ctx) {
		if err != nil {
			return Allocation{}, false, err
		}
		// The filter is Meta's; a look at the answer costs nothing, and an
		// allocation taken for another client's would be revoked for it.
		if !a.Deleted() && (a.Receiver.ID == business || a.Receiver.ID == "") {
			return a, true, nil
		}
	}
	return Allocation{}, false, nil
}

// Allocation reads one allocation, revoked ones too.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit-allocation-config
func (c *Client) Allocation(ctx context.Context, id wagraph.AllocationID) (Allocation, error) {
	return wagraph.Send(ctx, c.graph, AllocationOp(id))
}

// AllocationOp is Allocation as a value.
func AllocationOp(id wagraph.AllocationID) wagraph.Op[Allocation] {
	return wagraph.Op[Allocation]{Request: wagraph.Request{
		Method: http.MethodGet, Route: routeAllocation, IDs: []string{string(id)},
		Query: url.Values{"fields": {AllocationFields().String()}},
	}}
}
