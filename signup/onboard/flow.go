package onboard

import (
	"context"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
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

// pinRef returns the place of a number's PIN in the vault.
func pinRef(tenant signup.Tenant, number graph.PhoneNumberID) vault.Ref {
	return vault.Ref{Tenant: tenant, Kind: vault.SecretPIN, Subject: string(number)}
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

// SetPIN stores the two-step PIN that the client gave for its number: six digits,
// in place of the PIN that the Flow made. It does not change the PIN at Meta. Resume
// then registers with it. Errors: ErrNoRecord; ErrBusy while a worker has the number;
// an InputError for a number that the record does not have.
func (f *Flow) SetPIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	if err := f.made(ctx); err != nil {
		return err
	}
	if text := pin.Reveal(); len(text) != phonenumbers.PINLength || phonenumbers.Digits(text) != text {
		return badField("pin", "must be 6 digits")
	}
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	if record.Number(number) == nil {
		return badField("phone-number-id", "is not a number of this record")
	}
	// A worker may just read the PIN that is replaced here.
	h, err := f.hold(ctx, NumberObject(number))
	if err != nil {
		return err
	}
	defer h.release(ctx)
	return f.cfg.Vault.Put(ctx, pinRef(record.Tenant, number), pin, time.Time{})
}

// SetCurrency sets the currency of a record that has none or a wrong one. Resume
// then shares the credit line with it. Meta does not change the currency of a WABA
// that the line was shared with. Errors: ErrNoRecord; an InputError for a currency
// that is not an ISO 4217 code, and for a record whose onboarding has ended or whose
// WABAs all have the line.
func (f *Flow) SetCurrency(ctx context.Context, id, currency string) error {
	if err := f.made(ctx); err != nil {
		return err
	}
	if err := credit.CheckCurrency(currency); err != nil {
		return err
	}
	_, err := f.edit(ctx, id, func(record *Record) (bool, error) {
		switch {
		case record.State.Final():
			return false, badField("record", "is "+string(record.State)+": its currency can no longer change")
		case record.allShared():
			return false, badField("currency", "cannot change: the credit line is shared in "+record.Currency)
		}
		record.Currency = currency
		return true, nil
	})
	return err
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
