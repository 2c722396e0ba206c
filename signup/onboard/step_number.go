package onboard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const (
	// registrationWindow and registrationBudget are below Meta's limit of 10
	// registrations of a number in 72 hours. The last one is left to people: a
	// number above the limit is locked for 72 hours.
	registrationWindow = 72 * time.Hour
	registrationBudget = 9
)

func (j *job) number() graph.PhoneNumberID { return graph.PhoneNumberID(j.step.Subject) }

// register registers the number, unless it is connected. It stores the PIN in the
// vault and the attempt in the record before the call: Meta counts the attempts,
// and the PIN must not be lost.
func (j *job) register(ctx context.Context) (func(*Record), error) {
	switch entered := j.record.Number(j.number()); {
	case entered == nil:
		return nil, skip{"the number is no longer part of this record"}
	case entered.OnBusinessApp:
		return nil, skip{"a number of the Business app came registered"}
	case j.flow.cfg.NoRegister:
		return nil, skip{"Config.NoRegister leaves the numbers unregistered"}
	case j.record.Variant == signup.VariantOnPremises:
		return j.certificate(ctx)
	}
	client, err := j.flow.assetClient(ctx, j.record)
	if err != nil {
		return nil, err
	}
	number, err := phonenumbers.New(client).Get(ctx, j.number(), phonenumbers.StatusFields()...)
	if err != nil {
		return nil, err
	}
	seen := func(r *Record) { r.see(number) }
	ready := number.Readiness()
	switch {
	case bool(number.OnBusinessApp):
		return seen, skip{"a number of the Business app came registered"}
	case number.CanSend():
		return seen, nil
	case j.record.Variant == signup.VariantAdopted:
		return seen, skip{"a client that was taken over is not registered again"}
	case !ready.OK():
		return seen, &graph.InputError{Field: "phone number " + number.DisplayPhoneNumber, Reason: ready.String()}
	}
	earlier, err := j.earlier(ctx)
	if err != nil {
		return seen, err
	}
	pin, err := j.pin(ctx, earlier)
	if err != nil {
		return seen, err
	}
	if err := j.spendRegistration(earlier.registrations); err != nil {
		return seen, err
	}
	if err := phonenumbers.New(client).Register(ctx, number.ID, pin); err != nil {
		return seen, err
	}
	number.Status = phonenumbers.StatusConnected
	return seen, nil
}

// see writes into the record what was read of a number.
func (r *Record) see(n phonenumbers.Number) {
	number := r.Number(n.ID)
	if number == nil {
		return
	}
	number.Display, number.Connected = n.DisplayPhoneNumber, n.CanSend() || bool(n.OnBusinessApp)
	number.Notes = n.Readiness().Notes
	if number.Connected {
		r.met(DeadlineRegister, string(n.ID))
	}
}

// pin returns the number's PIN. It is sealed before it is used. A number from an
// earlier onboarding of this client keeps its PIN.
func (j *job) pin(ctx context.Context, earlier earlierOnes) (graph.Secret, error) {
	ref := pinRef(j.record, j.number())
	pin, err := j.flow.cfg.Vault.Get(ctx, ref)
	if !errors.Is(err, vault.ErrNoSecret) {
		return pin, err
	}
	if pin = earlier.pin; pin.IsZero() {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return graph.Secret{}, err
		}
		pin = graph.NewSecret(fmt.Sprintf("%0*d", phonenumbers.PINLength, n))
	}
	if err := j.flow.cfg.Vault.Put(ctx, ref, pin, time.Time{}); err != nil {
		return graph.Secret{}, err
	}
	return pin, nil
}

// earlierOnes is what the client's other records know of a number.
type earlierOnes struct {
	pin           graph.Secret
	registrations []time.Time
}

// earlier reads the client's other records, once for each onboarding: Meta counts
// the registrations of the number, not of the record, and the number keeps its PIN.
func (j *job) earlier(ctx context.Context) (found earlierOnes, err error) {
	if j.record.Number(j.number()).PINKept {
		return found, nil
	}
	for record, err := range j.flow.cfg.Store.List(ctx, Filter{Business: j.record.Business}) {
		if err != nil {
			return found, err
		}
		number := record.Number(j.number())
		if number == nil || record.ID == j.record.ID {
			continue
		}
		found.registrations = append(found.registrations, number.Registrations...)
		if !number.PINKept || record.Tenant != j.record.Tenant {
			continue
		}
		if found.pin, err = j.flow.cfg.Vault.Get(ctx, pinRef(record, number.ID)); err != nil && !errors.Is(err, vault.ErrNoSecret) {
			return found, err
		}
	}
	return found, nil
}

// spendRegistration stores a registration before it is sent. If there were too many,
// it returns when the number may be registered again.
func (j *job) spendRegistration(earlier []time.Time) error {
	var exceeded error
	err := j.note(func(r *Record) {
		number := r.Number(j.number())
		now := time.Now().UTC()
		number.PINKept = true
		number.Registrations = slices.SortedFunc(slices.Values(append(number.Registrations, earlier...)), time.Time.Compare)
		number.Registrations = slices.DeleteFunc(number.Registrations, func(t time.Time) bool { return now.Sub(t) >= registrationWindow })
		if len(number.Registrations) >= registrationBudget {
			exceeded = later{at: number.Registrations[0].Add(registrationWindow), err: errBudget}
			return
		}
		number.Registrations = append(number.Registrations, now)
	})
	return errors.Join(err, exceeded)
}

// certificate ends the onboarding of an On-Premises number: the client registers it
// with its certificate. Only the partner's token can read the certificate.
func (j *job) certificate(ctx context.Context) (func(*Record), error) {
	number, err := phonenumbers.New(j.flow.cfg.Client).Get(ctx, j.number())
	if err != nil {
		return nil, err
	}
	seen := func(r *Record) { r.see(number) }
	if number.Certificate == "" {
		return seen, later{at: time.Now().Add(longestWait), err: fmt.Errorf("%w: the display name is %s", errNoCertificate, number.NameStatus)}
	}
	return seen, nil
}
