package onboard

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// pinRef returns the place of a number's PIN in the vault.
func pinRef(tenant signup.Tenant, number graph.PhoneNumberID) vault.Ref {
	return vault.Ref{Tenant: tenant, Kind: vault.SecretPIN, Subject: string(number)}
}

// nextPINRef returns the place of a PIN that is being set at Meta.
func nextPINRef(tenant signup.Tenant, number graph.PhoneNumberID) vault.Ref {
	return vault.Ref{Tenant: tenant, Kind: vault.SecretNextPIN, Subject: string(number)}
}

// SetPIN stores the two-step PIN that the client gave for its number: six digits,
// in place of the PIN that the Flow made. It does not change the PIN at Meta. Resume
// then registers with it. Errors: ErrNoRecord; ErrBusy while a worker has the number;
// an InputError for a number that the record does not have.
func (f *Flow) SetPIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	return f.withNumber(ctx, id, number, pin, func(ctx context.Context, record Record) error {
		return f.cfg.Vault.Put(ctx, pinRef(record.Tenant, number), pin, time.Time{})
	})
}

// ChangePIN sets another two-step PIN at Meta and in the vault: six digits. The new PIN
// is sealed before the call, so that it is never lost. If the answer is lost, or if the
// process dies, the next ChangePIN or registration of the number finishes the change
// first. If Meta refuses the PIN, the earlier one stays.
//
// Errors: ErrNoRecord; ErrBusy while a worker has the number; an InputError for a number
// that the record does not have; those of phonenumbers.Client.SetPIN and of the Vault.
func (f *Flow) ChangePIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	return f.withNumber(ctx, id, number, pin, func(ctx context.Context, record Record) error {
		client, err := f.assetClient(ctx, record)
		if err != nil {
			return err
		}
		if err := f.cfg.Vault.Put(ctx, nextPINRef(record.Tenant, number), pin, time.Time{}); err != nil {
			return err
		}
		return f.finishPIN(ctx, client, record.Tenant, number)
	})
}

// withNumber checks a PIN, and leases the number of a record for what is done with it: a
// worker may just read the PIN that is replaced.
func (f *Flow) withNumber(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret, do func(context.Context, Record) error) error {
	if err := f.made(ctx); err != nil {
		return err
	}
	if err := phonenumbers.CheckPIN(pin); err != nil {
		return err
	}
	record, err := f.cfg.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	if record.Number(number) == nil {
		return badField("phone-number-id", "is not a number of this record")
	}
	h, err := f.hold(ctx, NumberObject(number))
	if err != nil {
		return err
	}
	defer h.release(ctx)
	ctx, cancel := h.until(ctx)
	defer cancel()
	return do(ctx, record)
}

// finishPIN finishes a change of the PIN that was begun, if there is one. Meta does not
// ask for the earlier PIN: the new one can be set any number of times.
func (f *Flow) finishPIN(ctx context.Context, client *graph.Client, tenant signup.Tenant, number graph.PhoneNumberID) error {
	secrets := f.cfg.Vault
	next, err := secrets.Get(ctx, nextPINRef(tenant, number))
	if errors.Is(err, vault.ErrNoSecret) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := phonenumbers.New(client).SetPIN(ctx, number, next); err != nil {
		if _, passes := waitAfter(err, 1, time.Now()); passes {
			return err
		}
		return joined(err, secrets.Delete(ctx, nextPINRef(tenant, number)))
	}
	if err := secrets.Put(ctx, pinRef(tenant, number), next, time.Time{}); err != nil {
		return err
	}
	return secrets.Delete(ctx, nextPINRef(tenant, number))
}
