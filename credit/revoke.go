package credit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
)

func fieldsParam(fields wagraph.Fields) url.Values { return url.Values{"fields": {fields.String()}} }

// Verification compares what a line gave a client with what pays for a WABA.
type Verification struct {
	// Attached is true when both are there and the same.
	Attached bool
	// Credential is the allocation's receiving credential.
	Credential wagraph.FundingID
	// Funding is the WABA's primary_funding_id, empty if nothing pays.
	Funding wagraph.FundingID
	// Deleted is true when the allocation was revoked.
	Deleted bool
}

// Verify tells whether the allocation pays for the WABA.
//
// Token: an admin system user of the partner, with access to the WABA.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Verify(ctx context.Context, id wagraph.AllocationID, waba wagraph.WABAID) (Verification, error) {
	allocation, err := c.Allocation(ctx, id)
	if err != nil {
		return Verification{}, err
	}
	acc, err := c.account(ctx, waba)
	if err != nil {
		return Verification{}, err
	}
	return Verification{
		Attached:   attached(allocation, acc) && !allocation.Deleted(),
		Credential: allocation.Credential.ID, Funding: acc.Funding, Deleted: allocation.Deleted(),
	}, nil
}

// RevokeRequest names an allocation to take back.
type RevokeRequest struct {
	Allocation wagraph.AllocationID
	// EveryWABA has to be true. It is there to be written by whoever calls: the
	// line is taken from every WABA of the client, not from one.
	EveryWABA bool
}

// Revoke takes the line back from the client: paid messages of all its WABAs
// that used it fail from then on. It confirms by reading that the allocation is
// deleted, and may be repeated. A client that stops sharing its WABA keeps the
// allocation, and the partner keeps paying, until this is called.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrInput without EveryWABA; ErrNotFound for an allocation that this
// token cannot see.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Revoke(ctx context.Context, r RevokeRequest) error {
	if err := wagraph.CheckID("allocation-config-id", r.Allocation); err != nil {
		return err
	}
	if !r.EveryWABA {
		return &wagraph.InputError{Field: "every waba", Reason: "must be true: the line is taken from every WABA of the client"}
	}
	_, deleteErr := wagraph.Send(ctx, c.graph, wagraph.Op[wagraph.Success]{Request: wagraph.Request{
		Method: http.MethodDelete, Route: routeAllocation, IDs: []string{string(r.Allocation)},
	}})
	var allocation Allocation
	for _, wait := range confirmWaits() {
		if err := sleep(ctx, wait); err != nil {
			return errors.Join(deleteErr, err)
		}
		var readErr error
		allocation, readErr = c.Allocation(ctx, r.Allocation)
		switch {
		case readErr == nil && allocation.Deleted():
			return nil
		case deleteErr != nil:
			return deleteErr
		case errors.Is(readErr, wagraph.ErrNotFound):
			return nil // deleted, and no longer shown
		case readErr != nil:
			return fmt.Errorf("credit: the revocation was accepted, but could not be confirmed: %w", readErr)
		}
	}
	return fmt.Errorf("credit: the revocation of %s was accepted, but the allocation still reads %q", r.Allocation, allocation.RequestStatus)
}
