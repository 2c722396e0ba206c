package onboard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
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
	return j.registerNumber(ctx, client, number)
}

// registerNumber registers a number that was seen not connected.
func (j *job) registerNumber(ctx context.Context, client *graph.Client, number phonenumbers.Number) (func(*Record), error) {
	seen := func(r *Record) { r.see(number) }
	earlier, err := j.earlier(ctx)
	if err != nil {
		return seen, err
	}
	if err := j.finishPIN(ctx, client); err != nil {
		return seen, err
	}
	pin, err := j.pin(ctx, earlier.legacy)
	if err != nil {
		return seen, err
	}
	if err := j.registerWith(ctx, client, pin, earlier.registrations); err != nil {
		return j.afterRefusal(ctx, client, seen, err)
	}
	number.Status = phonenumbers.StatusConnected
	return seen, nil
}

// finishPIN finishes a change of the PIN before a registration. If Meta refuses that, the
// registration shows which PIN the number has.
func (j *job) finishPIN(ctx context.Context, client *graph.Client) error {
	err := j.pinWork(client).finish(ctx)
	if errors.Is(err, graph.ErrInvalid) {
		return nil
	}
	return err
}

// wrongPIN is Meta's code for a PIN that is not the number's.
const wrongPIN graph.Code = 133005

// registerWith registers the number with its PIN. If the number has another one, and the
// end of a change of the PIN is not known, it tries the PIN of that change.
func (j *job) registerWith(ctx context.Context, client *graph.Client, pin graph.Secret, earlier []time.Time) error {
	w := j.pinWork(client)
	found, err := w.read(ctx)
	if err != nil {
		return err
	}
	err = j.registerOnce(ctx, client, pin, earlier)
	if !found.pending() {
		return err
	}
	if errors.Is(err, wrongPIN) {
		pin = found.next.secret
		err = j.registerOnce(ctx, client, pin, earlier)
	}
	if err != nil {
		return err
	}
	return w.over(ctx, found, pin)
}

// registerOnce stores a registration in the record and sends it.
func (j *job) registerOnce(ctx context.Context, client *graph.Client, pin graph.Secret, earlier []time.Time) error {
	if err := j.spendRegistration(earlier); err != nil {
		return err
	}
	if err := j.still(); err != nil {
		return err
	}
	return phonenumbers.New(client).Register(ctx, j.number(), pin)
}

// The subcodes of a refused registration that passes.
const (
	noPayment    = 2388103 // nothing pays for the WABA yet
	nameNotReady = 2388001 // the display name is being processed
)

// afterRefusal looks at a number whose registration Meta refused: it can be registered
// nevertheless. Some refusals pass: nothing pays for the WABA yet, or its name is still
// being processed.
func (j *job) afterRefusal(ctx context.Context, client *graph.Client, seen func(*Record), refusal error) (func(*Record), error) {
	meta, refused := errors.AsType[*graph.Error](refusal)
	if !refused || meta.Status < http.StatusBadRequest || meta.Status >= http.StatusInternalServerError || meta.Kind == graph.ErrThrottled {
		return seen, refusal // the next attempt looks first
	}
	number, err := phonenumbers.New(client).Get(ctx, j.number(), phonenumbers.StatusFields()...)
	if err == nil && number.CanSend() {
		return func(r *Record) { r.see(number) }, nil
	}
	switch meta.Subcode {
	case noPayment:
		share := j.record.Step(StepShare, string(j.record.Number(j.number()).WABA))
		switch {
		case share != nil && share.State == StepOpen:
			return both(seen, func(r *Record) { r.Step(j.step.Name, j.step.Subject).Needs = StepShare }), later{at: j.now(), err: refusal}
		case share.over() && j.step.Attempts < paymentTries:
			return seen, later{at: j.now().Add(paymentWait << j.step.Attempts), err: refusal}
		}
	case nameNotReady:
		return seen, later{at: j.now().Add(nameWait(j.step.Attempts)), err: refusal}
	}
	return seen, refusal
}

const (
	// paymentWait is how long to wait until Meta sees that the line pays. Each wait is
	// twice as long as the one before.
	paymentWait = 5 * time.Minute
	// paymentTries is the number of attempts after which the step no longer waits for
	// that: five hours. Then it fails, and a person has to act. Some registrations of
	// the budget are left for that.
	paymentTries = 6
)

