package credit

import (
	"context"
	"iter"
	"slices"
	"strings"

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
	// Expected yields the books, in any order.
	Expected iter.Seq2[Expected, error]
	// Progress, if set, is told after each page how many objects were read.
	Progress func(read int)
}

// Inventory is how the books and Meta's side differ.
type Inventory struct {
	// Matched counts the allocations that are as the books say.
	Matched int
	// Missing are in the books and not at Meta: the line does not pay, though
	// somebody thinks that it does.
	Missing []Expected
	// Orphaned are at Meta and not in the books: the partner pays, and nobody
	// knows for whom. Where the books have another allocation for the same
	// client, that one is Missing.
	Orphaned []Allocation
	// Duplicate are further live allocations of a client that has one.
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
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit/owning_credit_allocation_configs
func (c *Client) Inventory(ctx context.Context, r InventoryRequest) (Inventory, error) {
	books := map[wagraph.BusinessID]Expected{}
	if r.Expected != nil {
		for expected, err := range r.Expected {
			if err != nil {
				return Inventory{}, err
			}
			if expected.Allocation != "" {
				books[expected.Business] = expected
			}
		}
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
	var err error
	result.Unattached, err = c.unattached(ctx, r, read, live)
	return result, err
}

func report(progress func(int), read int) {
	if progress != nil {
		progress(read)
	}
}

// compare sorts the live allocations of each client into the books.
func compare(books map[wagraph.BusinessID]Expected, live map[wagraph.BusinessID][]Allocation) Inventory {
	var result Inventory
	for business, allocations := range live {
		booked := slices.IndexFunc(allocations, func(a Allocation) bool { return a.ID == books[business].Allocation })
		if booked > 0 { // the one that the books have stands first
			allocations[0], allocations[booked] = allocations[booked], allocations[0]
		}
		if booked >= 0 {
			result.Matched++
		} else {
			result.Orphaned = append(result.Orphaned, allocations[0])
		}
		result.Duplicate = append(result.Duplicate, allocations[1:]...)
	}
	for business, expected := range books {
		if a := live[business]; len(a) == 0 || a[0].ID != expected.Allocation {
			result.Missing = append(result.Missing, expected)
		}
	}
	byID := func(a, b Allocation) int { return strings.Compare(string(a.ID), string(b.ID)) }
	slices.SortFunc(result.Orphaned, byID)
	slices.SortFunc(result.Duplicate, byID)
	slices.SortFunc(result.Missing, func(a, b Expected) int { return strings.Compare(string(a.Business), string(b.Business)) })
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
