package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// shareLine makes our credit line pay for the WABA. Share looks, posts once and
// confirms; whatever is lost on the way, there is one allocation in the end.
func (o *onboarding) shareLine(ctx context.Context, acc *account) error {
	lines := credit.New(o.partner)
	if o.opts.dryRun || o.ask.Needed {
		if attached, err := o.look(ctx, lines, acc); err != nil || attached {
			return err
		}
	}
	if o.opts.dryRun {
		o.say("line %s does not pay for WABA %s: would share it with business %s, which bills us", o.to.CreditLine, acc.ID, acc.OwnerBusiness.ID)
		return nil
	}
	err := o.ask.Confirm(ctx, fmt.Sprintf("Share credit line %s with business %s (%s), and invoice WABA %s in %s? "+
		"Meta bills you for it,\nand neither the line nor the currency can be changed later.",
		o.to.CreditLine, acc.OwnerBusiness.ID, acc.OwnerBusiness.Name, acc.ID, o.opts.currency))
	if err != nil {
		return err
	}
	acc.share, err = lines.Share(ctx, credit.ShareRequest{
		Line: o.to.CreditLine, WABA: acc.ID, Business: acc.OwnerBusiness.ID, Currency: o.opts.currency, ClientToken: o.clientToken(),
	})
	if err != nil {
		return err
	}
	acc.attached = acc.share.Attached
	switch acc.share.Action {
	case credit.ActionNone:
		o.say("line %s paid for it before: nothing to do", o.to.CreditLine)
	case credit.ActionRecovered:
		o.say("the answer was lost; not sent again, but read: the share had taken effect")
	case credit.ActionAttached:
		o.say("line %s was shared with the client before; attached the WABA to it", o.to.CreditLine)
	default:
		o.say("line %s was not shared with the client; shared once, in %s", o.to.CreditLine, o.opts.currency)
	}
	o.meta("allocation %s, by reading it back", acc.share.Allocation.ID)
	return nil
}

// look tells whether the line pays for the WABA already.
func (o *onboarding) look(ctx context.Context, lines *credit.Client, acc *account) (bool, error) {
	allocation, found, err := lines.FindAllocation(ctx, o.to.CreditLine, acc.OwnerBusiness.ID)
	if err != nil {
		return false, err
	}
	acc.share = credit.ShareResult{Allocation: allocation, Business: acc.OwnerBusiness.ID}
	acc.attached = found && allocation.Credential.ID != "" && allocation.Credential.ID == acc.PrimaryFundingID
	if acc.attached {
		o.say("line %s pays for it: nothing to do", o.to.CreditLine)
	}
	return acc.attached, nil
}

// clientToken is what Share falls back on where Meta lets only the client attach.
func (o *onboarding) clientToken() wagraph.TokenSource {
	if o.token.Access.IsZero() || o.token.User {
		return nil
	}
	return o.token
}

// register connects the account's numbers. It is sent once per number, and
// never repeated: Meta locks a number after 10 times in 72 hours.
func (o *onboarding) register(ctx context.Context, acc *account) error {
	if len(acc.numbers) == 0 {
		o.say("no number to register")
	}
	for _, n := range acc.numbers {
		ready := n.Readiness()
		switch {
		case !ready.OK():
			o.say("no registration: %s %s", n.DisplayPhoneNumber, ready.Blocks[0])
		case o.opts.dryRun:
			o.say("%s is %s: would be registered", n.DisplayPhoneNumber, n.Status)
		default:
			if err := o.registerOne(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *onboarding) registerOne(ctx context.Context, n phonenumbers.Number) error {
	err := o.ask.Confirm(ctx, fmt.Sprintf("Register %s (%s) with the Cloud API, with the PIN of -pin? "+
		"Meta allows 10 registrations in 72 hours.", n.DisplayPhoneNumber, n.ID))
	if err != nil {
		return err
	}
	numbers := phonenumbers.New(o.client)
	err = numbers.Register(ctx, n.ID, o.opts.pin)
	if errors.Is(err, wagraph.ErrOutcomeUnknown) {
		seen, readErr := numbers.Get(ctx, n.ID, "id", "status")
		if readErr != nil || !seen.CanSend() {
			return errors.Join(err, readErr)
		}
		o.say("the answer was lost; not sent again, but read: the number is %s", seen.Status)
		return nil
	}
	if err != nil {
		return err
	}
	o.say("%s registered, once; the PIN is its two-step PIN from now on", n.DisplayPhoneNumber)
	o.meta("accepted")
	return nil
}

// check reads everything back, from all sides: what the summary says is what
// Meta says. It may be run for any WABA, at any time.
func (o *onboarding) check(ctx context.Context, acc *account) error {
	report, err := onboard.Diagnose(ctx, onboard.DiagnoseRequest{
		Client: o.partner, WABA: acc.ID, App: o.to.App, Token: o.token.Access, Line: o.to.CreditLine,
	})
	if err != nil {
		return err
	}
	if report.Account.ID != "" {
		acc.Account = report.Account
	}
	if err := o.readNumbers(ctx, acc); err != nil {
		return err
	}
	acc.report = report
	acc.attached = acc.share.Allocation.Credential.ID != "" && acc.share.Allocation.Credential.ID == acc.PrimaryFundingID
	o.meta("receiving credential of the allocation %s", orNone(acc.share.Allocation.Credential.ID))
	o.meta("primary funding id of the WABA         %s", orNone(acc.PrimaryFundingID))
	for _, n := range acc.numbers {
		o.meta("%s is %s", n.DisplayPhoneNumber, n.Status)
	}
	return nil
}

func orNone(id wagraph.FundingID) string {
	if id == "" || id == "0" {
		return "none"
	}
	return string(id)
}
