package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// actions are the verbs on a target.
type actions struct {
	to   *target.Target
	opts options
	ask  cli.Asker
	out  *cli.Printer
}

func (a *actions) credit() *credit.Client { return credit.New(a.to.Client) }

func (a *actions) say(name, format string, args ...any) {
	a.out.Row("", 12, name, format, args...)
}

// lines lists the credit lines, with what is left of them.
func (a *actions) lines(ctx context.Context) error {
	found := false
	for line, err := range a.credit().Lines(a.to.Business, credit.Query{Fields: credit.LineFields()}).All(ctx) {
		if err != nil {
			return err
		}
		found = true
		left := ""
		if line.Available != nil && line.MaxBalance != nil {
			left = fmt.Sprintf(", %s of %s %s left", line.Available.Amount, line.MaxBalance.Amount, line.MaxBalance.Currency)
		}
		a.say("line", "%s, %q%s", line.ID, line.LegalEntityName, left)
	}
	if !found {
		a.say("line", "none; Graph gives a user without a finance role the same answer")
	}
	return nil
}

// funding is what the server says about the WABA and its allocation.
type funding struct {
	account    waba.Account
	allocation credit.Allocation
	attached   bool
}

// look reads the WABA, which names its payer, and the line, which names its allocations.
func (a *actions) look(ctx context.Context) (funding, error) {
	account, err := waba.New(a.to.Client).Get(ctx, a.opts.waba)
	if err != nil {
		return funding{}, err
	}
	allocation, found, err := a.credit().FindAllocation(ctx, a.to.CreditLine, account.OwnerBusiness.ID)
	if err != nil {
		return funding{}, err
	}
	return funding{account, allocation, found && allocation.Credential.ID != "" && allocation.Credential.ID == account.PrimaryFundingID}, nil
}

func (a *actions) check(ctx context.Context) error {
	s, err := a.look(ctx)
	if err == nil {
		a.show(s)
	}
	return err
}

func (a *actions) show(s funding) {
	a.say("WABA", "%s, %q, in %s", s.account.ID, s.account.Name, s.account.Currency)
	a.say("client", "business %s, %q", s.account.OwnerBusiness.ID, s.account.OwnerBusiness.Name)
	switch {
	case s.attached:
		a.say("credit", "allocation %s of line %s pays for it", s.allocation.ID, a.to.CreditLine)
	case s.allocation.ID != "":
		a.say("credit", "allocation %s: line %s is shared with the client, but does not pay for this WABA", s.allocation.ID, a.to.CreditLine)
	default:
		a.say("credit", "line %s is not shared with the client", a.to.CreditLine)
	}
}

// share makes the line pay for the WABA, once, and asks first.
func (a *actions) share(ctx context.Context) error {
	if a.opts.dryRun || a.ask.Needed {
		s, err := a.look(ctx)
		if err != nil {
			return err
		}
		a.show(s)
		switch {
		case s.attached:
			return nil
		case a.opts.dryRun:
			a.say("dry run", "would share the line, and attach the WABA")
			return nil
		}
	}
	err := a.ask.Confirm(ctx, fmt.Sprintf("Share credit line %s and invoice WABA %s in %s? "+
		"Meta bills you for it, and neither the line nor the currency can be changed later.",
		a.to.CreditLine, a.opts.waba, a.opts.currency))
	if err != nil {
		return err
	}
	share, err := a.credit().Share(ctx, credit.ShareRequest{Line: a.to.CreditLine, WABA: a.opts.waba, Currency: a.opts.currency})
	if err != nil {
		return err
	}
	a.say("shared", "action %s, attached %t, with business %s", share.Action, share.Attached, share.Business)
	a.say("allocation", "%s: keep this id, verify and revoke need it", share.Allocation.ID)
	a.opts.allocation = share.Allocation.ID
	return nil
}

var errNotAttached = errors.New("the allocation does not pay for the WABA")

func (a *actions) verify(ctx context.Context) error {
	v, err := a.credit().Verify(ctx, a.opts.allocation, a.opts.waba)
	if err != nil {
		return err
	}
	a.say("credential", "%s, received under allocation %s", orNone(v.Credential), a.opts.allocation)
	a.say("funding", "%s, of WABA %s", orNone(v.Funding), a.opts.waba)
	a.say("attached", "%t", v.Attached)
	if !v.Attached {
		return errNotAttached
	}
	return nil
}

func orNone(id graph.FundingID) string {
	if id == "" || id == "0" {
		return "none"
	}
	return string(id)
}

// revoke revokes the client's share of the line, and asks first.
func (a *actions) revoke(ctx context.Context) error {
	allocation, err := a.credit().GetAllocation(ctx, a.opts.allocation)
	if err != nil {
		return err
	}
	a.say("allocation", "%s, with business %s, %q", a.opts.allocation, allocation.Receiver.ID, allocation.Receiver.Name)
	switch {
	case allocation.Deleted():
		a.say("revoked", "it was revoked before: nothing to do")
		return nil
	case a.opts.dryRun:
		a.say("dry run", "would take the line from every WABA of that business")
		return nil
	}
	err = a.ask.Confirm(ctx, fmt.Sprintf("Revoke it? Paid messages of every WABA of business %s fail from then on.", allocation.Receiver.ID))
	if err != nil {
		return err
	}
	if err := a.credit().Revoke(ctx, credit.RevokeRequest{Allocation: a.opts.allocation, EveryWABA: a.opts.everyWABA}); err != nil {
		return err
	}
	a.say("revoked", "read back, and it is deleted")
	return nil
}

// all runs the verbs one after another: a second share does nothing, and after
// the revocation nothing is left.
func (a *actions) all(ctx context.Context) error {
	for _, act := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"lines", a.lines}, {"check", a.check}, {"share", a.share}, {"share, once more", a.share},
		{"verify", a.verify}, {"revoke", a.revokeAll}, {"check", a.check},
	} {
		a.out.Heading("")
		a.out.Heading("-- " + act.title)
		if err := act.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (a *actions) revokeAll(ctx context.Context) error {
	a.opts.everyWABA = true
	return a.revoke(ctx)
}

// next returns what to do about the error that ended the run.
func next(err error) string {
	switch {
	case errors.Is(err, cli.ErrDeclined):
		return "nothing was changed."
	case errors.Is(err, errNotAttached), errors.Is(err, credit.ErrNotAttached):
		return "the server may need another minute: run check again. Share again only when check shows no allocation."
	case errors.Is(err, graph.ErrOutcomeUnknown):
		return "check shows whether it took effect; run the verb again after that."
	case errors.Is(err, graph.ErrPermission):
		return "the system user of WAGRAPH_TOKEN must be an admin or finance editor, and be assigned to the WABA: examples/onboard does that."
	case errors.Is(err, graph.ErrInput):
		return "share-credit -h explains the flags."
	}
	return "once the reason is gone, run it again: the program sees what was done, and does not do it twice."
}
