package credit

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// Expected is an entry of the partner's own records about one client.
type Expected struct {
	Business graph.BusinessID
	// Allocation is the allocation that was stored when the line was shared. It
	// is empty if none was stored, or if it was revoked.
	Allocation graph.AllocationID
}

// InventoryRequest says what to compare.
type InventoryRequest struct {
	Line graph.CreditLineID
	// Partner is the partner's own portfolio. If it is set, Inventory also reads
	// the accounts that clients share, and compares what pays for them.
	Partner graph.BusinessID
	// Expected yields the partner's records, in any order.
	Expected iter.Seq2[Expected, error]
	// Progress, if set, is called after each page with the number of objects
	// that were read so far.
	Progress func(read int)
}

// InventoryResult lists the differences between the partner's records and Meta's
// allocations.
type InventoryResult struct {
	// Matched is the number of allocations that both have.
	Matched int
	// Missing are in the records and not at Meta: the line does not pay for a
	// client although the records say so.
	Missing []Expected
	// Orphaned are at Meta and not in the records: the partner pays for a client
	// that its records do not name. If the records have another allocation of
	// the same client, that one is Missing.
	Orphaned []Allocation
	// Duplicate are the second and further live allocations of a client, whether
	// or not the records have them.
	Duplicate []Allocation
	// Unattached are accounts of clients with an allocation, for which the line
	// does not pay. It is filled if the request has a Partner.
	Unattached []Unattached
}

// Unattached is an account for which the line could pay and does not.
type Unattached struct {
	WABA       graph.WABAID
	Business   graph.BusinessID
	Allocation graph.AllocationID
	// Funding is the source that pays instead. It is empty if nothing pays.
	Funding graph.FundingID
}

// Clean reports whether there is no difference.
func (i InventoryResult) Clean() bool {
	return len(i.Missing)+len(i.Orphaned)+len(i.Duplicate)+len(i.Unattached) == 0
}

// Inventory compares the partner's records with the allocations of the line. It
// lists the allocations, which takes a thousand pages for a hundred thousand
// clients, and not a call for each client. It changes nothing.
//
// Token: an admin system user of the partner that owns the line and may see the
// accounts of its clients. Errors: ErrInput for a record without a business;
// ErrPermission; ErrNotFound; the error that Expected yields; ErrPanicked if
// Expected or Progress panics.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) Inventory(ctx context.Context, r InventoryRequest) (InventoryResult, error) {
	if err := c.check(ctx); err != nil {
		return InventoryResult{}, err
	}
	var stored records
	err := guard.Run("credit.InventoryRequest.Expected", graph.ErrPanicked, func() (err error) {
		stored, err = r.records()
		return err
	})
	if err != nil {
		return InventoryResult{}, err
	}
	read := 0
	live := map[graph.BusinessID][]Allocation{}
	for page, err := range c.Allocations(r.Line, Query{Prefetch: true}).Pages(ctx, "") {
		if err != nil {
			return InventoryResult{}, err
		}
		for _, a := range page.Items {
			if !a.Deleted() {
				live[a.Receiver.ID] = append(live[a.Receiver.ID], a)
			}
		}
		read += len(page.Items)
		if err := r.report(read); err != nil {
			return InventoryResult{}, err
		}
	}
	result := compare(stored, live)
	if r.Partner == "" {
		return result, nil
	}
	result.Unattached, err = c.unattached(ctx, r, read, live)
	return result, err
}

// records are the allocations that the partner has stored for each client.
type records map[graph.BusinessID][]graph.AllocationID

func (r InventoryRequest) records() (records, error) {
	all := records{}
	if r.Expected == nil {
		return all, nil
	}
	for expected, err := range r.Expected {
		if err == nil {
			err = graph.CheckID("business-id", expected.Business)
		}
		if err != nil {
			return nil, err
		}
		stored := all[expected.Business]
		if expected.Allocation != "" && !slices.Contains(stored, expected.Allocation) {
			all[expected.Business] = append(stored, expected.Allocation)
		}
	}
	return all, nil
}

func (r InventoryRequest) report(read int) error {
	if r.Progress == nil {
		return nil
	}
	return guard.Run("credit.InventoryRequest.Progress", graph.ErrPanicked, func() error {
		r.Progress(read)
		return nil
	})
}

// compare sorts the live allocations of each client by whether the records have
// them.
func compare(stored records, live map[graph.BusinessID][]Allocation) InventoryResult {
	var result InventoryResult
	for business, allocations := range live {
		isStored := func(a Allocation) bool { return slices.Contains(stored[business], a.ID) }
		first := slices.IndexFunc(allocations, isStored)
		if first > 0 { // put one that the records have first: it is not the duplicate
			allocations[0], allocations[first] = allocations[first], allocations[0]
		}
		if first < 0 {
			result.Orphaned = append(result.Orphaned, allocations[0])
		}
		for _, a := range allocations {
			if isStored(a) {
				result.Matched++
			}
		}
		result.Duplicate = append(result.Duplicate, allocations[1:]...)
	}
	for business, ids := range stored {
		for _, id := range ids {
			if !slices.ContainsFunc(live[business], func(a Allocation) bool { return a.ID == id }) {
				result.Missing = append(result.Missing, Expected{Business: business, Allocation: id})
			}
		}
	}
	byID := func(a, b Allocation) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(result.Orphaned, byID)
	slices.SortFunc(result.Duplicate, byID)
	slices.SortFunc(result.Missing, func(a, b Expected) int {
		return cmp.Or(cmp.Compare(a.Business, b.Business), cmp.Compare(a.Allocation, b.Allocation))
	})
	return result
}

// unattached returns the shared accounts for which the allocation of their
// client does not pay.
func (c *Client) unattached(ctx context.Context, r InventoryRequest, read int, live map[graph.BusinessID][]Allocation) ([]Unattached, error) {
	var found []Unattached
	accounts := apicall.List[account](c.base(), constructor,
		graph.Request{Route: routeClients, IDs: []string{string(r.Partner)}},
		apicall.ListOptions{Fields: graph.FieldsOf[account](), Prefetch: true})
	for page, err := range accounts.Pages(ctx, "") {
		if err != nil {
			return found, err
		}
		for _, acc := range page.Items {
			shared := live[acc.Owner.ID]
			pays := func(a Allocation) bool { return isAttached(a, acc) }
			if len(shared) > 0 && !slices.ContainsFunc(shared, pays) {
				found = append(found, Unattached{WABA: acc.ID, Business: acc.Owner.ID, Allocation: shared[0].ID, Funding: acc.Funding})
			}
		}
		read += len(page.Items)
		if err := r.report(read); err != nil {
			return found, err
		}
	}
	return found, nil
}
