package onboard

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// AdoptRequest is a client that the BSP had before it used a Flow. Tenant, Token
// and WABAs are required.
type AdoptRequest struct {
	Tenant signup.Tenant
	// Token is the client's business token, from the BSP's old database.
	Token graph.Secret
	// WABAs are the client's accounts; at least one.
	WABAs []graph.WABAID
	// Business is the client's portfolio, if the caller knows it.
	Business graph.BusinessID
	// Currency is used in place of Config.Currency.
	Currency string
	// Reinstate shares the credit line even if it was revoked from this client.
	Reinstate bool
}

// Adopt stores a record of a client that the BSP already has, and seals its token.
// The same steps run as after Begin, and each of them finds what is done already;
// numbers are not registered again. The same accounts for the same tenant again
// return the first record, unless that client was offboarded or refused since.
//
// Errors: an InputError; ErrOtherTenant; ErrBusy if the token is not kept yet and another
// worker has the record: adopt the client again; the errors of the Store and of the Vault.
func (f *Flow) Adopt(ctx context.Context, adoption AdoptRequest) (Record, error) {
	if err := f.made(ctx); err != nil {
		return Record{}, err
	}
	if adoption.Token.IsZero() {
		return Record{}, badField("token", "is empty")
	}
	if len(adoption.WABAs) == 0 {
		return Record{}, badField("wabas", "is empty")
	}
	parts := []string{string(adoption.Tenant)}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(adoption.WABAs))) {
		if err := graph.CheckID("waba-id", id); err != nil {
			return Record{}, err
		}
		parts = append(parts, string(id))
	}
	record := f.newRecord(adoption.Tenant, signup.VariantAdopted, signup.Claim{Business: adoption.Business, WABAs: adoption.WABAs}, adoption.Currency)
	record.Reinstate = adoption.Reinstate
	given := given{token: signup.Token{Access: adoption.Token}}
	// Earlier adoptions of the same accounts that were offboarded or refused do not
	// count.
	for key := strings.Join(parts, "\x00"); ; key += "/again" {
		record.Key = beginKey("adopted", key)
		stored, err := f.begin(ctx, record, given)
		if err != nil || stored.State != StateOffboarded && stored.State != StateRefused {
			return stored, err
		}
	}
}
