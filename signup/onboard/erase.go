package onboard

import (
	"context"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// EraseResult counts what EraseTenant deleted.
type EraseResult struct {
	Records, Secrets int
}

// EraseTenant deletes all records and secrets of a tenant, its numbers' PINs too. First
// offboard its clients: after the erasure no record says which allocation to revoke. Begin
// nothing for the tenant meanwhile. If it fails, call it again.
//
// Errors: an InputError for a tenant with a record that is not offboarded, refused, or
// without a token; the errors of the Store and of the Vault.
func (f *Flow) EraseTenant(ctx context.Context, tenant signup.Tenant) (EraseResult, error) {
	if err := f.made(ctx); err != nil {
		return EraseResult{}, err
	}
	if tenant == "" {
		return EraseResult{}, badField("tenant", "is empty")
	}
	for record, err := range f.cfg.Store.List(ctx, Filter{Tenant: tenant}) {
		if err != nil {
			return EraseResult{}, err
		}
		switch record.State {
		case StateOffboarded, StateRefused, StateNeedsNewSignup:
		default:
			return EraseResult{}, badField("tenant", "has record "+record.ID+", which is "+string(record.State)+": offboard it first")
		}
	}
	secrets, err := f.eraseSecrets(ctx, tenant)
	if err != nil {
		return EraseResult{Secrets: secrets}, err
	}
	records, err := f.cfg.Store.Erase(ctx, tenant)
	return EraseResult{Records: records, Secrets: secrets}, err
}

// eraseSecrets deletes the secrets of a tenant. The vault lists them one after another.
func (f *Flow) eraseSecrets(ctx context.Context, tenant signup.Tenant) (erased int, err error) {
	for entry, err := range f.cfg.Vault.List(ctx, vault.Ref{Tenant: tenant}) {
		if err != nil {
			return erased, err
		}
		if entry.Tenant != tenant {
			return erased, nil
		}
		if err := f.cfg.Vault.Delete(ctx, entry.Ref); err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}
