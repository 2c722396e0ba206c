package onboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/chain"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// inspect asks Meta what the token grants.
func (j *job) inspect(ctx context.Context) (func(*Record), error) {
	secret, err := j.flow.cfg.Vault.Get(ctx, tokenRef(j.record))
	if err != nil {
		return nil, err
	}
	info, err := j.flow.client.Debug(ctx, secret)
	if err != nil {
		return nil, err
	}
	if err := info.Err(); err != nil {
		return nil, err
	}
	if info.AppID != j.flow.cfg.App.ID {
		return nil, fmt.Errorf("%w: the token belongs to app %s", errNotOurs, info.AppID)
	}
	grants := info.Grants()
	return func(r *Record) {
		r.Granted, r.Unrestricted = grants.WABAs, grants.Unrestricted
		r.expire(info.ExpiresAt.Time)
	}, nil
}

func readAccount(ctx context.Context, client *graph.Client, id graph.WABAID) (waba.Account, error) {
	return waba.New(client).Get(ctx, id, "id", "name", "currency", "owner_business_info", "primary_funding_id")
}

// assets is what confirm reads of one WABA.
type assets struct {
	account waba.Account
	numbers []phonenumbers.Number
}

// confirm reads the claimed WABAs, or the granted ones if none was claimed. It uses
// the client's token: a WABA that this token cannot read was not shared.
func (j *job) confirm(ctx context.Context) (func(*Record), error) {
	customer, err := j.flow.customerClient(ctx, j.record)
	if err != nil {
		return nil, err
	}
	j.record.Claim = j.record.believed()
	ids, err := j.candidates(ctx, customer)
	if err != nil {
		return nil, err
	}
	read := make([]assets, len(ids))
	var reads []func() error
	for i, id := range ids {
		reads = append(reads, func() (err error) {
			read[i], err = j.readAssets(ctx, customer, id)
			return err
		})
	}
	if err := sideBySide("the step confirm", reads...); err != nil {
		return nil, err
	}
	business := j.record.Claim.Business
	for i := range read {
		switch owner := read[i].account.OwnerBusiness.ID; {
		case owner == "":
		case business == "":
			business = owner
		case owner != business:
			return nil, fmt.Errorf("%w: WABA %s is owned by business %s, not by %s", errNotOurs, ids[i], owner, business)
		}
	}
	if err := j.numbersFound(read); err != nil {
		return nil, err
	}
	if err := j.awaitNumbers(read); err != nil {
		return nil, err
	}
	return func(r *Record) { j.enter(r, business, read) }, nil
}

// awaitNumbers returns an error while the accounts have no number and may soon have one:
// a signup brings a number, unless it says otherwise.
func (j *job) awaitNumbers(read []assets) error {
	brings := j.record.Variant != signup.VariantOnlyWABA && j.record.Variant != signup.VariantAdopted
	until := j.record.Created.Add(claimWithin)
	if !brings || !j.now().Before(until) || slices.ContainsFunc(read, func(a assets) bool { return len(a.numbers) > 0 }) {
		return nil
	}
	return later{at: j.now().Add(numberPoll), err: errNoNumberYet}
}

// numberPoll is how often the numbers of a new WABA are read.
const numberPoll = 30 * time.Second

// believed returns the part of the claim that the token's grants allow. A claimed WABA
// that was not granted is left out; if none was granted, the claim is about another
// client, and the grants suffice without it.
func (r *Record) believed() signup.Claim {
	claim := r.Claim
	if len(r.Granted) == 0 || r.Unrestricted || len(claim.WABAs) == 0 || !r.hasBrowser() {
		return claim
	}
	claim.WABAs = slices.DeleteFunc(slices.Clone(claim.WABAs), func(id graph.WABAID) bool { return !slices.Contains(r.Granted, id) })
	if len(claim.WABAs) == 0 {
		return signup.Claim{Solution: claim.Solution}
	}
	return claim
}

// hasBrowser reports whether the claim came from a browser. The accounts of an adoption
// come from the partner's database, and those of a webhook from Meta: a token that does
// not reach them is the wrong one.
func (r *Record) hasBrowser() bool {
	return r.Variant != signup.VariantAdopted && r.Variant != signup.VariantHosted
}

// numbersFound returns an error if a claimed number is in none of the accounts:
// without it, the onboarding would leave out the number that the client wants to
// use. The event of a signup without a number may name one, which is ignored.
func (j *job) numbersFound(read []assets) error {
	if j.record.Variant == signup.VariantOnlyWABA {
		return nil
	}
	found := func(is func(phonenumbers.Number) bool) bool {
		return slices.ContainsFunc(read, func(a assets) bool { return slices.ContainsFunc(a.numbers, is) })
	}
	for _, id := range j.record.Claim.Numbers {
		if !found(func(n phonenumbers.Number) bool { return n.ID == id }) {
			return fmt.Errorf("%w: number %s was claimed, and is in none of the WABAs", errNotOurs, id)
		}
	}
	for _, phone := range j.record.Claim.PreVerified {
		if !found(func(n phonenumbers.Number) bool { return n.Digits() == phonenumbers.Digits(phone) }) {
			return fmt.Errorf("%w: the pre-verified number %s is in none of the WABAs", errNotOurs, phone)
		}
	}
	return nil
}

// candidates returns the WABAs that this onboarding is about.
func (j *job) candidates(ctx context.Context, customer *graph.Client) ([]graph.WABAID, error) {
	claimed := j.record.Claim.WABAs
	if len(claimed) == 0 {
		if len(j.record.Granted) > 0 {
			return j.record.Granted, nil
		}
		return j.ownedAccounts(ctx, customer)
	}
	for _, id := range claimed {
		if !slices.Contains(j.record.Granted, id) && !j.record.Unrestricted {
			return nil, fmt.Errorf("%w: WABA %s was claimed, and the token was not granted it", errNotOurs, id)
		}
	}
	return claimed, nil
}

