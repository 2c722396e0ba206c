package credit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// RevokeRequest names the allocation to revoke.
type RevokeRequest struct {
	Allocation graph.AllocationID
	// EveryWABA has to be true. The caller writes it to show that it knows that
	// the line is taken from every WABA of the client, and not from one.
	EveryWABA bool
}

func (r RevokeRequest) check() error {
	var every error
	if !r.EveryWABA {
		every = &graph.InputError{Field: "every waba", Reason: "must be true: the line is taken from every WABA of the client"}
	}
	return cmp.Or(graph.CheckID("allocation-config-id", r.Allocation), every)
}

// Revoke takes the line back from the client. From then on, paid messages of all
// WABAs of the client that used the line fail. Revoke reads the allocation to
// confirm that it is deleted, and may be repeated.
//
// If a client stops sharing its WABA, it keeps the allocation, and the partner
// keeps paying until it calls Revoke.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrInput without EveryWABA; ErrPermission; ErrNotFound for
// an allocation that the token may not see; ErrOutcomeUnknown if the answer was
// lost and the allocation is not deleted; ErrNotRevoked.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Revoke(ctx context.Context, r RevokeRequest) error {
	if err := cmp.Or(c.check(ctx), r.check()); err != nil {
		return err
	}
	_, deleteErr := apicall.Send(ctx, c.base(), constructor, apicall.Op[graph.Success](graph.Request{
		Method: http.MethodDelete, Route: routeAllocation, IDs: []string{string(r.Allocation)},
	}))
	var allocation Allocation
	for _, wait := range readWaits() {
		if err := sleep(ctx, wait, "waiting for the allocation to be deleted"); err != nil {
			return join(deleteErr, err)
		}
		var readErr error
		allocation, readErr = c.GetAllocation(ctx, r.Allocation)
		switch {
		case readErr == nil && allocation.Deleted():
			return nil
		case deleteErr != nil:
			return deleteErr
		case errors.Is(readErr, graph.ErrNotFound):
			return nil // Meta deleted the allocation, and no longer shows it
		case readErr != nil:
			return fmt.Errorf("credit: the revocation was accepted, but could not be confirmed: %w", readErr)
		}
	}
	return fmt.Errorf("%w: %s still reads %q", ErrNotRevoked, r.Allocation, allocation.RequestStatus)
}
