package credit

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Allocations lists the allocations of a line: the client businesses that the
// line is shared with. Meta leaves out revoked allocations. It asks for
// AllocationFields, unless the query names other fields.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrPermission; ErrNotFound.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) Allocations(line graph.CreditLineID, q Query) *graph.List[Allocation] {
	return apicall.List[Allocation](c.base(), constructor, graph.Request{
		Route: routeAllocations, IDs: []string{string(line)},
	}, q.options(AllocationFields()))
}

// FindAllocation returns the allocation of a line with one client business.
// found is false, without an error, if the line is not shared with it.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrPermission; ErrNotFound for an unknown line;
// ErrBadResponse if Meta answers with allocations of other businesses only.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) FindAllocation(ctx context.Context, line graph.CreditLineID, business graph.BusinessID) (allocation Allocation, found bool, err error) {
	if err := c.check(ctx); err != nil {
		return Allocation{}, false, err
	}
	options := Query{}.options(AllocationFields())
	options.BareObject = true // so Meta's guide shows it; its reference shows a list
	list := apicall.List[Allocation](c.base(), constructor, graph.Request{
		Route: routeAllocations, IDs: []string{string(line)},
		Query: url.Values{"receiving_business_id": {string(business)}},
	}, options, graph.CheckID("business-id", business))
	other := graph.BusinessID("")
	for a, err := range list.All(ctx) {
		if err != nil {
			return Allocation{}, false, err
		}
		// Meta applies the filter. The receiver is compared again, because a
		// wrong allocation would be revoked from another client.
		switch {
		case a.Receiver.ID != business && a.Receiver.ID != "":
			other = a.Receiver.ID
		case !a.Deleted():
			return a, true, nil
		}
	}
	if other != "" { // the answer to another question: it does not mean that there is none
		return Allocation{}, false, &graph.Error{
			Kind: graph.ErrBadResponse, Status: http.StatusOK, Method: http.MethodGet, Route: routeAllocations, IDs: []string{string(line)},
			Message: fmt.Sprintf("the answer is about the allocations of %q, not about those of %q", other, business),
		}
	}
	return Allocation{}, false, nil
}

// GetAllocation reads one allocation, also one that was revoked. It asks for
// the given fields, or for AllocationFields.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrPermission; ErrNotFound.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit-allocation-config
func (c *Client) GetAllocation(ctx context.Context, id graph.AllocationID, fields ...string) (Allocation, error) {
	return apicall.Send(ctx, c.base(), constructor, GetAllocationOp(id, fields...))
}

// GetAllocationOp returns the request that [Client.GetAllocation] sends, for use
// in a graph.Batch.
func GetAllocationOp(id graph.AllocationID, fields ...string) graph.Op[Allocation] {
	return apicall.Op[Allocation](graph.Request{
		Method: http.MethodGet, Route: routeAllocation, IDs: []string{string(id)},
		Query: apicall.FieldsParam(fields, AllocationFields()),
	}, graph.Fields(fields).Check())
}