// ownedAccounts lists the accounts that the client owns, for a token that is not
// limited to accounts and a signup without a claim.
func (j *job) ownedAccounts(ctx context.Context, customer *graph.Client) ([]graph.WABAID, error) {
	business := j.record.Claim.Business
	if until := j.record.Created.Add(claimWithin); (business == "" || !j.record.Unrestricted) && j.now().Before(until) {
		return nil, later{at: until, err: errNoClaimYet}
	}
	if business == "" || !j.record.Unrestricted {
		return nil, fmt.Errorf("%w: the token names no WABA, and none was claimed", errNotOurs)
	}
	var ids []graph.WABAID
	for account, err := range waba.New(customer).Owned(business, waba.Query{Fields: graph.Fields{"id"}}).All(ctx) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, account.ID)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: business %s owns no WABA", errNotOurs, business)
	}
	return ids, nil
}

func (j *job) readAssets(ctx context.Context, customer *graph.Client, id graph.WABAID) (read assets, err error) {
	err = sideBySide("the step confirm", func() (err error) {
		read.account, err = readAccount(ctx, customer, id)
		return err
	}, func() (err error) {
		read.numbers, err = readNumbers(ctx, customer, id)
		return err
	})
	if graph.KindOf(err) == graph.ErrNotFound {
		err = fmt.Errorf("%w: WABA %s cannot be read with the client's token: %w", errNotOurs, id, chain.Without(err, graph.ErrInput))
	}
	return read, err
}

func readNumbers(ctx context.Context, client *graph.Client, id graph.WABAID) ([]phonenumbers.Number, error) {
	query := phonenumbers.Query{Fields: phonenumbers.StatusFields()}
	return graph.Collect(phonenumbers.New(client).List(id, query).All(ctx), 0)
}

// enter writes the confirmed assets into the record, and opens their steps.
func (j *job) enter(r *Record, business graph.BusinessID, read []assets) {
	r.Business, r.Claim = business, j.record.Claim
	for _, a := range read {
		if r.Account(a.account.ID) == nil {
			r.Accounts = append(r.Accounts, AccountRecord{ID: a.account.ID})
		}
		*r.Account(a.account.ID) = AccountRecord{
			ID: a.account.ID, Name: a.account.Name, Business: business,
			Funding: a.account.PrimaryFundingID, Currency: a.account.Currency,
			Allocation: r.Account(a.account.ID).Allocation,
		}
		subject := string(a.account.ID)
		j.flow.openSteps(r, subject, ofAccount)
		for _, n := range a.numbers {
			j.enterNumber(r, a.account.ID, n)
		}
	}
	j.flow.openSteps(r, "", atEnd)
}

// enterNumber writes a number into the record if it was claimed, or if no number
// was claimed. Whether the Business app has the number is what Meta says, whatever the
// browser said.
func (j *job) enterNumber(r *Record, id graph.WABAID, n phonenumbers.Number) {
	if !j.wants(n) {
		return
	}
	preVerified := claimsPreVerified(r.Claim, n)
	if r.Number(n.ID) == nil {
		r.Numbers = append(r.Numbers, NumberRecord{ID: n.ID, WABA: id})
	}
	number := r.Number(n.ID)
	number.Display, number.Connected = n.DisplayPhoneNumber, n.CanSend()
	number.OnBusinessApp = bool(n.OnBusinessApp)
	switch {
	case number.OnBusinessApp:
		r.Variant = signup.VariantCoexistence
		r.deadline(DeadlineHistory, string(n.ID), r.Created.Add(historyWithin))
	case number.Connected:
	case preVerified || r.Variant == signup.VariantPreVerified:
		r.deadline(DeadlineRegister, string(n.ID), r.Created.Add(preVerifiedWithin))
	default:
		r.deadline(DeadlineRegister, string(n.ID), r.Created.Add(registerWithin))
	}
	j.flow.openSteps(r, string(n.ID), ofNumber)
}

// wants reports whether the onboarding is about a number.
func (j *job) wants(n phonenumbers.Number) bool {
	claim := j.record.Claim
	return len(claim.Numbers)+len(claim.PreVerified) == 0 || slices.Contains(claim.Numbers, n.ID) || claimsPreVerified(claim, n)
}

func claimsPreVerified(claim signup.Claim, n phonenumbers.Number) bool {
	return slices.ContainsFunc(claim.PreVerified, func(phone string) bool { return phonenumbers.Digits(phone) == n.Digits() })
}

// approve calls Config.Approve. A refusal deletes the token and ends the record. A
// panic fails the step: it is not an approval, and trying again does not help.
func (j *job) approve(ctx context.Context) (func(*Record), error) {
	if j.flow.cfg.Approve == nil {
		return nil, nil
	}
	panicked := true
	err := run("Config.Approve", func() error {
		err := j.flow.cfg.Approve(ctx, j.record.Clone())
		panicked = false
		return err
	})
	switch {
	case err == nil, panicked:
		return nil, err
	case !errors.Is(err, ErrRefused):
		return nil, fmt.Errorf("%w: %w", errNotDecided, chain.Without(err, graph.ErrInput))
	}
	if err := j.flow.cfg.Vault.Delete(ctx, tokenRef(j.record)); err != nil {
		return nil, err
	}
	return func(r *Record) {
		step := r.Step(StepApprove, "")
		step.State, step.Ended, step.Reason = StepFailed, j.now(), err.Error()
		r.State, r.TokenKept, r.Deadlines = StateRefused, false, nil
	}, nil
}
