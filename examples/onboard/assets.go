package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// confirm reads the WABAs with the client's token, which proves that it reaches
// them, and their numbers with ours: Meta serves certificates to the partner.
func (o *onboarding) confirm(ctx context.Context) error {
	reader := o.partner
	if !o.token.Access.IsZero() {
		reader = o.partner.As(o.token)
		if !o.token.User { // a person's token lives hours: everything else is done with ours
			o.client = reader
		}
	}
	for _, id := range o.chosen() {
		read, err := waba.New(reader).Get(ctx, id)
		if err != nil {
			return err
		}
		acc := &account{Account: read}
		o.accounts = append(o.accounts, acc)
		o.meta("WABA %s, %q", acc.ID, acc.Name)
		o.meta("owned by business %s, %q", acc.OwnerBusiness.ID, acc.OwnerBusiness.Name)
		if err := o.readNumbers(ctx, acc); err != nil {
			return err
		}
		for _, n := range acc.numbers {
			o.meta("number %s, %s, %s", n.ID, n.DisplayPhoneNumber, n.Status)
			o.meta("name %q, %s, certificate: %s", n.VerifiedName, n.NameStatus, certificate(n))
		}
		if len(acc.numbers) == 0 {
			o.meta("no number yet")
		}
	}
	return nil
}

// certificate says how far the number's certificate is.
func certificate(n phonenumbers.Number) string {
	switch {
	case n.NewCertificate != "":
		return "a new one waits for a registration"
	case n.Certificate != "":
		return "ready"
	}
	return "none"
}

var errNoNumber = errors.New("the WABA has no number with the id of -phone")

func (o *onboarding) readNumbers(ctx context.Context, acc *account) error {
	numbers, err := wagraph.Collect(phonenumbers.New(o.partner).List(acc.ID, phonenumbers.Query{}).All(ctx), 0)
	if err != nil {
		return err
	}
	if o.opts.phone != "" {
		numbers = slices.DeleteFunc(numbers, func(n phonenumbers.Number) bool { return n.ID != o.opts.phone })
		if len(numbers) == 0 {
			return errNoNumber
		}
	}
	acc.numbers = numbers
	return nil
}

// subscribe makes the WABA's webhooks arrive, which the signup does not do.
// Other apps may be subscribed too: ours is told by its id.
func (o *onboarding) subscribe(ctx context.Context, acc *account) error {
	accounts := waba.New(o.client)
	subscribed := func() (bool, error) {
		for sub, err := range accounts.Subscriptions(acc.ID).All(ctx) {
			if err != nil {
				return false, err
			}
			if sub.App.ID == o.to.App.ID {
				return true, nil
			}
		}
		return false, nil
	}
	return o.ensure(subscribed, fmt.Sprintf("app %s", o.to.App.ID), "subscribed", func() error {
		return accounts.Subscribe(ctx, acc.ID)
	})
}

// assign lets our system user work on the WABA: sharing the credit line needs it.
func (o *onboarding) assign(ctx context.Context, acc *account) error {
	accounts := waba.New(o.partner)
	assigned := func() (bool, error) {
		for user, err := range accounts.Users(acc.ID, o.to.Business, waba.UserQuery{}).All(ctx) {
			if err != nil {
				return false, err
			}
			if string(user.ID) == string(o.to.SystemUser) {
				return slices.Contains(user.Tasks, waba.TaskManage), nil
			}
		}
		return false, nil
	}
	return o.ensure(assigned, fmt.Sprintf("system user %s", o.to.SystemUser), "assigned "+string(waba.TaskManage), func() error {
		return accounts.Assign(ctx, acc.ID, o.to.SystemUser, waba.TaskManage)
	})
}

// ensure looks, acts if it has to, and looks again.
func (o *onboarding) ensure(holds func() (bool, error), who, what string, act func() error) error {
	done, err := holds()
	switch {
	case err != nil:
		return err
	case done:
		o.say("%s was %s before: nothing to do", who, what)
		return nil
	case o.opts.dryRun:
		o.say("%s is not %s: would be", who, what)
		return nil
	}
	if err := act(); err != nil {
		return err
	}
	if done, err = holds(); err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("%s: Meta accepted the call, but reading does not show it %s", who, what)
	}
	o.say("%s was not %s; done", who, what)
	o.meta("%s, by reading it back", what)
	return nil
}
