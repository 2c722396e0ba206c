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

// Flow takes clients from the callback of their signup to a number that can
// send. Everything that it does is noted in a Record, before or right after it
// is done, so that any process can go on from where another one stopped. It is
// safe for concurrent use, and has no goroutine of its own.
type Flow struct {
	Config
	client *signup.Client
	steps  []stepRow      // of the table, those that the configuration needs
	credit *credit.Client // one for all steps: it keeps shares of a client's WABAs apart
}

// tokenRef is where a record's token is in the vault.
func tokenRef(r Record) vault.Ref {
	return vault.Ref{Tenant: r.Tenant, Record: r.ID, Kind: vault.SecretToken}
}

// pinRef is where a number's PIN is in the vault.
func pinRef(r Record, number graph.PhoneNumberID) vault.Ref {
	return vault.Ref{Tenant: r.Tenant, Record: r.ID, Kind: vault.SecretPIN, Subject: string(number)}
}

// theirs calls with the client's token.
func (f *Flow) theirs(ctx context.Context, r Record) (*graph.Client, error) {
	secret, err := f.Vault.Get(ctx, tokenRef(r))
	if err != nil {
		return nil, err
	}
	return f.Client.As(signup.Token{Access: secret}), nil
}

// acting calls with the token that works on the client's assets: the client's
// own, or the partner's where the client's is a person's that lives hours.
func (f *Flow) acting(ctx context.Context, r Record) (*graph.Client, error) {
	if r.TokenOfUser {
		return f.Client, nil
	}
	return f.theirs(ctx, r)
}

// SetPIN keeps the two-step PIN that a client told for its number, six digits, in
// place of the one that was made up for it. Resume then registers with it.
func (f *Flow) SetPIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	if text := pin.Reveal(); len(text) != pinLength || phonenumbers.Digits(text) != text {
		return &graph.InputError{Field: "pin", Reason: "must be 6 digits"}
	}
	record, err := f.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	if record.Number(number) == nil {
		return &graph.InputError{Field: "phone-number-id", Reason: "is no number of this record"}
	}
	return f.Vault.Put(ctx, pinRef(record, number), pin, time.Time{})
}

const pinLength = 6