// nameWait returns how long to wait for a display name. All attempts of three days
// stay below Meta's limit.
func nameWait(attempts int) time.Duration {
	return min(time.Hour<<min(attempts, 10), 12*time.Hour)
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

// pin returns the number's PIN. It is sealed before it is used, and belongs to the
// number: each record of the tenant finds the same. legacy are places where versions
// before this one stored it.
func (j *job) pin(ctx context.Context, legacy []vault.Ref) (graph.Secret, error) {
	pin, err := j.knownPIN(ctx, legacy...)
	if !errors.Is(err, vault.ErrNoSecret) {
		return pin, err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return graph.Secret{}, err
	}
	return j.keepNew(ctx, graph.NewSecret(fmt.Sprintf("%0*d", phonenumbers.PINLength, n)))
}

// keepNew stores the PIN of a number that has none in the vault, and returns the PIN
// that the vault has then: another worker may have been quicker.
func (j *job) keepNew(ctx context.Context, pin graph.Secret) (graph.Secret, error) {
	secrets, ref := j.flow.cfg.Vault, pinRef(j.record.Tenant, j.number())
	err := secrets.PutNew(ctx, ref, pin, time.Time{})
	if errors.Is(err, vault.ErrChanged) {
		return secrets.Get(ctx, ref)
	}
	return pin, err
}

// knownPIN returns the PIN in the vault, or ErrNoSecret. It moves a PIN that it finds
// with a record to the number.
func (j *job) knownPIN(ctx context.Context, legacy ...vault.Ref) (graph.Secret, error) {
	secrets, ref := j.flow.cfg.Vault, pinRef(j.record.Tenant, j.number())
	pin, err := secrets.Get(ctx, ref)
	for _, old := range append(legacy, legacyPIN(j.record, j.number())) {
		if !errors.Is(err, vault.ErrNoSecret) {
			break
		}
		if pin, err = secrets.Get(ctx, old); err != nil {
			continue
		}
		if pin, err = j.keepNew(ctx, pin); err != nil {
			return graph.Secret{}, err
		}
		return pin, secrets.Delete(ctx, old)
	}
	return pin, err
}

// earlierOnes is what other records know of a number.
type earlierOnes struct {
	legacy        []vault.Ref
	registrations []time.Time
}

// earlier reads the other records of the number: Meta counts the registrations of the
// number, not of the record.
func (j *job) earlier(ctx context.Context) (found earlierOnes, err error) {
	for record, err := range j.flow.cfg.Store.List(ctx, Filter{Number: j.number()}) {
		if err != nil {
			return found, err
		}
		number := record.Number(j.number())
		if number == nil || record.ID == j.record.ID {
			continue
		}
		found.registrations = append(found.registrations, number.Registrations...)
		if number.PINKept && record.Tenant == j.record.Tenant {
			found.legacy = append(found.legacy, legacyPIN(record, number.ID))
		}
	}
	return found, nil
}

// legacyPIN is where versions before this one stored the PIN: with the record.
func legacyPIN(r Record, number graph.PhoneNumberID) vault.Ref {
	return vault.Ref{Tenant: r.Tenant, Record: r.ID, Kind: vault.SecretPIN, Subject: string(number)}
}

// spendRegistration stores a registration before it is sent. If there were too many,
// it returns when the number may be registered again.
func (j *job) spendRegistration(earlier []time.Time) error {
	var exceeded error
	err := j.note(func(r *Record) {
		number := r.Number(j.number())
		now := j.now()
		number.PINKept = true
		number.Registrations = slices.SortedFunc(slices.Values(append(number.Registrations, earlier...)), time.Time.Compare)
		number.Registrations = slices.CompactFunc(number.Registrations, time.Time.Equal)
		number.Registrations = slices.DeleteFunc(number.Registrations, func(t time.Time) bool { return now.Sub(t) >= registrationWindow })
		if len(number.Registrations) >= registrationBudget {
			exceeded = later{at: number.Registrations[0].Add(registrationWindow), err: errBudget}
			return
		}
		number.Registrations = append(number.Registrations, now)
	})
	return joined(err, exceeded)
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
		return seen, later{at: j.now().Add(longestWait), err: fmt.Errorf("%w: the display name is %s", errNoCertificate, number.NameStatus)}
	}
	return seen, nil
}
