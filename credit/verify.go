package credit

import (
	"cmp"
	"context"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// VerifyResult compares the funding source that a client received with the one
// that pays for a WABA.
type VerifyResult struct {
	// Attached is true if both exist and are the same.
	Attached bool
	// Credential is the receiving credential of the allocation.
	Credential graph.FundingID
	// Funding is the primary_funding_id of the WABA. It is empty if nothing
	// pays.
	Funding graph.FundingID
	// Deleted is true if the allocation was revoked.
	Deleted bool
}

// Verify reads an allocation and a WABA, and returns whether the allocation pays
// for the WABA.
//
// Token: an admin system user of the partner, with access to the WABA. Errors:
// ErrPermission; ErrNotFound, also after the client stopped sharing the WABA.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
func (c *Client) Verify(ctx context.Context, id graph.AllocationID, waba graph.WABAID) (VerifyResult, error) {
	if err := cmp.Or(c.check(ctx), graph.CheckID("allocation-config-id", id), graph.CheckID("waba-id", waba)); err != nil {
		return VerifyResult{}, err
	}
	allocation, err := c.GetAllocation(ctx, id)
	if err != nil {
		return VerifyResult{}, err
	}
	acc, err := c.readAccount(ctx, waba)
	if err != nil {
		return VerifyResult{}, err
	}
	return VerifyResult{
		Attached:   isAttached(allocation, acc) && !allocation.Deleted(),
		Credential: allocation.Credential.ID, Funding: acc.Funding, Deleted: allocation.Deleted(),
	}, nil
}
