package onboard

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
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
// then registers with it. A change that ChangePIN began and did not finish is dropped.
// Errors: ErrNoRecord; ErrBusy while a worker has the number; an InputError for a number
// that the record does not have.
func (f *Flow) SetPIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	return f.withNumber(ctx, id, number, pin, func(ctx context.Context, h *hold, record Record) error {
		w := pinWork{f.cfg.Vault, nil, record.Tenant, number, h.check}
		found, err := w.read(ctx)
		if err != nil {
			return err
		}
		return w.over(ctx, found, pin)
	})
}

// ChangePIN sets another two-step PIN at Meta and in the vault: six digits. The new PIN
// is sealed before the call, so that it is never lost. If the answer is lost, or if the
// process dies, the next ChangePIN or registration of the number finishes the change
// first. If Meta refuses the PIN, the earlier one stays.
//
// If Meta refuses to finish an earlier change whose answer was lost, the number may have
// either PIN. The vault keeps both, and ChangePIN returns Meta's error. A registration
// tries both. If the client knows the PIN, SetPIN stores it.
//
// Errors: ErrNoRecord; ErrBusy while a worker has the number; an InputError for a number
// that the record does not have; those of phonenumbers.Client.SetPIN and of the Vault.
func (f *Flow) ChangePIN(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret) error {
	return f.withNumber(ctx, id, number, pin, func(ctx context.Context, h *hold, record Record) error {
		client, err := f.assetClient(ctx, record)
		if err != nil {
			return err
		}
		w := pinWork{f.cfg.Vault, client, record.Tenant, number, h.check}
		if err := w.finish(ctx); err != nil {
			return err
		}
		return w.change(ctx, pin)
	})
}

// withNumber checks a PIN, and leases the number of a record for what is done with it: a
// worker may just read the PIN that is replaced.
func (f *Flow) withNumber(ctx context.Context, id string, number graph.PhoneNumberID, pin graph.Secret, do func(context.Context, *hold, Record) error) error {
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
	return do(ctx, h, record)
}

// pinWork is what a worker does with the PIN of a number that it has leased. It compares
// before it writes: a write that arrives after the lease has ended finds another secret
// than the worker read, and changes nothing.
type pinWork struct {
	secrets vault.Vault
	client  *graph.Client
	tenant  signup.Tenant
	number  graph.PhoneNumberID
	still   func() error // returns an error if the lease has ended
}

func (j *job) pinWork(client *graph.Client) pinWork {
	return pinWork{j.flow.cfg.Vault, client, j.record.Tenant, j.number(), j.still}
}

// pins is what the vault has for a number: its PIN, and the one that is being set at Meta.
type pins struct{ now, next keptPIN }

// keptPIN is what the vault had under a Ref when it was read. The secret is empty if there
// was none, or none that can be opened.
type keptPIN struct {
	ref    vault.Ref
	secret graph.Secret
	broken error // ErrSealBroken
}

// pending reports whether a change was begun whose end is not known.
func (p pins) pending() bool { return phonenumbers.CheckPIN(p.next.secret) == nil }

// overPIN returns what stands in the place of the next PIN once the change is over. Each
// change has another text: a late write of an earlier change does not find its own.
func overPIN() graph.Secret { return graph.NewSecret("over " + rand.Text()) }

func (w pinWork) read(ctx context.Context) (found pins, err error) {
	if found.now, err = w.readOne(ctx, pinRef(w.tenant, w.number)); err != nil {
		return found, err
	}
	found.next, err = w.readOne(ctx, nextPINRef(w.tenant, w.number))
	return found, err
}

func (w pinWork) readOne(ctx context.Context, ref vault.Ref) (keptPIN, error) {
	secret, err := w.secrets.Get(ctx, ref)
	switch {
	case errors.Is(err, vault.ErrNoSecret):
		return keptPIN{ref: ref}, nil
	case errors.Is(err, vault.ErrSealBroken):
		return keptPIN{ref: ref, broken: err}, nil
	}
	return keptPIN{ref: ref, secret: secret}, err
}

// replace stores a secret in place of what was read.
func (w pinWork) replace(ctx context.Context, read keptPIN, fresh graph.Secret) error {
	if err := w.still(); err != nil {
		return err
	}
	switch {
	case read.broken != nil: // cannot be compared
		return w.secrets.Put(ctx, read.ref, fresh, time.Time{})
	case read.secret.IsZero():
		return w.secrets.PutNew(ctx, read.ref, fresh, time.Time{})
	}
	return w.secrets.Replace(ctx, read.ref, read.secret, fresh, time.Time{})
}

// over stores the PIN that the number has, and ends the change of the PIN if there is one.
func (w pinWork) over(ctx context.Context, found pins, pin graph.Secret) error {
	if err := w.replace(ctx, found.now, pin); err != nil {
		return err
	}
	if !found.pending() && found.next.broken == nil {
		return nil
	}
	return w.replace(ctx, found.next, overPIN())
}

// finish finishes a change of the PIN that was begun, if there is one. Meta does not ask
// for the earlier PIN: the new one can be set any number of times. If Meta refuses it now,
// an earlier call may nevertheless have set it: the vault keeps both.
func (w pinWork) finish(ctx context.Context) error {
	found, err := w.read(ctx)
	if err == nil {
		err = found.next.broken
	}
	if err != nil || !found.pending() {
		return err
	}
	if err := w.still(); err != nil {
		return err
	}
	if err := phonenumbers.New(w.client).SetPIN(ctx, w.number, found.next.secret); err != nil {
		return err
	}
	return w.over(ctx, found, found.next.secret)
}

// change seals a PIN as the next one, and sets it at Meta.
func (w pinWork) change(ctx context.Context, pin graph.Secret) error {
	found, err := w.read(ctx)
	if err != nil {
		return err
	}
	if err := w.replace(ctx, found.next, pin); err != nil {
		return err
	}
	found.next = keptPIN{ref: found.next.ref, secret: pin}
	if err := w.still(); err != nil {
		return err
	}
	err = phonenumbers.New(w.client).SetPIN(ctx, w.number, pin)
	switch {
	case err == nil:
		return w.over(ctx, found, pin)
	case refusedAtOnce(err):
		return joined(err, w.replace(ctx, found.next, overPIN()))
	}
	return err
}

// refusedAtOnce reports whether Meta refused a call that was sent only once: it changed
// nothing.
func refusedAtOnce(err error) bool {
	_, passes := waitAfter(err, 1, time.Now())
	meta, ok := errors.AsType[*graph.Error](err)
	return ok && !passes && meta.Attempts <= 1 && meta.Status >= http.StatusBadRequest && meta.Status < http.StatusInternalServerError
}
