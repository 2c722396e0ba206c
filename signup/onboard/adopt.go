package onboard

import (
	"context"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// AdoptRequest is a client that the BSP had before it had a Flow.
type AdoptRequest struct {
	Tenant signup.Tenant
	// Token is the client's business token from the old database.
	Token graph.Secret
	// WABAs are the client's accounts; at least one.
	WABAs []graph.WABAID
	// Business is the client's portfolio, if it is known.
	Business graph.BusinessID
	Currency string
	// Reinstate shares the credit line again with a client that it was revoked
	// from.
	Reinstate bool
}

// Adopt takes in a client that the BSP has already. The same steps run, and
// each of them finds what is done; numbers are not registered again. Adopting
// the same accounts for the same tenant again returns the first record, unless
// that client was let go or refused since.
func (f *Flow) Adopt(ctx context.Context, adoption AdoptRequest) (Record, error) {
	if adoption.Token.IsZero() {
		return Record{}, &graph.InputError{Field: "token", Reason: "is empty"}
	}
	if len(adoption.WABAs) == 0 {
		return Record{}, &graph.InputError{Field: "wabas", Reason: "is empty"}
	}
	parts := []string{string(adoption.Tenant)}
	for _, id := range adoption.WABAs {
		if err := graph.CheckID("waba-id", id); err != nil {
			return Record{}, err
		}
		parts = append(parts, string(id))
	}
	record := f.newRecord(adoption.Tenant, signup.VariantAdopted, signup.Claim{Business: adoption.Business, WABAs: adoption.WABAs}, adoption.Currency)
	record.Reinstate = adoption.Reinstate
	record, first, err := f.insertNext(ctx, record, strings.Join(parts, "/"))
	if err != nil || !first && (record.TokenKept || record.State.Final()) {
		return record, err
	}
	return f.keepToken(ctx, record, signup.Token{Access: adoption.Token})
}

// insertNext inserts an adoption behind those of the same accounts that are over.
func (f *Flow) insertNext(ctx context.Context, record Record, key string) (_ Record, first bool, err error) {
	for {
		record.Key = beginKey("adopted", key)
		stored, first, err := f.insert(ctx, record)
		if err != nil || first || stored.State != StateOffboarded && stored.State != StateRefused {
			return stored, first, err
		}
		key += "/again"
	}
}
