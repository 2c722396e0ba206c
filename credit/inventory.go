package credit

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/seed-8fdceacd/wagraph"
)

// Expected is what the partner's own books say about one client.
type Expected struct {
	Business wagraph.BusinessID
	// Allocation is the one noted when the line was shared; empty if none was,
	// or if it was revoked.
	Allocation wagraph.AllocationID
}

// InventoryRequest says what to take stock of.
type InventoryRequest struct {
	Line wagraph.CreditLineID
	// Partner is the partner's own portfolio. With it, the accounts that
	// clients share are read too, and compared with what pays for them.
	Partner wagraph.BusinessID
	// Expected yields the books, in any order. A client may be in them with
	// several allocations.
	Expected iter.Seq2[Expected, error]
	// Progress, if set, is told after each page how many objects were read.
	Progress func(read int)
}

// Inventory is how the books and Meta's side differ.
type Inventory struct {
	// Matched counts the allocations at Meta that the books have too.
	Matched int
	// Missing are in the books and not at Meta: the line does not pay, though
	// somebody thinks that it does.
	Missing []Expected
	// Orphaned are at Meta and not in the books: the partner pays, and nobody
	// knows for whom. Where the books have another allocation for the same
	// client, that one is Missing.
	Orphaned []Allocation
	// Duplicate are further live allocations of a client that has one, whether
	// the books have them or not.
	Duplicate []Allocation
	// Unattached are accounts of clients that share the line, for which it
	// does not pay. Filled if Partner was given.
	Unattached []Unattached
}

// Unattached is an account that the line could pay for and does not.
type Unattached struct {
	WABA       wagraph.WABAID
	Business   wagraph.BusinessID
	Allocation wagraph.AllocationID
	// Funding is what pays for it instead, empty if nothing does.
	Funding wagraph.FundingID
}

// Clean tells whether there is no difference.
func (i Inventory) Clean() bool {
	return len(i.Missing)+len(i.Orphaned)+len(i.Duplicate)+len(i.Unattached) == 0
}

// Inventory compares the partner's books with the line's allocations, by
// listing them: a thousand pages for a hundred thousand clients, not a call for
// each. It changes nothing.
//
// Token: an admin system user of the partner, which owns the line and sees the
// accounts of its clients. Errors: ErrInput for an entry of the books without a
// business; what Expected yields.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) Inventory(ctx context.Context, r InventoryRequest) (Inventory, error) {
	books, err := r.books()
	if err != nil {
		return Inventory{}, err
	}
	read := 0
	live := map[wagraph.BusinessID][]Allocation{}
	for page, err := range c.Allocations(r.Line, Query{Prefetch: true}).Pages(ctx, "") {
		if err != nil {
			return Inventory{}, err
		}
		for _, a := range page.Items {
			if !a.Deleted() {
				live[a.Receiver.ID] = append(live[a.Receiver.ID], a)
			}
		}
		read += len(page.Items)
		report(r.Progress, read)
	}
	result := compare(books, live)
	if r.Partner == "" {
		return result, nil
	}
	result.Unattached, err = c.unattached(ctx, r, read, live)
	return result, err
}

// books are the allocations that the partner notes for each client.
func (r InventoryRequest) books() (map[wagraph.BusinessID][]wagraph.AllocationID, error) {
	books := map[wagraph.BusinessID][]wagraph.AllocationID{}
	if r.Expected == nil {
		return books, nil
	}
	for expected, err := range r.Expected {
		if err == nil {
			err = wagraph.CheckID("business-id", expected.Business)
		}
		if err != nil {
			return nil, err
		}
		noted := books[expected.Business]
		if expected.Allocation != "" && !slices.Contains(noted, expected.Allocation) {
			books[expected.Business] = append(noted, expected.Allocation)
		}
	}
	return books, nil
}

func report(progress func(int), read int) {
	if progress != nil {
		progress(read)
	}
}

// compare sorts the live allocations of each client into the books.
func compare(books map[wagraph.BusinessID][]wagraph.AllocationID, live map[wagraph.BusinessID][]Allocation) Inventory {
	var result Inventory
	for business, allocations := range live {
		noted := func(a Allocation) bool { return slices.Contains(books[business], a.ID) }
		first := slices.IndexFunc(allocations, noted)
		if first > 0 { // one that the books have stands first
			allocations[0], allocations[first] = allocations[first], allocations[0]
		}
		if first < 0 {
			result.Orphaned = append(result.Orphaned, allocations[0])
		}
		for _, a := range allocations {
			if noted(a) {
				result.Matched++
			}
		}
		result.Duplicate = append(result.Duplicate, allocations[1:]...)
	}
	for business, noted := range books {
		for _, id := range noted {
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

// unattached compares what pays for each shared account with its client's
// allocation.
func (c *Client) unattached(ctx context.Context, r InventoryRequest, read int, live map[wagraph.BusinessID][]Allocation) ([]Unattached, error) {
	var found []Unattached
	accounts := wagraph.NewList[account](c.graph, wagraph.Request{Route: routeClients, IDs: []string{string(r.Partner)}},
		wagraph.ListOptions{Fields: wagraph.FieldsOf[account](), Prefetch: true})
	for page, err := range accounts.Pages(ctx, "") {
		if err != nil {
			return found, err
		}
		for _, acc := range page.Items {
			shared := live[acc.Owner.ID]
			pays := func(a Allocation) bool { return attached(a, acc) }
			if len(shared) > 0 && !slices.ContainsFunc(shared, pays) {
				found = append(found, Unattached{WABA: acc.ID, Business: acc.Owner.ID, Allocation: shared[0].ID, Funding: acc.Funding})
			}
		}
		read += len(page.Items)
		report(r.Progress, read)
	}
	return found, nil
}
