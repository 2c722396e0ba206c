package onboard

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Flow takes a client from the callback of its signup to a number that can send.
// It stores in a Record what it is about to do or has just done, so that any
// process can continue where another one stopped. [New] makes it. It is safe for
// concurrent use, and none of its goroutines outlives the call that started it.
type Flow struct {
	cfg    Config
	client *signup.Client
	steps  []stepRow      // the rows of the table that the configuration needs
	credit *credit.Client // is shared by all steps: it serializes the shares of a client
}

// tokenRef returns the place of a record's token in the vault.
func tokenRef(r Record) vault.Ref {
	return vault.Ref{Tenant: r.Tenant, Record: r.ID, Kind: vault.SecretToken}
}

// customerClient returns a client that calls with the customer's token.
func (f *Flow) customerClient(ctx context.Context, r Record) (*graph.Client, error) {
	secret, err := f.cfg.Vault.Get(ctx, tokenRef(r))
	if err != nil {
		return nil, err
	}
	return f.cfg.Client.As(signup.Token{Access: secret}), nil
}

// assetClient returns a client that may write to the customer's assets. It calls
// with the customer's token, or with the partner's token if the customer's is the
// short-lived token of a person.
func (f *Flow) assetClient(ctx context.Context, r Record) (*graph.Client, error) {
	if r.TokenOfUser {
		return f.cfg.Client, nil
	}
	return f.customerClient(ctx, r)
}

// SetCurrency sets the currency of a record that has none or a wrong one. Resume
// then shares the credit line with it. Meta does not change the currency of a WABA
// that the line was shared with. Errors: ErrNoRecord; an InputError for a currency
// that is not an ISO 4217 code, and for a record whose onboarding has ended or whose
// WABAs all have the line; ErrBusy while a worker has the client's assets, because the
// line may be shared in the old currency just then: call it again later.
func (f *Flow) SetCurrency(ctx context.Context, id, currency string) error {
	if err := f.made(ctx); err != nil {
		return err
	}
	if err := credit.CheckCurrency(currency); err != nil {
		return err
	}
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := record.mayTakeCurrency(); err != nil {
		return err
	}
	business := record.Business
	if business != "" {
		h, err := f.hold(ctx, BusinessObject(business))
		if err != nil {
			return err
		}
		defer h.release(ctx)
	}
	_, err = f.edit(ctx, id, func(record *Record) (bool, error) {
		if err := record.mayTakeCurrency(); err != nil {
			return false, err
		}
		if record.Business != business {
			return false, fmt.Errorf("%w: the client's business was just confirmed", ErrBusy)
		}
		record.Currency = currency
		return true, nil
	})
	return err
}

// mayTakeCurrency refuses a record in which a currency has no effect any more.
func (r *Record) mayTakeCurrency() error {
	switch {
	case r.State.Final():
		return badField("record", "is "+string(r.State)+": its currency can no longer change")
	case r.allShared():
		return badField("currency", "cannot change: the credit line is shared in "+r.Currency)
	}
	return nil
}

// allShared reports whether each WABA of the record has the credit line.
func (r *Record) allShared() bool {
	shares := 0
	for i := range r.Steps {
		if r.Steps[i].Name != StepShare {
			continue
		}
		if r.Steps[i].State != StepDone {
			return false
		}
		shares++
	}
	return shares > 0
}
